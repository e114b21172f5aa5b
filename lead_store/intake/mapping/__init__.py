"""Columns to fields: suggest a Mapping, let the user change it, check it, read its consent columns.

Applying a mapping to rows is left to intake.normalising.
"""

from lead_store.intake.mapping.columns import ColumnMatch, Mapping, check, fingerprint, with_columns
from lead_store.intake.mapping.consent import Consent, count_opted_out, read_consent
from lead_store.intake.mapping.consents import is_opt_in
from lead_store.intake.mapping.profiles import typical_of
from lead_store.intake.mapping.suggesting import suggest

__all__ = [
    "ColumnMatch",
    "Consent",
    "Mapping",
    "check",
    "count_opted_out",
    "fingerprint",
    "is_opt_in",
    "read_consent",
    "suggest",
    "typical_of",
    "with_columns",
]
