"""Patterns as the screen shows them."""

import pytest

from lead_store.intake.phones import describe_pattern
from lead_store.intake.phones.cells import read_cell


@pytest.mark.parametrize(
    ("pattern", "region"),
    [
        ("ninth_digit:BR", "BR"),
        ("missing_plus:44", "BR"),
        ("cpf:BR", "BR"),
        ("unknown_range", "BR"),
    ],
)
def test_example_of_a_pattern_has_that_pattern_and_its_readings(pattern, region):
    described = describe_pattern(pattern)
    assert described.pattern == pattern
    assert len({reading.choice for reading in described.readings}) == 2
    for reading in described.readings:
        assert read_cell(described.example, region, {pattern: reading.choice}).e164 == reading.example


@pytest.mark.parametrize("pattern", ["own_code:DE", "own_code_short:IL", "international_00:CO", "missing_plus:800"])
def test_other_patterns_have_two_readings_in_words(pattern):
    described = describe_pattern(pattern)
    assert described.sentence
    assert all(reading.label for reading in described.readings)


def test_unknown_kind_of_pattern_is_an_error():
    with pytest.raises(KeyError):
        describe_pattern("nonsense:BR")
