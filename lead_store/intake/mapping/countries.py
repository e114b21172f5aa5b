"""The country claim: by name, by code, or by the calling code of the phones beside it."""

import re

from lead_store.intake.fields import Field
from lead_store.intake.mapping.claims import Claim, Column, claim_by_header
from lead_store.intake.mapping.headers import Meaning
from lead_store.intake.mapping.profiles import nearly_all
from lead_store.intake.mapping.senses import Sense
from lead_store.intake.phones import is_calling_code, knows_country

# The phone's own country tells how to read it; whoever lives elsewhere keeps their number.
_BEFORE_OTHERS = -1.0
_OF_OTHERS: frozenset[Meaning] = frozenset({Sense.STRANGER, Sense.OTHER_LINE, Sense.SHIPPING, Sense.SECOND})
_SAYS_CODE = re.compile(r"\bc[oó]d|code", re.IGNORECASE)
_MARKED = ("+", "00", "(+")


def claim_country(column: Column) -> Claim | None:
    """How strongly the column claims to tell the country of each row's phone; a score of 0 carries the reason against
    it."""
    header = column.header
    values = [value.strip() for value in column.values if value and value.strip()]
    if not values or header.meanings & _OF_OTHERS:
        return claim_by_header(Field.COUNTRY, column)
    if _may_be_calling_codes(column, values) and nearly_all(is_calling_code, values):
        reason = f"The values are calling codes, such as {values[0]}: each says the country of its row's phone."
        return Claim(Field.COUNTRY, column.index, 0.85, _BEFORE_OTHERS, reason)
    if {Field.COUNTRY, Field.PHONE} <= header.meanings and nearly_all(knows_country, values):
        reason = "Header says country of the phone, and the values are countries."
        return Claim(Field.COUNTRY, column.index, 0.85, _BEFORE_OTHERS, reason)
    return claim_by_header(Field.COUNTRY, column)


def _may_be_calling_codes(column: Column, values: list[str]) -> bool:
    """By the header, or where it says country or area code by how they are written: bare, they may number anything."""
    meanings = column.header.meanings
    if Sense.CALLING_CODE in meanings:
        return True
    says_country = Field.COUNTRY in meanings
    is_marked = nearly_all(lambda value: value.startswith(_MARKED), values)
    return (says_country and bool(_SAYS_CODE.search(column.header.text))) or (
        is_marked and (says_country or Field.AREA_CODE in meanings)
    )
