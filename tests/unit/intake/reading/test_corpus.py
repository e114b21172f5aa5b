"""Real files of other projects: each is read or refused with a sentence, and quickly."""

import json
import time
from pathlib import Path

import pytest

from lead_store.errors import Unreadable
from lead_store.intake.reading import inspect, read_batches

CORPUS = Path(__file__).parents[5] / "shared" / "corpus"

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.exists(), reason="the corpus of real files is not beside this checkout"),
]


def test_every_file_is_read_or_refused_within_five_seconds():
    slow, unbalanced = [], []
    for line in (CORPUS / "manifest.jsonl").read_text("utf-8").splitlines():
        path = CORPUS / json.loads(line)["file"]
        started = time.perf_counter()
        with path.open("rb") as file:
            try:
                seen = inspect(file, path.name)
            except Unreadable:
                continue
            rows = sum(batch.num_rows for batch in read_batches(file, seen.dialect))
        if rows != seen.rows:
            unbalanced.append(path.name)
        if time.perf_counter() - started > 5:
            slow.append(path.name)
    assert (slow, unbalanced) == ([], [])


def rebuilt_exports() -> list[dict]:
    manifest = CORPUS / "reconstructed" / "manifest.jsonl"
    return [json.loads(line) for line in manifest.read_text("utf-8").splitlines()] if manifest.exists() else []


@pytest.mark.parametrize("expected", rebuilt_exports(), ids=lambda expected: expected["file"])
def test_rebuilt_exports_open_as_their_vendor_wrote_them(expected):
    with (CORPUS / "reconstructed" / expected["file"]).open("rb") as file:
        seen = inspect(file, expected["file"])
    assert (seen.dialect.header_row, seen.rows, seen.dialect.delimiter) == (1, expected["rows"], expected["separator"])
