"""Uploads and rejected rows as objects under keys: in a folder, or in S3 (see `buckets`)."""

import errno
import hashlib
import shutil
import tempfile
from functools import cache
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Protocol
from urllib.parse import unquote, urlsplit

from lead_store.errors import Invalid, NotFound
from lead_store.settings import get_settings

COPY_BYTES = 1024 * 1024


class Files(Protocol):
    """Where objects lie. Keys are relative paths with forward slashes."""

    def put(self, key: str, content: BinaryIO) -> None:
        """Store the rest of `content` under the key, without holding all of it in memory."""

    def open(self, key: str) -> BinaryIO:
        """The object as a seekable file that the caller closes. Raises NotFound."""

    def find_size(self, key: str) -> int | None:
        """The object's size in bytes, or None where there is no such object."""

    def find_etag(self, key: str) -> str | None:
        """The same for the same content under the key, or None where there is no such object."""

    def delete(self, key: str) -> None:
        """Remove the object, if it is there."""

    def get_address(self, key: str) -> str:
        """Where a person finds the object: a path, or an s3:// URL."""


class Folder:
    """Objects as files below a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()

    def put(self, key: str, content: BinaryIO) -> None:
        """Written beside its place first: a reader sees the whole object or none."""
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            shutil.copyfileobj(content, file, COPY_BYTES)
        Path(file.name).replace(path)

    def open(self, key: str) -> BinaryIO:
        """See Files."""
        try:
            return self._path(key).open("rb")
        except (FileNotFoundError, IsADirectoryError) as cause:
            raise NotFound(f"There is no file {key}.", code="object_not_found") from cause

    def find_size(self, key: str) -> int | None:
        """See Files."""
        path = self._find_path(key)
        return path.stat().st_size if path else None

    def find_etag(self, key: str) -> str | None:
        """The SHA-256 of its content."""
        path = self._find_path(key)
        if path is None:
            return None
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def delete(self, key: str) -> None:
        """See Files."""
        self._path(key).unlink(missing_ok=True)

    def get_address(self, key: str) -> str:
        """See Files."""
        return str(self._path(key))

    def _find_path(self, key: str) -> Path | None:
        path = self._path(key)
        try:
            return path if path.is_file() else None
        except OSError as cause:
            if cause.errno != errno.ENAMETOOLONG:
                raise
            return None  # Nothing can have a name that the file system does not take.

    def _path(self, key: str) -> Path:
        return self.root / check_key(key)


@cache
def get_files() -> Files:
    """The storage of STORAGE_URL, or the folder `files` in the home."""
    settings = get_settings()
    if not settings.storage_url:
        return Folder(settings.home / "files")
    url = urlsplit(settings.storage_url)
    if url.scheme == "file":
        return Folder(Path(unquote(url.path)))
    # Loaded where it is wanted: boto3 takes time and memory of every process.
    from lead_store.storage.buckets import Bucket  # noqa: PLC0415

    return Bucket(url.netloc, unquote(url.path))


def find_key(address: str) -> str | None:
    """The key of an object by its address (see `Files.get_address`); None where it is not in this storage."""
    root = get_files().get_address("x")[:-1]
    return address.removeprefix(root) if address.startswith(root) else None


def check_key(key: str) -> PurePosixPath:
    """The key as a path that stays below its root. Raises Invalid for one that would leave it."""
    path = PurePosixPath(key)
    if not key or path.is_absolute() or ".." in path.parts or "\x00" in key or "\\" in key:
        raise Invalid(f"{key!r} is not a key of this storage.", code="key_invalid")
    return path
