"""Objects in S3: large ones in parts, encrypted as set, and nothing left of what fails. Against moto's S3 API."""

import io
from collections.abc import Iterator

import boto3
import pytest
from moto.server import ThreadedMotoServer

from lead_store.errors import Invalid, NotFound
from lead_store.settings import get_settings
from lead_store.storage import buckets, files


@pytest.fixture(scope="module")
def s3(home) -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[files.Files]:
    for name, value in {
        "AWS_ENDPOINT_URL": s3,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "STORAGE_URL": "s3://leads-test/some/prefix",
        "LEAD_STORE_S3_ENCRYPTION": "AES256",
    }.items():
        monkeypatch.setenv(name, value)
    boto3.client("s3").create_bucket(Bucket="leads-test")
    for cached in (get_settings, files.get_files):
        cached.cache_clear()
    yield files.get_files()
    monkeypatch.undo()
    for cached in (get_settings, files.get_files):
        cached.cache_clear()


def test_object_comes_back_as_it_was_put(bucket: files.Files) -> None:
    bucket.put("imports/demo/a.csv", io.BytesIO(b"Nome\nAna\n"))
    with bucket.open("imports/demo/a.csv") as content:
        assert content.read() == b"Nome\nAna\n"
        content.seek(5)
        assert content.read() == b"Ana\n"
    assert bucket.find_size("imports/demo/a.csv") == 9
    assert bucket.get_address("imports/demo/a.csv") == "s3://leads-test/some/prefix/imports/demo/a.csv"
    assert files.find_key("s3://leads-test/some/prefix/imports/demo/a.csv") == "imports/demo/a.csv"
    assert files.find_key("s3://leads-test/elsewhere/a.csv") is None


def test_large_object_goes_in_parts_and_is_encrypted(bucket: files.Files) -> None:
    content = b"0123456789abcdef" * (buckets.PART_BYTES // 16) + b"the end"
    bucket.put("imports/demo/large.csv", io.BytesIO(content))
    head = boto3.client("s3").head_object(Bucket="leads-test", Key="some/prefix/imports/demo/large.csv")
    assert head["ETag"].strip('"').endswith("-2")  # The ETag of an object in two parts says so.
    assert head["ServerSideEncryption"] == "AES256"
    with bucket.open("imports/demo/large.csv") as read:
        assert read.read() == content


def test_upload_that_breaks_off_leaves_nothing(bucket: files.Files) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell() > buckets.PART_BYTES:
                raise ConnectionError("the client went away")
            return super().read(size)

    with pytest.raises(ConnectionError):
        bucket.put("imports/demo/broken.csv", Broken(b"x" * (3 * buckets.PART_BYTES)))
    assert bucket.find_size("imports/demo/broken.csv") is None
    assert "Uploads" not in boto3.client("s3").list_multipart_uploads(Bucket="leads-test")


def test_etag_changes_with_the_content(bucket: files.Files) -> None:
    assert bucket.find_etag("imports/demo/none.csv") is None
    seen = set()
    for content in (b"1", b"2", b"1"):
        bucket.put("imports/demo/etag.csv", io.BytesIO(content))
        seen.add(bucket.find_etag("imports/demo/etag.csv"))
    assert len(seen) == 2


def test_missing_object_is_not_found_and_can_be_deleted(bucket: files.Files) -> None:
    with pytest.raises(NotFound):
        bucket.open("imports/demo/none.csv")
    bucket.delete("imports/demo/none.csv")


@pytest.mark.parametrize("key", ["../a", "/a", "a/../../b", "", "a\\b", "a\x00b"])
def test_key_that_leaves_the_prefix_is_refused(bucket: files.Files, key: str) -> None:
    with pytest.raises(Invalid):
        bucket.put(key, io.BytesIO(b""))


def test_key_longer_than_s3_takes_is_that_of_no_object(bucket: files.Files) -> None:
    assert bucket.find_etag("imports/demo/" + "é" * 510) is None
