"""The bar of columns to fields, held on header rows of real exports that nobody here wrote."""

import json
from pathlib import Path

import pytest

from benchmarks.headers import CORPUS, verdict
from benchmarks.headers import suggest_for as mapping_of

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.exists(), reason="the corpus of real header rows is not beside this checkout"),
]


@pytest.mark.parametrize(
    ("name", "least_right", "most_wrong"),
    [
        ("phone", 0.95, 0.01),
        ("email", 0.98, 0.01),
        ("full_name", 0.95, 0.02),
        ("first_name", 0.95, 0.02),
        ("last_name", 0.95, 0.02),
        ("external_id", 0.80, 0.02),
        ("tags", 0.80, 0.02),
        ("opt_out", 0.80, 0.02),
        ("company", 0.90, 0.02),
    ],
)
def test_real_header_rows_are_matched(name: str, least_right: float, most_wrong: float) -> None:
    rows = [json.loads(line) for line in Path(CORPUS).read_text(encoding="utf-8").splitlines()]
    verdicts = [verdict(row, mapping_of(row), name) for row in rows]
    expected = sum(row["expected_index"].get(name) is not None for row in rows)
    assert verdicts.count("right") >= least_right * expected
    assert verdicts.count("wrong") <= most_wrong * len(rows)
