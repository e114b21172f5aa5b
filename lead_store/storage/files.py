"""Uploads and rejected rows as objects under keys: in a folder, or in S3. What they hold is left to others."""

import errno
import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Protocol
from urllib.parse import unquote, urlsplit

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import BotoCoreError, ClientError

from lead_store.errors import Invalid, NotFound, Unavailable
from lead_store.settings import get_settings

COPY_BYTES = 1024 * 1024
# boto3 reads ten parts ahead into memory, so they are small; S3 takes 10,000 of them, so objects of 80 GB.
PART_BYTES = 8 * 1024 * 1024
# S3's limit of a key, in UTF-8.
MAXIMUM_KEY_BYTES = 1024
TRANSFER = TransferConfig(multipart_threshold=PART_BYTES, multipart_chunksize=PART_BYTES, max_concurrency=4)


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


class Bucket:
    """Objects in S3, or what speaks its language, below a prefix."""

    def __init__(self, name: str, prefix: str) -> None:
        self.name, self.prefix = name, prefix.strip("/")
        self.client = boto3.client("s3")
        self.put_options = _encryption()

    def put(self, key: str, content: BinaryIO) -> None:
        """By multipart where it is large; what was sent of an upload that fails is removed."""
        with _wrapping(key):
            self.client.upload_fileobj(content, self.name, self._key(key), self.put_options, Config=TRANSFER)

    def open(self, key: str) -> BinaryIO:
        """Fetched into an unnamed file on disk, since workbooks are read by seeking."""
        file = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it.
        try:
            with _wrapping(key):
                self.client.download_fileobj(self.name, self._key(key), file, Config=TRANSFER)
        except BaseException:
            file.close()
            raise
        file.seek(0)
        return file

    def find_size(self, key: str) -> int | None:
        """See Files."""
        head = self._find_head(key)
        return head["ContentLength"] if head else None

    def find_etag(self, key: str) -> str | None:
        """See Files."""
        head = self._find_head(key)
        return head["ETag"].strip('"') if head else None

    def delete(self, key: str) -> None:
        """See Files."""
        with _wrapping(key):
            self.client.delete_object(Bucket=self.name, Key=self._key(key))

    def get_address(self, key: str) -> str:
        """See Files."""
        return f"s3://{self.name}/{self._key(key)}"

    def _find_head(self, key: str) -> dict[str, Any] | None:
        if len(self._key(key).encode()) > MAXIMUM_KEY_BYTES:
            return None
        try:
            with _wrapping(key):
                return self.client.head_object(Bucket=self.name, Key=self._key(key))
        except NotFound:
            return None

    def _key(self, key: str) -> str:
        return f"{self.prefix}/{check_key(key)}".lstrip("/")


@cache
def get_files() -> Files:
    """The storage of STORAGE_URL, or the folder `files` in the home."""
    settings = get_settings()
    if not settings.storage_url:
        return Folder(settings.home / "files")
    url = urlsplit(settings.storage_url)
    if url.scheme == "file":
        return Folder(Path(unquote(url.path)))
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


def _encryption() -> dict[str, str]:
    """How objects are encrypted at rest; with nothing set, as the bucket says."""
    settings = get_settings()
    if not settings.s3_encryption:
        return {}
    key = {"SSEKMSKeyId": settings.s3_kms_key_id} if settings.s3_kms_key_id else {}
    return {"ServerSideEncryption": settings.s3_encryption, **key}


@contextmanager
def _wrapping(key: str) -> Iterator[None]:
    try:
        yield
    except ClientError as cause:
        if cause.response.get("ResponseMetadata", {}).get("HTTPStatusCode") == 404:
            raise NotFound(f"There is no object {key}.", code="object_not_found") from cause
        raise Unavailable("The file storage refused the request. Try again.", code="storage_unavailable") from cause
    except BotoCoreError as cause:
        raise Unavailable("The file storage does not answer. Try again.", code="storage_unavailable") from cause
