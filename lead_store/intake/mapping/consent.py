"""Consent cells read as opted out or not. Which column holds them is known to intake.mapping.suggesting."""

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

YES = ("yes", "y", "true", "1", "sim", "s", "si", "sí", "oui", "ja", "x")
NO = ("no", "n", "false", "0", "não", "nao", "non", "nein")


@dataclass(frozen=True)
class Consent:
    """opted_out: true, false, or null where the cell says nothing. is_unclear: cells that say neither yes nor no."""

    opted_out: pa.BooleanArray
    is_unclear: pa.BooleanArray


def read_consent(values: pa.Array, opt_in: bool) -> Consent:
    """Reads a column of consents; with opt_in, yes means that the person accepts messages."""
    text = pc.utf8_lower(pc.utf8_trim_whitespace(pc.fill_null(values.cast(pa.string()), "")))
    yes, no = pc.is_in(text, pa.array(YES)), pc.is_in(text, pa.array(NO))
    out, stays = (no, yes) if opt_in else (yes, no)
    nothing = pa.scalar(None, pa.bool_())
    opted_out = pc.if_else(out, True, pc.if_else(stays, False, nothing))
    is_unclear = pc.and_(pc.is_null(opted_out), pc.not_equal(text, ""))
    return Consent(opted_out, is_unclear)
