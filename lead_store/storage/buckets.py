"""Objects in S3, with boto3: uploads by multipart, encrypted as configured, reads from an unnamed file on disk."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import BotoCoreError, ClientError

from lead_store.errors import NotFound, Unavailable
from lead_store.settings import get_settings
from lead_store.storage.object_keys import check_key

# boto3 reads ten parts ahead into memory, so they are small; S3 takes 10,000 of them, so objects of 80 GB.
PART_BYTES = 8 * 1024 * 1024
# S3's limit of a key, in UTF-8.
MAXIMUM_KEY_BYTES = 1024
TRANSFER = TransferConfig(multipart_threshold=PART_BYTES, multipart_chunksize=PART_BYTES, max_concurrency=4)


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
