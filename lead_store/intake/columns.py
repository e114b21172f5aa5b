"""Column-wise pieces that the stages share: cleaning, choosing, replacing and quoting whole Arrow columns."""

from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

# Characters without width that survive copying from web pages and chats; no spaces, so no trim takes them.
INVISIBLE = r"^[\s\p{Z}\x{200B}-\x{200F}\x{2060}\x{FEFF}]+|[\s\p{Z}\x{200B}-\x{200F}\x{2060}\x{FEFF}]+$"


def cleaned(cells: pa.StringArray) -> pa.StringArray:
    """Cells without NUL bytes (PostgreSQL cannot hold them) and surrounding space; null where nothing is left.

    Letters and their accents are one character each (NFC, Unicode Standard Annex 15): a Mac writes them as two.
    """
    if _may_hold_nul(cells):
        cells = pc.replace_substring(cells, "\x00", "")
    cells = pc.utf8_trim_whitespace(cells)
    is_ascii = pc.string_is_ascii(cells)
    if not pc.all(is_ascii).as_py():
        mask = pc.fill_null(pc.invert(is_ascii), False)
        cells = replaced(cells, mask, _without_invisible)
    return pc.if_else(pc.equal(pc.binary_length(cells), 0), pa.scalar(None, pa.string()), cells)


def _may_hold_nul(cells: pa.StringArray) -> bool:
    """Asked of all bytes at once, which takes a tenth of the time of asking each cell."""
    text = cells.buffers()[2]
    return text is not None and not np.frombuffer(text, np.uint8).all()


def _without_invisible(cells: pa.StringArray) -> pa.StringArray:
    return pc.utf8_normalize(pc.replace_substring_regex(cells, INVISIBLE, ""), "NFC")


def first_filled(choices: Sequence[pa.Array], length: int) -> pa.Array:
    """Per row the first value that is not null."""
    return pc.coalesce(*choices) if choices else pa.nulls(length, pa.string())


def replaced(values: pa.Array, mask: pa.BooleanArray, replace: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """`values`, but where `mask` holds, what `replace` makes of those; it is called for them only."""
    if not pc.any(mask).as_py():
        return values
    return pc.replace_with_mask(values, mask, replace(values.filter(mask)))


def by_distinct_value(values: pa.StringArray, read: Callable[[str], str | None]) -> pa.StringArray:
    """What `read` makes of each value; it is called once for each distinct one. Null stays null."""
    encoded = values.dictionary_encode()
    answers = [read(value) for value in encoded.dictionary.to_pylist()]
    return pa.array(answers, pa.string()).take(encoded.indices)


def where(mask: pa.BooleanArray, make: Callable[[], pa.Array]) -> pa.StringArray:
    """A text column that holds what `make` gives for the rows of `mask`, in their order, and null elsewhere."""
    nothing = pa.nulls(len(mask), pa.string())
    return pc.replace_with_mask(nothing, mask, make()) if pc.any(mask).as_py() else nothing


def json_text(values: pa.StringArray) -> pa.StringArray:
    """Each value as a JSON string (RFC 8259, section 7); null stays null."""
    escaped = values
    if pc.any(pc.match_substring_regex(values, r'[\\"\x00-\x1f\x7f]')).as_py():
        escaped = pc.replace_substring(pc.replace_substring(values, "\\", "\\\\"), '"', '\\"')
        for character in range(0x20):
            if pc.any(pc.match_substring(escaped, chr(character))).as_py():
                escaped = pc.replace_substring(escaped, chr(character), f"\\u{character:04x}")
    return joined(['"', escaped, '"'])


def joined(parts: Sequence[pa.Array | str], separator: str = "") -> pa.StringArray:
    """The parts of each row joined; null where one of them is null."""
    return pc.binary_join_element_wise(*parts, separator)


def joined_filled(parts: Sequence[pa.Array], separator: str, length: int) -> pa.StringArray:
    """The parts of each of `length` rows that are not null, joined; null where all are."""
    if not parts:
        return pa.nulls(length, pa.string())
    # Arrow's own null_handling="skip" loses the rows in which all parts are null.
    text, *others = parts
    for part in others:
        text = pc.coalesce(pc.binary_join_element_wise(text, part, separator), text, part)
    return text


def array_literal(cells: Sequence[pa.StringArray]) -> pa.StringArray:
    """Each row's cells as a PostgreSQL text[] literal; a null cell becomes NULL."""
    quoted = [
        pc.fill_null(joined(['"', pc.replace_substring_regex(cell, r'(["\\])', r"\\\1"), '"']), "NULL")
        for cell in cells
    ]
    return joined(["{", joined(quoted, ","), "}"])
