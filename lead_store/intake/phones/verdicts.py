"""The rules of `numbers` for whole columns of digits, with the same answers.

What a rule can settle by comparing columns is settled here; rows that need a choice of the user, a pattern or a rare
rule are left to `numbers`, one distinct value at a time.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from phonenumbers import PhoneNumberType
from phonenumbers.phonenumberutil import COUNTRY_CODE_TO_REGION_CODE

from lead_store.intake.phones.digits import POWERS, WIDTH, Booleans, Digits, Integers
from lead_store.intake.phones.numbers import (
    PERSONAL_KINDS,
    REACHES_MOBILES,
    longest_national_number,
    writes_trunk_prefix,
)
from lead_store.intake.phones.plans import (
    Parsed,
    Source,
    calling_codes_of,
    parse_international,
    parse_national,
)
from lead_store.intake.phones.regions import CALLING_CODES, RegionColumn

REPAIR_OF_NUMBER = (
    None,
    "international_00",
    "own_country_code",
    "trunk_zero",
    "carrier_code",
    "national_rewrite",
    "retired_prefix",
)
_AS_IS, _DOUBLE_ZERO, _OWN_CODE, _TRUNK, _CARRIER, _REWRITE, _RETIRED = range(7)


_CODES = sorted(COUNTRY_CODE_TO_REGION_CODE)
_REGIONS = sorted(CALLING_CODES)
PATTERNS = (
    None,
    "ninth_digit:BR",
    *(f"missing_plus:{code}" for code in _CODES),
    *(f"{kind}:{region}" for kind in ("own_code", "own_code_short") for region in _REGIONS),
)
_NINTH_DIGIT = 1
_MISSING_PLUS = np.zeros(1000, np.int16)
_MISSING_PLUS[_CODES] = np.arange(len(_CODES)) + 2
_OWN_CODE_OF = {region: place for place, region in enumerate(_REGIONS, len(_CODES) + 2)}
_SHORT_AFTER = len(_REGIONS)
"""How far the pattern `own_code_short` of a region stands behind its `own_code`."""


_REACHES_MOBILES = np.zeros(PhoneNumberType.UNKNOWN + 1, bool)
_REACHES_MOBILES[list(REACHES_MOBILES)] = True
_IS_PERSONAL = np.zeros(PhoneNumberType.UNKNOWN + 1, bool)
_IS_PERSONAL[list(PERSONAL_KINDS)] = True


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Per row: E.164 as an integer, the kind, the repair (index in REPAIR_OF_NUMBER), the pattern (in PATTERNS).

    E.164 is 0 where there is none: ambiguous with a pattern, invalid without. `is_open` marks rows that are left
    to `numbers`, whatever the other columns say.
    """

    e164: Integers
    kinds: Integers
    repairs: NDArray[np.int8]
    patterns: NDArray[np.int16]
    is_open: Booleans

    def accept(self, rows: Integers, parsed: Parsed, repairs: NDArray[np.int8] | int) -> None:
        """Settle rows as the valid ones among `parsed`, which has one row for each of `rows`."""
        self.e164[rows] = np.where(parsed.is_valid, parsed.e164(), 0)
        self.kinds[rows] = parsed.kinds
        self.repairs[rows] = np.where(parsed.is_valid, repairs, 0)
        self.patterns[rows] = 0

    def ask(self, rows: Integers, patterns: NDArray[np.integer] | int) -> None:
        """Settle rows as ambiguous, each with its pattern."""
        self.e164[rows] = 0
        self.repairs[rows] = _AS_IS
        self.patterns[rows] = patterns
        self.is_open[rows] = False


def judge_international(digits: Digits) -> Verdicts:
    """Numbers with +."""
    parsed = parse_international(digits)
    verdicts = _natural(digits, parsed)
    # Behind + and an unknown code phonenumbers tries the number once more, as a national one.
    verdicts.is_open[:] = calling_codes_of(digits) == 0
    _settle_retired(verdicts, digits, np.flatnonzero(~parsed.is_valid & digits.starts_with("521")))
    brazilian = np.flatnonzero(digits.starts_with("55") & (digits.lengths == 12))
    _settle_old_mobiles(verdicts, digits.take(brazilian), brazilian)
    _settle_valid_old_mobiles(verdicts)
    return verdicts


def judge_national(digits: Digits, regions: RegionColumn) -> Verdicts:
    """Numbers without +, each read in its region. Later rules overrule earlier ones: `numbers` in reverse."""
    parsed = parse_national(digits, regions)
    verdicts = _natural(digits, parsed)
    own_codes = regions.per_row(lambda region: CALLING_CODES[region] if region else 0)
    _settle_missing_plus(verdicts, digits, parsed, regions)
    mexican = regions.per_row(lambda region: region == "MX")
    _settle_retired(verdicts, digits, np.flatnonzero(mexican & ~parsed.is_valid))
    brazilian = np.flatnonzero(regions.per_row(lambda region: region == "BR"))
    _leave_tax_ids(verdicts, digits, parsed, brazilian)
    _settle_double_zero(verdicts, digits, parsed, own_codes)
    _settle_own_code(verdicts, digits, parsed, own_codes, regions)
    _settle_old_mobiles_without_plus(verdicts, digits, parsed, brazilian)
    _settle_valid_old_mobiles(verdicts)
    return verdicts


def _natural(digits: Digits, parsed: Parsed) -> Verdicts:
    count = len(digits)
    verdicts = Verdicts(
        np.zeros(count, np.int64),
        parsed.kinds.copy(),
        np.zeros(count, np.int8),
        np.zeros(count, np.int16),
        np.zeros(count, bool),
    )
    verdicts.accept(np.arange(count), parsed, _repairs_of(digits, parsed))
    return verdicts


def _repairs_of(digits: Digits, parsed: Parsed) -> NDArray[np.int8]:
    """What phonenumbers left out of the digits, as `numbers._repair_of` names it."""
    national = parsed.national
    dropped = digits.lengths - national.lengths
    values, behind = digits.values(), POWERS[national.lengths]
    head = values // behind
    is_rest = (dropped >= 0) & (values - head * behind == national.values())
    code_size = np.where(parsed.codes > 99, 3, np.where(parsed.codes > 9, 2, 1))
    ends_with_code = (dropped >= code_size) & (head % POWERS[code_size] == parsed.codes)
    is_trunk = np.where(parsed.sources == Source.REGION, dropped > 0, ~ends_with_code)
    repairs = np.where(is_trunk, _TRUNK, _AS_IS)
    repairs = np.where(parsed.sources == Source.WITHOUT_PLUS, _OWN_CODE, repairs)
    repairs = np.where(parsed.has_carrier, _CARRIER, repairs)
    return np.where(is_rest, repairs, _REWRITE).astype(np.int8)


def _settle_missing_plus(verdicts: Verdicts, digits: Digits, parsed: Parsed, regions: RegionColumn) -> None:
    too_long = digits.lengths > regions.per_row(longest_national_number)
    rows = np.flatnonzero(too_long & ~parsed.is_valid & (digits.first(1) > 0))
    international = parse_international(digits.take(rows))
    verdicts.patterns[rows] = np.where(international.is_valid, _MISSING_PLUS[international.codes], 0)


def _leave_tax_ids(verdicts: Verdicts, digits: Digits, parsed: Parsed, rows: Integers) -> None:
    suspects = rows[parsed.is_valid[rows] & ~_REACHES_MOBILES[parsed.kinds[rows]]]
    verdicts.is_open[suspects] |= are_cpfs(digits.take(suspects))


def _settle_retired(verdicts: Verdicts, digits: Digits, rows: Integers) -> None:
    """Mexican numbers with 1, 01, 044 or 045 before ten digits."""
    long_enough = rows[digits.lengths[rows] > 11]
    some = digits.take(long_enough)
    head, head_size = some.values() // POWERS[10], some.lengths - 10
    is_three = (head_size == 3) & ((head == 521) | (head == 44) | (head == 45))
    is_other = ((head_size == 2) & (head == 1)) | ((head_size == 5) & (head == 521))
    found = np.flatnonzero(is_three | is_other)
    last_ten = Digits.of_values(some.last(10)[found], np.full(len(found), 10, np.int64))
    verdicts.accept(long_enough[found], parse_international(last_ten.with_prefix("52")), _RETIRED)


def _settle_double_zero(verdicts: Verdicts, digits: Digits, parsed: Parsed, own_codes: Integers) -> None:
    rows = np.flatnonzero(digits.starts_with("00"))
    if len(rows) == 0:
        return
    international = parse_international(digits.take(rows).without_first(2))
    natural = _rows_of(parsed, rows)
    differs = international.is_valid & ~(natural.is_valid & (natural.e164() == international.e164()))
    is_certain = differs & (~natural.is_valid | (international.codes == own_codes[rows]))
    verdicts.is_open[rows[differs & ~is_certain]] = True
    found = np.flatnonzero(is_certain)
    verdicts.accept(rows[found], _rows_of(international, found), _DOUBLE_ZERO)


def _rows_of(parsed: Parsed, rows: Integers) -> Parsed:
    return Parsed(
        parsed.codes[rows],
        parsed.national.take(rows),
        parsed.kinds[rows],
        parsed.has_carrier[rows],
        parsed.sources[rows],
    )


def _settle_own_code(
    verdicts: Verdicts, digits: Digits, parsed: Parsed, own_codes: Integers, regions: RegionColumn
) -> None:
    code_size = np.where(own_codes > 99, 3, np.where(own_codes > 9, 2, 1))
    begins_with_code = (digits.aligned // POWERS[WIDTH - code_size] == own_codes) & (own_codes > 0)
    # Where phonenumbers already reads all the digits as + and these digits, there is no second reading.
    rows = np.flatnonzero(begins_with_code & (verdicts.e164 != digits.values()))
    natural, international = _rows_of(parsed, rows), parse_international(digits.take(rows))
    differ = natural.is_valid & international.is_valid & (natural.e164() != international.e164())
    natural_reaches = _REACHES_MOBILES[natural.kinds]
    international_reaches = _REACHES_MOBILES[international.kinds]
    prefers_international = differ & international_reaches & ~natural_reaches
    prefers_natural = natural_reaches & ~international_reaches
    prefers_natural |= _IS_PERSONAL[natural.kinds] & ~_IS_PERSONAL[international.kinds]
    found = np.flatnonzero(prefers_international | (~natural.is_valid & international.is_valid))
    verdicts.accept(rows[found], _rows_of(international, found), _OWN_CODE)
    here = regions.take(rows)
    is_either = differ & ~prefers_international & ~prefers_natural
    is_short = (natural.kinds == PhoneNumberType.FIXED_LINE) & ~international.is_valid
    is_short &= natural.national.aligned == digits.aligned[rows]
    is_short &= natural.national.lengths == digits.lengths[rows]
    is_short &= here.per_row(lambda region: bool(region) and writes_trunk_prefix(region or ""))
    patterns = here.per_row(lambda region: _OWN_CODE_OF[region] if region else 0) + _SHORT_AFTER * is_short
    asked = is_either | is_short
    verdicts.ask(rows[asked], patterns[asked])


def _settle_old_mobiles_without_plus(verdicts: Verdicts, digits: Digits, parsed: Parsed, rows: Integers) -> None:
    """The shapes of `(?:00)?(?:55)?0?` before ten digits, in Brazil."""
    is_ten = (parsed.national.lengths[rows] == 10) & _IS_PERSONAL[parsed.kinds[rows]]
    rows = rows[~parsed.is_valid[rows] | is_ten]
    some = digits.take(rows)
    size, head = some.lengths - 10, some.values() // POWERS[10]
    is_shape = (size >= 0) & (head == 0) & (size <= 3)
    is_shape |= (head == 55) & ((size == 2) | (size == 4))
    is_shape |= (head == 550) & ((size == 3) | (size == 5))
    _settle_old_mobiles(verdicts, some.take(is_shape), rows[is_shape])


def _settle_valid_old_mobiles(verdicts: Verdicts) -> None:
    """Brazilian mobiles of eight digits that phonenumbers still calls valid."""
    rows = np.flatnonzero((verdicts.e164 // POWERS[10] == 55) & ~verdicts.is_open)
    lengths = np.full(len(rows), 12, np.int64)
    _settle_old_mobiles(verdicts, Digits.of_values(verdicts.e164[rows], lengths), rows)


def _settle_old_mobiles(verdicts: Verdicts, digits: Digits, rows: Integers) -> None:
    """`numbers._old_mobile_of` for numbers whose last ten digits are the national number."""
    is_mobile = digits.last(8) // POWERS[7] >= 6
    rows, digits = rows[is_mobile], digits.take(is_mobile)
    area, subscriber = digits.last(10) // POWERS[8], digits.last(8)
    with_ninth = (55 * 100 + area) * POWERS[9] + 9 * POWERS[8] + subscriber
    lengths = np.full(len(rows), 13, np.int64)
    kinds = parse_international(Digits.of_values(with_ninth, lengths)).kinds
    found = rows[_REACHES_MOBILES[kinds]]
    verdicts.ask(found, _NINTH_DIGIT)


def are_cpfs(digits: Digits) -> Booleans:
    """`numbers.is_cpf` for a column."""
    is_cpf = digits.lengths == 11
    rows = np.flatnonzero(is_cpf)
    some = digits.take(rows)
    values = [some.first(count) % 10 for count in range(1, 12)]
    for length in (9, 10):
        total = sum(value * (length + 1 - index) for index, value in enumerate(values[:length]))
        is_cpf[rows] &= total * 10 % 11 % 10 == values[length]
    is_cpf[rows] &= some.values() % 11111111111 != 0
    return is_cpf
