"""phonenumbers' parsing and validity for whole columns, compiled from phonenumbers' own metadata.

`parse_national` and `parse_international` follow `phonenumbers.parse` step by step and `number_type` after it, for
numbers that are digits only, with or without +; the names of the steps are those of phonenumberutil.py. The rules
around phonenumbers are the concern of `verdicts`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray
from phonenumbers import PhoneMetadata, PhoneNumberDesc, PhoneNumberType
from phonenumbers.phonenumberutil import COUNTRY_CODE_TO_REGION_CODE

from lead_store.intake.phones.automata import Automaton, first_digits, parse_expression, telling_digits
from lead_store.intake.phones.digits import POWERS, WIDTH, Booleans, Digits, Integers
from lead_store.intake.phones.regions import CALLING_CODES, RegionColumn

UNKNOWN = PhoneNumberType.UNKNOWN

# In the order in which phonenumbers tries them; fixed line and mobile come after all of these.
_SPECIAL_KINDS = (
    ("premium_rate", PhoneNumberType.PREMIUM_RATE),
    ("toll_free", PhoneNumberType.TOLL_FREE),
    ("shared_cost", PhoneNumberType.SHARED_COST),
    ("voip", PhoneNumberType.VOIP),
    ("personal_number", PhoneNumberType.PERSONAL_NUMBER),
    ("pager", PhoneNumberType.PAGER),
    ("uan", PhoneNumberType.UAN),
    ("voicemail", PhoneNumberType.VOICEMAIL),
)
_ANY_DIGITS = rf"\d{{0,{WIDTH}}}"

# A look-up table over this many leading digits is 2 MB; prefixes that depend on more digits are classified by row.
MOST_DIGITS_IN_TABLE = 5


class Source:
    """How the country code was found; the sources of phonenumbers' CountryCodeSource that `accept` tells apart."""

    REGION = 0
    WITHOUT_PLUS = 1
    INTERNATIONAL = 2


@dataclass(frozen=True, slots=True)
class Parsed:
    """What phonenumbers makes of each row; `kinds` is UNKNOWN where it is not a valid number."""

    codes: Integers
    national: Digits
    kinds: NDArray[np.int64]
    has_carrier: Booleans
    sources: Integers

    @property
    def is_valid(self) -> Booleans:
        """Whether each row is a valid number."""
        return self.kinds != UNKNOWN

    def e164(self) -> Integers:
        """E.164 without its +, as integers: no country code begins with 0."""
        return self.codes * POWERS[self.national.lengths] + self.national.values()

    def put(self, rows: Integers | Booleans, other: "Parsed") -> None:
        """Take over the rows of `other` at `rows`."""
        self.codes[rows] = other.codes
        self.national.aligned[rows] = other.national.aligned
        self.national.lengths[rows] = other.national.lengths
        self.kinds[rows] = other.kinds
        self.has_carrier[rows] = other.has_carrier
        self.sources[rows] = other.sources

    @classmethod
    def nothing(cls, count: int) -> "Parsed":
        """As many rows that are no number."""
        zeros = [np.zeros(count, np.int64) for _ in range(4)]
        return cls(
            zeros[0],
            Digits(zeros[1], zeros[2]),
            np.full(count, UNKNOWN, np.int64),
            np.zeros(count, bool),
            zeros[3],
        )


@dataclass(frozen=True, slots=True)
class Edit:
    """What a matching prefix does to a number: drop digits, put others before the rest."""

    dropped: int
    prefix: str = ""
    has_carrier: bool = False


class Prefix:
    """A prefix expression with an optional transform rule, resolved once per group of leading digits and length."""

    def __init__(self, expression: str, transform_rule: str | None) -> None:
        self._expression = re.compile(expression)
        self._rule = transform_rule
        tree = parse_expression(expression)
        self._telling = telling_digits(tree)[0]
        begins, can_be_empty = first_digits(tree)
        self._can_begin = np.array([can_be_empty or digit in begins for digit in range(10)])
        self._edits: list[Edit | None] = [None]
        self._known: dict[int, int] = {}

    def edits(self, digits: Digits) -> Iterator[tuple[Edit, Integers]]:
        """Each edit that some rows need, with those rows."""
        if not self._can_begin[digits.first(1)].any():
            return
        which = self._which(digits.first(self._telling) * (WIDTH + 1) + digits.lengths)
        for index in np.unique(which[which > 0]):
            edit = self._edits[index]
            if edit:
                yield edit, np.flatnonzero(which == index)

    def _which(self, keys: Integers) -> NDArray[np.signedinteger]:
        if self._telling > MOST_DIGITS_IN_TABLE:
            distinct, rows = np.unique(keys, return_inverse=True)
            return np.array([self._resolve(int(key)) for key in distinct], np.int64)[rows.reshape(-1)]
        which = self._table[keys]
        unknown = which < 0
        if unknown.any():
            for key in np.unique(keys[unknown]):
                self._table[key] = self._resolve(int(key))
            which = self._table[keys]
        return which

    @cached_property
    def _table(self) -> NDArray[np.int16]:
        return np.full(10**self._telling * (WIDTH + 1), -1, np.int16)

    def _resolve(self, key: int) -> int:
        leading, length = divmod(key, WIDTH + 1)
        text = str(leading).zfill(self._telling) if self._telling else ""
        edit = self._edit_of(text.ljust(length, "0")[:length])
        if edit not in self._edits:
            self._edits.append(edit)
        return self._edits.index(edit)

    def _edit_of(self, text: str) -> Edit | None:
        match = self._expression.match(text)
        if not match or not text:
            return None
        groups = match.groups()
        if not self._rule or groups[-1] is None:
            edit = Edit(match.end(), has_carrier=bool(groups and groups[0]))
        else:
            edit = self._transformed(match, has_carrier=len(groups) > 1 and bool(groups[0]))
        return None if edit == Edit(0) else edit

    def _transformed(self, match: re.Match[str], *, has_carrier: bool) -> Edit:
        # Every rule of the metadata is literal digits before one group, the group being the last thing matched or
        # within the telling digits: either way the rest of the number is what stands behind it.
        literal, group = re.fullmatch(r"(\d*)\\(\d)", self._rule or "").groups()  # type: ignore[union-attr]
        start, end = match.span(int(group))
        if end == match.end():
            return Edit(start, literal, has_carrier)
        return Edit(match.end(), literal + match[int(group)], has_carrier)


class Plan:
    """The habits of one region (or of a calling code of no place): prefixes, and lengths that are possible."""

    def __init__(self, metadata: PhoneMetadata) -> None:
        general = metadata.general_desc or PhoneNumberDesc()
        self.code = metadata.country_code or 0
        self._general = Automaton([general.national_number_pattern or "0{18}"])
        self._has_general = np.array(self._general.sets) > 0
        expression = metadata.national_prefix_for_parsing
        self._prefix = Prefix(expression, metadata.national_prefix_transform_rule) if expression else None
        self.idd = Prefix(metadata.international_prefix, None) if metadata.international_prefix else None
        self.usable_lengths, self.too_long = _length_verdicts(general)
        self.longest = max(general.possible_length or (0,))

    def is_general(self, digits: Digits) -> Booleans:
        """Whether the general description of the plan matches."""
        return self._has_general[self._general.matching(digits)]

    def strip_national_prefix(self, digits: Digits) -> tuple[Digits, Booleans]:
        """Without national prefix and carrier code, and whether there was a carrier code."""
        has_carrier = np.zeros(len(digits), bool)
        edits = list(self._prefix.edits(digits)) if self._prefix else []
        if not edits:
            return digits, has_carrier
        stripped = Digits(digits.aligned.copy(), digits.lengths.copy())
        for edit, rows in edits:
            before = digits.take(rows)
            after = before.without_first(edit.dropped).with_prefix(edit.prefix)
            keep = ~self.is_general(before) | self.is_general(after)
            stripped.aligned[rows[keep]] = after.aligned[keep]
            stripped.lengths[rows[keep]] = after.lengths[keep]
            has_carrier[rows[keep]] = edit.has_carrier
        return stripped, has_carrier

    def national_significant(self, digits: Digits) -> tuple[Digits, Booleans]:
        """The national significant number: stripped, unless what remains has no possible length."""
        stripped, has_carrier = self.strip_national_prefix(digits)
        if stripped is digits:
            return digits, has_carrier
        usable = self.usable_lengths[stripped.lengths]
        return digits.where(usable, stripped), has_carrier & usable


def _length_verdicts(general: PhoneNumberDesc) -> tuple[Booleans, Booleans]:
    """Per length: whether `_test_number_length` lets a stripped number stand, and whether it says TOO_LONG."""
    lengths = np.arange(WIDTH + 1)
    possible = general.possible_length or (-1,)
    is_local = np.isin(lengths, general.possible_length_local_only or ())
    too_long = (lengths > max(possible)) & ~is_local
    return (np.isin(lengths, possible) & ~is_local) | too_long, too_long


class Kinds:
    """The kind of a national number under one calling code, over all regions that share the code."""

    def __init__(self, code: int) -> None:
        self._regions = [_metadata(code, region) for region in COUNTRY_CODE_TO_REGION_CODE[code]]
        self._bits: dict[str, int] = {}
        for metadata in self._regions:
            for expression in _expressions(metadata):
                self._bits.setdefault(expression, 1 << len(self._bits))
        self._automaton = Automaton(list(self._bits))
        self._verdicts = np.array(
            [[self._kind(bits, length) for bits in self._automaton.sets] for length in range(WIDTH + 1)]
        )

    def of(self, national: Digits) -> Integers:
        """PhoneNumberType per row."""
        return self._verdicts[national.lengths, self._automaton.matching(national)]

    def _kind(self, bits: int, length: int) -> int:
        """`region_code_for_number`, then `_number_type_helper`."""
        for metadata in self._regions:
            if len(self._regions) > 1 and metadata.leading_digits:
                if bits & self._bits[_leading(metadata)]:
                    return self._kind_in(metadata, bits, length)
            else:
                kind = self._kind_in(metadata, bits, length)
                if kind != UNKNOWN:
                    return kind
        return UNKNOWN

    def _kind_in(self, metadata: PhoneMetadata, bits: int, length: int) -> int:
        def matches(desc: PhoneNumberDesc | None) -> bool:
            if desc is None or not desc.national_number_pattern:
                return False
            is_possible = not desc.possible_length or length in desc.possible_length
            return is_possible and bool(bits & self._bits[desc.national_number_pattern])

        if not matches(metadata.general_desc):
            return UNKNOWN
        for name, kind in _SPECIAL_KINDS:
            if matches(getattr(metadata, name)):
                return kind
        is_mobile = matches(metadata.mobile)
        if matches(metadata.fixed_line):
            is_either = metadata.same_mobile_and_fixed_line_pattern or is_mobile
            return PhoneNumberType.FIXED_LINE_OR_MOBILE if is_either else PhoneNumberType.FIXED_LINE
        if is_mobile and not metadata.same_mobile_and_fixed_line_pattern:
            return PhoneNumberType.MOBILE
        return UNKNOWN


def _expressions(metadata: PhoneMetadata) -> Iterator[str]:
    names = ("general_desc", "fixed_line", "mobile", *(name for name, _ in _SPECIAL_KINDS))
    for name in names:
        desc = getattr(metadata, name)
        if desc and desc.national_number_pattern:
            yield desc.national_number_pattern
    if metadata.leading_digits:
        yield _leading(metadata)


def _leading(metadata: PhoneMetadata) -> str:
    return f"(?:{metadata.leading_digits}){_ANY_DIGITS}"


@cache
def plan_of_region(region: str) -> Plan:
    """The plan of a supported region."""
    return Plan(_metadata(CALLING_CODES[region], region))


@cache
def plan_of_code(code: int) -> Plan:
    """The plan of the first region under a calling code, which is the one numbers after + are parsed by."""
    return Plan(_metadata(code, COUNTRY_CODE_TO_REGION_CODE[code][0]))


def _metadata(code: int, region: str) -> PhoneMetadata:
    # "001" is the region of the codes of no place, which have metadata of their own.
    metadata = PhoneMetadata.metadata_for_region_or_calling_code(code, region)
    if metadata is None:
        raise ValueError(f"phonenumbers has no metadata for {region}, calling code {code}.")
    return metadata


@cache
def kinds_of(code: int) -> Kinds:
    """The kinds of numbers under a calling code."""
    return Kinds(code)


def _calling_code_table() -> Integers:
    """First three digits -> calling code, 0 where there is none: no code is the beginning of another."""
    table = np.zeros(1000, np.int64)
    for code in COUNTRY_CODE_TO_REGION_CODE:
        step = 10 ** (3 - len(str(code)))
        table[code * step : (code + 1) * step] = code
    return table


_CALLING_CODES = _calling_code_table()


def calling_codes_of(digits: Digits) -> Integers:
    """The calling code that each international number begins with, 0 where it is none."""
    codes = _CALLING_CODES[digits.first(3)]
    return np.where(digits.lengths > 2, codes, 0)


def parse_international(digits: Digits) -> Parsed:
    """As `phonenumbers.parse("+" + digits, None)`."""
    parsed = Parsed.nothing(len(digits))
    codes = calling_codes_of(digits)
    for code in np.unique(codes[codes > 0]):
        rows = np.flatnonzero(codes == code)
        rest = digits.take(rows).without_first(len(str(code)))
        parsed.put(rows, _finished(rest, plan_of_code(int(code)), int(code), Source.INTERNATIONAL))
    return parsed


def parse_national(digits: Digits, regions: RegionColumn) -> Parsed:
    """As `phonenumbers.parse(digits, region)`; rows without a supported region are no number."""
    parsed = Parsed.nothing(len(digits))
    dialled = [Dialled.nothing()]
    for region, rows in regions.groups():
        plan = plan_of_region(region)
        here = digits.take(rows)
        abroad = _dialled_abroad(here, plan)
        is_inland = np.ones(len(rows), bool)
        is_inland[abroad.rows] = False
        dialled.append(Dialled(rows[abroad.rows], abroad.digits))
        parsed.put(rows[is_inland], _parse_inland(here.take(is_inland), plan, region))
    everything = Dialled.joined(dialled)
    parsed.put(everything.rows, parse_international(everything.digits))
    return parsed


@dataclass(frozen=True, slots=True)
class Dialled:
    """Rows whose number begins with the region's prefix for calls abroad, and their digits behind it."""

    rows: Integers
    digits: Digits

    @classmethod
    def nothing(cls) -> "Dialled":
        """No rows."""
        empty = np.zeros(0, np.int64)
        return cls(empty, Digits(empty, empty))

    @classmethod
    def joined(cls, parts: list["Dialled"]) -> "Dialled":
        """The rows of all parts."""
        return cls(
            np.concatenate([part.rows for part in parts]),
            Digits(
                np.concatenate([part.digits.aligned for part in parts]),
                np.concatenate([part.digits.lengths for part in parts]),
            ),
        )


def _dialled_abroad(digits: Digits, plan: Plan) -> Dialled:
    found = [Dialled.nothing()]
    for edit, rows in plan.idd.edits(digits) if plan.idd else ():
        rest = digits.take(rows).without_first(edit.dropped)
        # No country code begins with 0, so such a number was not dialled abroad.
        is_abroad = (rest.first(1) != 0) | (rest.lengths == 0)
        found.append(Dialled(rows[is_abroad], rest.take(is_abroad)))
    return Dialled.joined(found)


def _parse_inland(digits: Digits, plan: Plan, region: str) -> Parsed:
    code = str(plan.code)
    with_code = np.flatnonzero(digits.starts_with(code))
    whole = digits.take(with_code)
    rest, _ = plan.strip_national_prefix(whole.without_first(len(code)))
    is_better = (~plan.is_general(whole) & plan.is_general(rest)) | plan.too_long[whole.lengths]
    is_national = np.ones(len(digits), bool)
    is_national[with_code[is_better]] = False
    parsed = Parsed.nothing(len(digits))
    parsed.put(is_national, _finished(digits.take(is_national), plan, plan.code, Source.REGION))
    main = plan if region == COUNTRY_CODE_TO_REGION_CODE[plan.code][0] else plan_of_code(plan.code)
    better = _finished(rest.take(is_better), main, plan.code, Source.WITHOUT_PLUS)
    parsed.put(with_code[is_better], better)
    return parsed


def _finished(digits: Digits, plan: Plan, code: int, source: int) -> Parsed:
    national, has_carrier = plan.national_significant(digits)
    count = len(digits)
    return Parsed(
        np.full(count, code, np.int64),
        Digits(national.aligned.copy(), national.lengths.copy()),
        kinds_of(code).of(national),
        has_carrier,
        np.full(count, source, np.int64),
    )
