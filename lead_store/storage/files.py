"""Uploads and rejected rows as objects under keys: in a folder or in S3; how, know `folders` and `buckets`."""

from functools import cache
from pathlib import Path
from typing import BinaryIO, Protocol
from urllib.parse import unquote, urlsplit

from lead_store.settings import get_settings
from lead_store.storage.folders import Folder

COPY_BYTES = 1024 * 1024
"""As much of an object is held in memory by who goes through it."""


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
