"""Keys of objects: relative paths with forward slashes, wherever the objects lie."""

from pathlib import PurePosixPath

from lead_store.errors import Invalid


def check_key(key: str) -> PurePosixPath:
    """The key as a path that stays below its root. Raises Invalid for one that would leave it."""
    path = PurePosixPath(key)
    if not key or path.is_absolute() or ".." in path.parts or "\x00" in key or "\\" in key:
        raise Invalid(f"{key!r} is not a key of this storage.", code="key_invalid")
    return path
