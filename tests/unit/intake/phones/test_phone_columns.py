"""Whole columns: the same answers as cell by cell, for every region and every way of writing."""

import random

import phonenumbers
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lead_store.intake.phones import read_phones, variant_of
from lead_store.intake.phones.cells import read_cell
from lead_store.intake.phones.digits import Digits
from lead_store.intake.phones.plans import parse_international, parse_national
from lead_store.intake.phones.regions import RegionColumn
from tests.unit.intake.phones.written_phones import ALL_REGIONS, WRITINGS, cells, national_numbers

ODD = ["", " ", None, "n/a", "5,51199E+12", "11 98765-4321 / 11 3456-7890", "=A1", "0", "1" * 40, "1187654321"]


def cell_by_cell(texts, regions, choices):
    for text, region in zip(texts, regions, strict=True):
        reading = read_cell(text or "", region, choices)
        variant = variant_of(reading.e164) if reading.e164 else None
        yield reading.e164, variant, reading.problem, reading.repair, reading.pattern, reading.others


def columns_of(batch):
    return list(zip(*(column.to_pylist() for column in batch.columns), strict=True))


@pytest.mark.parametrize(
    "choices",
    [{}, {"ninth_digit:BR": "add", "missing_plus:1": "international"}, {"unknown_range": "import"}],
)
def test_column_answers_as_cell_by_cell_in_all_regions(choices):
    chance = random.Random(42)
    pairs = [(cell, region) for region in ALL_REGIONS for cell in cells(region, 8, chance)]
    pairs += [(cell, "BR") for cell in cells("BR", 400, chance) + ODD]
    pairs += [(cell, chance.choice(["MX", "AR", "DE", None])) for cell in cells("MX", 200, chance)]
    chance.shuffle(pairs)
    texts, regions = [text for text, _ in pairs], [region for _, region in pairs]
    batch = read_phones(pa.array(texts), pa.array(regions), choices)
    assert columns_of(batch) == list(cell_by_cell(texts, regions, choices))


@settings(max_examples=150, deadline=None)
@given(
    texts=st.lists(st.text(alphabet="0123456789+-() ./'p:=\"E,x\u00a0\u2011é٣", max_size=20), max_size=20),
    region=st.sampled_from(["BR", "DE", "US", "MX", "IT", None]),
)
def test_any_text_is_answered_as_cell_by_cell(texts, region):
    batch = read_phones(pa.array(texts, pa.string()), region)
    assert columns_of(batch) == list(cell_by_cell(texts, [region] * len(texts), {}))


@settings(max_examples=150, deadline=None)
@given(data=st.data(), region=st.sampled_from(ALL_REGIONS), writing=st.sampled_from(WRITINGS))
def test_any_number_of_any_region_is_answered_as_cell_by_cell(data, region, writing):
    code = str(phonenumbers.country_code_for_region(region))
    example = data.draw(st.sampled_from(national_numbers(region)))
    kept = data.draw(st.integers(0, len(example)))
    digits = example[:kept] + data.draw(st.text(alphabet="0123456789", max_size=12))
    text = writing.format(digits, code + digits, code, digits[:2], digits[2:])
    assert columns_of(read_phones(pa.array([text]), region)) == list(cell_by_cell([text], [region], {}))


def _alone(text, region):
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return 0
    is_valid = phonenumbers.is_valid_number(number)
    return int(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)) if is_valid else 0


@pytest.mark.parametrize("region", ALL_REGIONS[::8])
def test_compiled_plans_agree_with_phonenumbers(region):
    chance = random.Random(region)
    code = str(phonenumbers.country_code_for_region(region))
    numbers = ["".join(chance.choice("0123456789") for _ in range(chance.randint(5, 12))) for _ in range(40)]
    for example in national_numbers(region):
        numbers += [example, "0" + example, code + example, "00" + code + example, example[:-1], example + "1"]
    numbers = [number for number in numbers if len(number) <= 15]
    digits = Digits.of_values(
        pa.array(map(int, numbers)).to_numpy(), pa.array(map(len, numbers), pa.int64()).to_numpy()
    )
    national = parse_national(digits, RegionColumn.of(region, len(numbers)))
    international = parse_international(digits)
    assert [*(national.e164() * national.is_valid)] == [_alone(number, region) for number in numbers]
    assert [*(international.e164() * international.is_valid)] == [_alone(f"+{n}", None) for n in numbers]


def test_null_blank_and_empty_columns():
    assert columns_of(read_phones(pa.array([None, ""], pa.string()), "BR")) == [(None,) * 6] * 2
    assert read_phones(pa.array([], pa.string()), "BR").num_rows == 0


def test_slices_chunks_and_large_strings_are_read_alike():
    column = pa.array(["x", "11 98765-4321", None, "+351912345678"])
    expected = columns_of(read_phones(column, "BR"))
    assert columns_of(read_phones(column.slice(1), "BR")) == expected[1:]
    assert columns_of(read_phones(pa.chunked_array([column.slice(0, 2), column.slice(2)]), "BR")) == expected
    assert columns_of(read_phones(column.cast(pa.large_string()), "BR")) == expected


def test_rows_beyond_one_slice_keep_their_order(monkeypatch):
    monkeypatch.setattr("lead_store.intake.phones.columns.ROWS_AT_A_TIME", 3)
    texts = [f"11 9876{n:05d}" for n in range(10)]
    answers = read_phones(pa.array(texts), pa.array(["BR"] * 10)).column("e164").to_pylist()
    assert answers == [f"+55119876{n:05d}" for n in range(10)]


def test_unknown_region_reads_international_numbers_only():
    answers = read_phones(pa.array(["+5511987654321", "11 98765-4321"]), "XX").column("e164").to_pylist()
    assert answers == ["+5511987654321", None]
