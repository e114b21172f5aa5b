"""phonenumbers' parsing and validity for whole columns, compiled from phonenumbers' own metadata.

`parse_national` and `parse_international` follow `phonenumbers.parse` step by step and `number_type` after it, for
numbers that are digits only, with or without +; the names of the steps are those of phonenumberutil.py. The rules
around phonenumbers are the concern of `verdicts`.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from phonenumbers import PhoneMetadata, PhoneNumberDesc
from phonenumbers.phonenumberutil import COUNTRY_CODE_TO_REGION_CODE

from lead_store.intake.phones.automata import Automaton
from lead_store.intake.phones.digits import POWERS, WIDTH, Booleans, Digits, Integers, rows_by
from lead_store.intake.phones.kinds import UNKNOWN, kinds_of, require_metadata
from lead_store.intake.phones.prefixes import Prefix
from lead_store.intake.phones.regions import CALLING_CODES, RegionColumn


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


@cache
def plan_of_region(region: str) -> Plan:
    """The plan of a supported region."""
    return Plan(require_metadata(CALLING_CODES[region], region))


@cache
def plan_of_code(code: int) -> Plan:
    """The plan of the first region under a calling code, which is the one numbers after + are parsed by."""
    return Plan(require_metadata(code, COUNTRY_CODE_TO_REGION_CODE[code][0]))


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
    for code, rows in rows_by(codes):
        if code > 0:
            rest = digits.take(rows).without_first(len(str(code)))
            parsed.put(rows, _finished(rest, plan_of_code(code), code, Source.INTERNATIONAL))
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
