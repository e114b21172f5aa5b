"""Patterns of numbers that can be read in two ways: one decision of the user settles all rows of a pattern.

A pattern's key is its kind and the region or calling code it is about, such as `own_code:DE`; keys are
stable, because decisions are stored under them. Which number has which pattern is found in `numbers`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import phonenumbers

from lead_store.intake.phones.regions import CALLING_CODES


@dataclass(frozen=True)
class PatternReading:
    """One way to read the numbers of a pattern: the `choice` to store, its words, and what the example
    becomes.
    """

    choice: str
    label: str
    example: str | None


@dataclass(frozen=True)
class PhonePattern:
    """A pattern as the screen shows it; `example` is made up, the rows themselves give real ones."""

    pattern: str
    sentence: str
    example: str
    readings: tuple[PatternReading, PatternReading]


REFUSE = "refuse"
UNKNOWN_RANGE, IMPORT = "unknown_range", "import"
"""The one pattern that is never asked about: junk looks the same, so it is offered where rows are corrected."""


def imports_unknown_ranges(choices: Mapping[str, str]) -> bool:
    """Whether the user takes numbers of ranges that no numbering plan has."""
    return choices.get(UNKNOWN_RANGE) == IMPORT


def describe_pattern(pattern: str) -> PhonePattern:
    """The two readings of a pattern in words, with an example. Raises KeyError for a kind that does not
    exist.
    """
    kind, _, place = pattern.partition(":")
    return _DESCRIBE[kind](pattern, place)


def _own_code(pattern: str, region: str) -> PhonePattern:
    code, national = _example(region)
    return PhonePattern(
        pattern,
        f"These numbers begin with {code}, the country code of {region}, without +. "
        f"They are valid with it and without it.",
        f"{code}{national}",
        (
            PatternReading("international", f"{code} is the country code", f"+{code}{national}"),
            PatternReading("national", f"{code} is part of the number", f"+{code}{code}{national}"),
        ),
    )


def _own_code_short(pattern: str, region: str) -> PhonePattern:
    code, national = _example(region)
    short = national[: max(len(national) - 3, 4)]
    return PhonePattern(
        pattern,
        f"These numbers begin with {code}, the country code of {region}, but are too short behind it. "
        "They would be valid landlines if the leading 0 was lost.",
        f"{code}{short}",
        (
            PatternReading("national", f"{code} is part of the number; a 0 is missing", f"+{code}{code}{short}"),
            PatternReading(REFUSE, f"{code} is the country code; digits are missing", None),
        ),
    )


def _ninth_digit(pattern: str, region: str) -> PhonePattern:
    return PhonePattern(
        pattern,
        "These Brazilian mobiles have eight digits, as before the ninth digit was introduced.",
        "(11) 8765-4321",
        (
            PatternReading("add", "Add the ninth digit", "+5511987654321"),
            PatternReading("keep", "Keep eight digits, as old WhatsApp accounts have them", "+551187654321"),
        ),
    )


def _missing_plus(pattern: str, code: str) -> PhonePattern:
    regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(int(code), ("001",))
    example = phonenumbers.example_number_for_type(regions[0], phonenumbers.PhoneNumberType.MOBILE)
    national = str(example.national_number) if example else "123456789"
    return PhonePattern(
        pattern,
        f"These numbers are too long for their own country, but valid as numbers of +{code} ({regions[0]}).",
        f"{code}{national}",
        (
            PatternReading("international", f"Read them with the country code +{code}", f"+{code}{national}"),
            PatternReading(REFUSE, "They are not phone numbers", None),
        ),
    )


def _international_00(pattern: str, region: str) -> PhonePattern:
    return PhonePattern(
        pattern,
        f"These numbers begin with 00, which is not how {region} dials abroad; both readings are valid.",
        "0057 321 123 4567",
        (
            PatternReading("international", "00 stands for +", "+573211234567"),
            PatternReading("national", f"As dialled in {region}", "+73211234567"),
        ),
    )


def _cpf(pattern: str, region: str) -> PhonePattern:
    return PhonePattern(
        pattern,
        "These 11 digits are a valid CPF (a tax id), and also a phone number with a leading 0.",
        "01123448019",
        (
            PatternReading("phone", "They are phone numbers", "+551123448019"),
            PatternReading(REFUSE, "They are tax ids", None),
        ),
    )


def _unknown_range(pattern: str, _: str) -> PhonePattern:
    return PhonePattern(
        pattern,
        "These numbers have a +, and as many digits as numbers of their country, but no numbering plan that we know "
        "has their range: it is new, or they are made up.",
        "+55 11 12345-6789",
        (
            PatternReading(IMPORT, "They are phone numbers", "+5511123456789"),
            PatternReading(REFUSE, "They are not phone numbers", None),
        ),
    )


def _example(region: str) -> tuple[int, str]:
    number = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
    return CALLING_CODES[region], phonenumbers.national_significant_number(number) if number else "123456789"


_DESCRIBE = {
    "own_code": _own_code,
    "own_code_short": _own_code_short,
    "ninth_digit": _ninth_digit,
    "missing_plus": _missing_plus,
    "international_00": _international_00,
    "cpf": _cpf,
    UNKNOWN_RANGE: _unknown_range,
}
