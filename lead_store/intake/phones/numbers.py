"""One number, already free of surrounding text, judged: phonenumbers first, and around it only what is
certain.

This is the slow path and the truth: `columns` must give the same answers, faster. Text around a number is the
concern of `cells`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

import phonenumbers
from phonenumbers import CountryCodeSource, PhoneMetadata, PhoneNumber, PhoneNumberType

from lead_store.intake.phones.patterns import REFUSE, imports_unknown_ranges
from lead_store.intake.phones.regions import CALLING_CODES
from lead_store.intake.problems import Code

REACHES_MOBILES = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
PERSONAL_KINDS = (*REACHES_MOBILES, PhoneNumberType.FIXED_LINE)
LETTERED_KINDS = (PhoneNumberType.TOLL_FREE, PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST)

# An extension this long is a second number after a comma, which phonenumbers takes for dialling pauses.
SHORTEST_SECOND_NUMBER = 7

# E.164 has at most 15 digits, and prefixes for calls abroad four; more digits are several numbers, or none.
MOST_DIGITS_DIALLED = 19

# Mexico abolished 01, 044, 045 and the 1 after +52 on 3 August 2019 (IFT); contact lists still have them.
_RETIRED_IN_MEXICO = re.compile(r"(?:(?:00)?521|044|045|01)(\d{10})")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cell turned out to be: the columns of `read_phones` but for the variant, which follows from
    e164.
    """

    e164: str | None = None
    problem: str | None = None
    repair: str | None = None
    pattern: str | None = None
    others: str | None = None

    def after(self, repair: str | None) -> "Reading":
        """The same reading, with the repair that was done before it, if any, as its repair."""
        return replace(self, repair=repair) if repair and self.e164 else self

    def beside(self, text: str) -> "Reading":
        """The same reading, with what else stands in the cell."""
        return replace(self, others="; ".join(filter(None, (self.others, text))) or None) if self.e164 else self


@dataclass(frozen=True, slots=True)
class ValidNumber:
    """What phonenumbers parsed and calls valid."""

    e164: str
    kind: int
    number: PhoneNumber


INVALID = Reading(problem=Code.PHONE_INVALID.value)


def parse_valid(text: str, region: str | None) -> ValidNumber | None:
    """The number that phonenumbers reads in `text`, None when it reads none or one that is not valid."""
    try:
        number = phonenumbers.parse(text, region, keep_raw_input=True)
    except phonenumbers.NumberParseException:
        return None
    kind = phonenumbers.number_type(number)
    # number_type is UNKNOWN exactly for numbers that is_valid_number refuses: both end in the same test.
    if kind == PhoneNumberType.UNKNOWN:
        return None
    return ValidNumber(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), kind, number)


def read_number(text: str, region: str | None, choices: Mapping[str, str]) -> Reading:
    """The reading of one number without words around it; INVALID when it is none."""
    reading = _judge(text, region, choices)
    if reading.e164 and reading.e164.startswith("+55") and reading.repair != "decided":
        # phonenumbers still knows some mobiles of eight digits, which were radio trunking (Nextel) until 2018.
        return _old_mobile_of(reading.e164[3:], choices) or reading
    return reading


def _judge(text: str, region: str | None, choices: Mapping[str, str]) -> Reading:
    digits = re.sub(r"\D", "", text)
    if len(digits) > MOST_DIGITS_DIALLED:
        return INVALID
    natural = parse_valid(text, region)
    if "+" in text:
        return _read_with_plus(text, digits, natural, choices)
    for rule in (_old_mobile, _own_code, _double_zero, _tax_id, _retired_prefix):
        reading = rule(digits, region, natural, choices)
        if reading:
            return reading
    if natural:
        return accept(natural, digits)
    # Two short numbers with a slash between them look like one long number.
    return INVALID if "/" in text else _missing_plus(digits, region, choices)


def accept(natural: ValidNumber, digits: str) -> Reading:
    """A valid number with the repair that phonenumbers did to the digits that were written."""
    number = natural.number
    extension = number.extension or ""
    written = digits.removesuffix(extension) if extension else digits
    repair = _repair_of(natural, written)
    if not extension:
        return Reading(e164=natural.e164, repair=repair)
    if len(extension) >= SHORTEST_SECOND_NUMBER:
        return Reading(e164=natural.e164, repair=repair or "first_of_several", others=extension)
    return Reading(e164=natural.e164, repair="extension", others=f"ext. {extension}")


def _repair_of(natural: ValidNumber, digits: str) -> str | None:
    number = natural.number
    national = phonenumbers.national_significant_number(number)
    if not digits.endswith(national):
        return "national_rewrite"
    if number.preferred_domestic_carrier_code:
        return "carrier_code"
    dropped = digits.removesuffix(national)
    if number.country_code_source == CountryCodeSource.FROM_NUMBER_WITHOUT_PLUS_SIGN:
        return "own_country_code"
    if number.country_code_source == CountryCodeSource.FROM_DEFAULT_COUNTRY:
        return "trunk_zero" if dropped else None
    return None if dropped.endswith(str(number.country_code)) else "trunk_zero"


def _read_with_plus(text: str, digits: str, natural: ValidNumber | None, choices: Mapping[str, str]) -> Reading:
    if digits.startswith("00"):
        # "+0055..." is both ways to write the same prefix at once.
        international = parse_valid(f"+{digits[2:]}", None)
        return accept(international, digits).after("international_00") if international else INVALID
    old = _old_mobile_of(digits[2:], choices) if digits.startswith("55") else None
    retired = _retired_in_mexico(digits) if digits.startswith("52") and not natural else None
    return old or retired or (accept(natural, digits) if natural else _of_unknown_range(text, choices))


def _of_unknown_range(text: str, choices: Mapping[str, str]) -> Reading:
    """Numbering plans grow, and phonenumbers hears of it later than the people who have the numbers."""
    if not imports_unknown_ranges(choices):
        return INVALID
    try:
        number = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        return INVALID
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return INVALID
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return Reading(e164=e164, repair="decided")


def _old_mobile(
    digits: str, region: str | None, natural: ValidNumber | None, choices: Mapping[str, str]
) -> Reading | None:
    """Brazilian mobiles of eight digits: phonenumbers refuses most and takes some for radio trunking
    (Nextel).
    """
    if region != "BR":
        return None
    if natural and len(phonenumbers.national_significant_number(natural.number)) != 10:
        return None
    if natural and natural.kind not in PERSONAL_KINDS:
        return None
    match = re.fullmatch(r"(?:00)?(?:55)?0?(\d{10})", digits)
    return _old_mobile_of(match[1], choices) if match else None


def _old_mobile_of(national: str, choices: Mapping[str, str]) -> Reading | None:
    if len(national) != 10 or national[2] not in "6789":
        return None
    with_ninth = parse_valid(f"+55{national[:2]}9{national[2:]}", None)
    if not with_ninth or with_ninth.kind not in REACHES_MOBILES:
        return None
    return decide("ninth_digit:BR", choices, {"add": with_ninth.e164, "keep": f"+55{national}"})


def _own_code(
    digits: str, region: str | None, natural: ValidNumber | None, choices: Mapping[str, str]
) -> Reading | None:
    """A number that begins with its own region's calling code is more likely international than
    phonenumbers says.
    """
    if region is None or not digits.startswith(str(CALLING_CODES[region])):
        return None
    international = parse_valid(f"+{digits}", None)
    if natural and international and natural.e164 != international.e164:
        return _prefer(f"own_code:{region}", natural, international, choices)
    if natural is None:
        return accept(international, digits).after("own_country_code") if international else None
    if (
        international is None
        and natural.kind == PhoneNumberType.FIXED_LINE
        and _lacks_trunk_prefix(digits, natural, region)
    ):
        return decide(f"own_code_short:{region}", choices, {"national": natural.e164, REFUSE: None})
    return None


def _prefer(
    pattern: str, natural: ValidNumber, international: ValidNumber, choices: Mapping[str, str]
) -> Reading | None:
    international_reaches = international.kind in REACHES_MOBILES
    natural_reaches = natural.kind in REACHES_MOBILES
    if international_reaches and not natural_reaches:
        return Reading(e164=international.e164, repair="own_country_code")
    if natural_reaches and not international_reaches:
        return None
    if natural.kind in PERSONAL_KINDS and international.kind not in PERSONAL_KINDS:
        return None
    return decide(pattern, choices, {"international": international.e164, "national": natural.e164})


def _lacks_trunk_prefix(digits: str, natural: ValidNumber, region: str) -> bool:
    national = phonenumbers.national_significant_number(natural.number)
    return digits == national and writes_trunk_prefix(region)


@cache
def writes_trunk_prefix(region: str) -> bool:
    """Whether people of the region write landlines with the trunk prefix: so does phonenumbers' own
    formatting.
    """
    number = phonenumbers.example_number_for_type(region, PhoneNumberType.FIXED_LINE)
    metadata = PhoneMetadata.metadata_for_region(region)
    prefix = metadata.national_prefix if metadata else None
    if number is None or not prefix:
        return False
    shown = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    return re.sub(r"\D", "", shown) == f"{prefix}{phonenumbers.national_significant_number(number)}"


def _double_zero(
    digits: str, region: str | None, natural: ValidNumber | None, choices: Mapping[str, str]
) -> Reading | None:
    """00 is typed for + everywhere, also where one dials 011, 0011 or 00 and a carrier."""
    if not digits.startswith("00"):
        return None
    international = parse_valid(f"+{digits[2:]}", None)
    if international is None:
        return _retired_prefix(digits, region, natural, choices)
    if natural is None:
        return accept(international, digits).after("international_00")
    if natural.e164 == international.e164:
        return None
    if region and international.number.country_code == CALLING_CODES[region]:
        return Reading(e164=international.e164, repair="international_00")
    readings = {"international": international.e164, "national": natural.e164}
    return decide(f"international_00:{region}", choices, readings)


def _tax_id(digits: str, region: str | None, natural: ValidNumber | None, choices: Mapping[str, str]) -> Reading | None:
    """A CPF that is also a mobile is a phone, for the column says so; one that is only a landline behind a 0
    is put to the user.
    """
    if region != "BR" or natural is None or natural.kind in REACHES_MOBILES or not is_cpf(digits):
        return None
    return decide("cpf:BR", choices, {"phone": natural.e164, REFUSE: None})


def is_cpf(digits: str) -> bool:
    """Whether 11 digits have the two check digits of a Brazilian CPF (Receita Federal, weights 10..2 and
    11..2).
    """
    if len(digits) != 11 or digits == digits[0] * 11:
        return False
    values = [int(digit) for digit in digits]
    for length in (9, 10):
        total = sum(value * weight for value, weight in zip(values, range(length + 1, 1, -1), strict=False))
        if total * 10 % 11 % 10 != values[length]:
            return False
    return True


def _retired_prefix(
    digits: str, region: str | None, natural: ValidNumber | None, choices: Mapping[str, str]
) -> Reading | None:
    return _retired_in_mexico(digits) if region == "MX" and not natural else None


def _retired_in_mexico(digits: str) -> Reading | None:
    match = _RETIRED_IN_MEXICO.fullmatch(digits)
    number = parse_valid(f"+52{match[1]}", None) if match else None
    return Reading(e164=number.e164, repair="retired_prefix") if number else None


def _missing_plus(digits: str, region: str | None, choices: Mapping[str, str]) -> Reading:
    """Too many digits for the region, so a country code must be among them: put to the user, for it is no
    proof.
    """
    if digits.startswith("0") or len(digits) <= longest_national_number(region):
        return INVALID
    international = parse_valid(f"+{digits}", None)
    if international is None:
        return INVALID
    pattern = f"missing_plus:{international.number.country_code}"
    return decide(pattern, choices, {"international": international.e164, REFUSE: None})


@cache
def longest_national_number(region: str | None) -> int:
    """The most digits a national number of the region has."""
    # Without a region, ten digits may be anybody's national number; eleven are one in few countries.
    metadata = PhoneMetadata.metadata_for_region(region) if region else None
    return max(metadata.general_desc.possible_length) if metadata and metadata.general_desc else 10


def decide(pattern: str, choices: Mapping[str, str], readings: Mapping[str, str | None]) -> Reading:
    """The reading the user chose for the pattern, or the question."""
    choice = choices.get(pattern)
    if choice is None or choice not in readings:
        return Reading(problem=Code.PHONE_AMBIGUOUS.value, pattern=pattern)
    e164 = readings[choice]
    return Reading(e164=e164, repair="decided") if e164 else INVALID
