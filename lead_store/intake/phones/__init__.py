"""Phones: raw text -> E.164, column-wise, with what was repaired, what was refused and why.

Leaves to `normalising` which columns are phones and what becomes of a row whose phone is refused.
"""

from collections.abc import Mapping

import phonenumbers
import pyarrow as pa

from lead_store.intake.phones.regions import REGIONS

__all__ = ["REGIONS", "read_phones", "variant_of"]

SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("e164", "variant", "problem", "repair", "pattern", "others")]
)


def read_phones(
    raw: pa.Array, region: str | None | pa.Array, choices: Mapping[str, str] | None = None
) -> pa.RecordBatch:
    """One row per cell of `raw`; see SCHEMA for the columns."""
    texts = raw.to_pylist()
    regions = region.to_pylist() if isinstance(region, pa.Array) else [region] * len(texts)
    known: dict = {}
    rows = []
    for key in zip(texts, regions, strict=True):
        if key not in known:
            known[key] = _read(*key)
        rows.append(known[key])
    columns = list(zip(*rows, strict=True)) or [()] * len(SCHEMA)
    return pa.RecordBatch.from_arrays([pa.array(column, pa.string()) for column in columns], schema=SCHEMA)


def _read(text: str | None, region: str | None) -> tuple[str | None, ...]:
    if text is None or not text.strip():
        return (None,) * 6
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return (None, None, "phone_invalid", None, None, None)
    if not phonenumbers.is_valid_number(number):
        return (None, None, "phone_invalid", None, None, None)
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return (e164, variant_of(e164), None, None, None, None)


def variant_of(e164: str) -> str | None:
    """The other E.164 form of the same WhatsApp person."""
    return None
