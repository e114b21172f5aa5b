"""Phones from other projects' tests: right, or honestly none."""

import json

import pyarrow as pa
import pytest

from lead_store.intake.phones import REGIONS, read_phones, variant_of
from lead_store.intake.phones.cells import read_cell

pytestmark = pytest.mark.corpus

# Each rule that would refuse these would also refuse rows on which libphonenumber and the source agree; which ones is
# in docs/decisions/0005-phones-column-wise.md.
DISPUTED = {"+39 0574 123", "+39 0574 12345", "+39 085 541", "+39 06 4991", "+378 800 123", "+966 011 307 4838"}


@pytest.fixture(scope="module")
def rows(corpus):
    lines = (corpus / "phones.jsonl").read_text().splitlines()
    return [row for row in map(json.loads, lines) if "TEST metadata" not in str(row.get("metadata"))]


@pytest.fixture(scope="module")
def answers(rows):
    column, regions = pa.array([row["raw"] for row in rows]), pa.array([row["region"] for row in rows])
    return read_phones(column, regions).to_pylist()


def test_valid_numbers_on_which_libphonenumber_and_source_agree(rows, answers):
    agreed = [
        (row, answer)
        for row, answer in zip(rows, answers, strict=True)
        if row["agrees"] and (row["e164"] is None or row["libphonenumber"]["valid"])
    ]
    assert len(agreed) > 500
    assert [row["raw"] for row, answer in agreed if answer["e164"] != row["e164"]] == []


def test_numbers_of_no_plan_come_out_as_the_source_says_once_the_user_takes_them(rows):
    unknown = [
        row
        for row in rows
        if row["agrees"] and row["e164"] and not row["libphonenumber"]["valid"] and row["libphonenumber"]["possible"]
        and "+" in row["raw"]
    ]  # fmt: skip
    assert len(unknown) > 40
    column, regions = pa.array([row["raw"] for row in unknown]), pa.array([row["region"] for row in unknown])
    read = read_phones(column, regions, {"unknown_range": "import"}).column("e164").to_pylist()
    right = [answer == row["e164"] for answer, row in zip(read, unknown, strict=True)]
    assert sum(right) > 35
    # Digits enough only for calls within a town are no number behind a +.
    assert all(is_right or answer is None for is_right, answer in zip(right, read, strict=True))


def test_disagreement_never_ends_in_a_wrong_number(rows, answers):
    wrong = {
        row["raw"]
        for row, answer in zip(rows, answers, strict=True)
        if not row["agrees"] and answer["e164"] not in (None, row["e164"])
    }
    assert wrong <= DISPUTED


def test_what_both_call_no_number_is_none_even_with_plus_and_a_possible_length(rows, answers):
    refused = [
        (row["raw"], answer["e164"])
        for row, answer in zip(rows, answers, strict=True)
        if row["agrees"] and row["e164"] is None and row["libphonenumber"]["possible"]
    ]
    assert len(refused) > 15
    assert [raw for raw, e164 in refused if e164] == []


def test_column_answers_as_cell_by_cell(rows, answers):
    for row, answer in zip(rows, answers, strict=True):
        reading = read_cell(row["raw"], row["region"] if row["region"] in REGIONS else None, {})
        variant = variant_of(reading.e164) if reading.e164 else None
        expected = (reading.e164, variant, reading.problem, reading.repair, reading.pattern, reading.others)
        assert tuple(answer.values()) == expected, row["raw"]
