"""What kind of number a national number is (mobile, landline, toll-free ...), after phonenumbers' `number_type`.

A number of no kind is not a valid one. How a national number is found in what was written is known to `plans`.
"""

from collections.abc import Iterator
from functools import cache

import numpy as np
from phonenumbers import PhoneMetadata, PhoneNumberDesc, PhoneNumberType
from phonenumbers.phonenumberutil import COUNTRY_CODE_TO_REGION_CODE

from lead_store.intake.phones.automata import Automaton
from lead_store.intake.phones.digits import WIDTH, Digits, Integers

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


class Kinds:
    """The kind of a national number under one calling code, over all regions that share the code."""

    def __init__(self, code: int) -> None:
        self._regions = [require_metadata(code, region) for region in COUNTRY_CODE_TO_REGION_CODE[code]]
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


def require_metadata(code: int, region: str) -> PhoneMetadata:
    """The metadata of a region under a calling code. Raises ValueError where phonenumbers has none."""
    # "001" is the region of the codes of no place, which have metadata of their own.
    metadata = PhoneMetadata.metadata_for_region_or_calling_code(code, region)
    if metadata is None:
        raise ValueError(f"phonenumbers has no metadata for {region}, calling code {code}.")
    return metadata


@cache
def kinds_of(code: int) -> Kinds:
    """The kinds of numbers under a calling code."""
    return Kinds(code)
