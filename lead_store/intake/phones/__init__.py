"""Phones: raw text -> E.164, column-wise, with what was repaired, what was refused and why.

Leaves to `normalising` which columns hold phones and what becomes of a row whose phone is refused.

- `columns` reads a whole column: what the compiled `plans` decide at once, and the rest a distinct value at
  a time.
- `cells` and `numbers` read a single cell with phonenumbers; they are the truth that `columns` must agree
  with.
- `variants` are match keys, `patterns` the questions to the user, `repairs` the certain repairs.
- `countries` turns what people write in a country column into regions.
"""

from lead_store.intake.phones.cells import (
    WHATSAPP_GROUP,
    holds_whatsapp_number,
    is_whatsapp_group,
    may_lack_ninth_digit,
)
from lead_store.intake.phones.columns import read_phones
from lead_store.intake.phones.countries import is_calling_code, knows_country, region_of_country
from lead_store.intake.phones.patterns import (
    IMPORT,
    UNKNOWN_RANGE,
    PatternReading,
    PhonePattern,
    describe_pattern,
    imports_unknown_ranges,
)
from lead_store.intake.phones.regions import REGIONS
from lead_store.intake.phones.repairs import REPAIRS
from lead_store.intake.phones.variants import variant_of

__all__ = [
    "IMPORT",
    "REGIONS",
    "REPAIRS",
    "UNKNOWN_RANGE",
    "WHATSAPP_GROUP",
    "PatternReading",
    "PhonePattern",
    "describe_pattern",
    "holds_whatsapp_number",
    "imports_unknown_ranges",
    "is_calling_code",
    "is_whatsapp_group",
    "knows_country",
    "may_lack_ninth_digit",
    "read_phones",
    "region_of_country",
    "variant_of",
]
