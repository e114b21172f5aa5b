"""Objects as files in a folder of this machine: whole or not at all."""

import errno
import hashlib
import shutil
import tempfile
from pathlib import Path
from typing import BinaryIO

from lead_store.errors import NotFound
from lead_store.storage.object_keys import check_key


class Folder:
    """Objects as files below a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()

    def put(self, key: str, content: BinaryIO) -> None:
        """Written beside its place first: a reader sees the whole object or none."""
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            shutil.copyfileobj(content, file)
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
