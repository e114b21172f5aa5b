"""The cells of a column that hold nothing but digits and the signs people put between them, found by their bytes.

Leaves every other cell to `cells`, and what the digits mean to `verdicts`. Whatever is taken off here (an
apostrophe, "p:", ".0", a formula's quotes) is taken off by `cells` in the same way and under the same name.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from lead_store.intake.phones.digits import POWERS, WIDTH, Booleans, Digits, Integers

FEWEST_DIGITS = 5
MOST_DIGITS = 15
LONGEST_BYTES = 100
_WINDOW = 16
_FIRST_BYTES = np.array([(1 << 8 * count) - 1 for count in range(9)], np.uint64)
"""Masks for the first bytes of a little-endian integer, by their number; the byte 0 counts as the digit 0."""

# Measured: counting in blocks that fit a core's cache takes a third of the time of one pass over the whole column.
BYTES_AT_A_TIME = 65_536

# Each byte adds to one of four counters in one integer: digits, plus signs, slashes, and bytes for `cells` alone.
_ONE_DIGIT, _ONE_PLUS, _ONE_SLASH, _ONE_OTHER = 1, 1 << 32, 1 << 40, 1 << 48
_DIGITS, _PLUSES, _SLASHES = _ONE_PLUS - 1, _ONE_SLASH - 1, _ONE_OTHER - 1

_WEIGHTS = np.full(256, _ONE_OTHER, np.int64)
_WEIGHTS[np.frombuffer(b"0123456789", np.uint8)] = _ONE_DIGIT
# C2 A0 is the no-break space in UTF-8. Either byte beside another partner leaves a byte that is "other".
_WEIGHTS[np.frombuffer(b" -().\xc2\xa0", np.uint8)] = 0
_WEIGHTS[ord("+")] = _ONE_PLUS
_WEIGHTS[ord("/")] = _ONE_SLASH

_PLUS, _OPEN, _SPACE, _DOT, _ZERO, _DASH, _SLASH, _QUOTE, _EQUALS, _APOSTROPHE, _COLON, _P = b"+( .0-/\"=':p"
_NO_BREAK = b"\xc2\xa0"

REPAIR_OF_WRAPPER = (None, "leading_apostrophe", "prefix_text", "formula_text", "excel_decimal")
_BARE, _WITH_APOSTROPHE, _WITH_PREFIX, _WITH_FORMULA, _WITH_DECIMAL = range(5)


@dataclass(frozen=True, slots=True)
class PlainCells:
    """The plain cells of a column: their rows, digits, whether + stands first, and what was taken off them.

    `wrappers` indexes REPAIR_OF_WRAPPER. `may_hold_several` marks cells with a slash, which `cells` would split if
    the whole is no number.
    """

    rows: Integers
    digits: Digits
    has_plus: Booleans
    wrappers: NDArray[np.int8]
    may_hold_several: Booleans


@dataclass(slots=True)
class _Spans:
    """Where each cell begins and ends in the column's bytes, moved inwards as wrappers come off."""

    content: NDArray[np.uint8]
    starts: Integers
    ends: Integers

    def byte(self, position: int) -> NDArray[np.uint8]:
        """The byte at a position from the start, from the end where negative; 0 outside the cell."""
        places = (self.starts if position >= 0 else self.ends) + position
        is_inside = places < self.ends if position >= 0 else places >= self.starts
        # Measured: looking up all places, those outside too, takes a third of the time of choosing them first.
        found = self.content.take(places, mode="clip")
        found *= is_inside
        return found

    def lengths(self) -> Integers:
        return self.ends - self.starts


def find_plain_cells(column: pa.Array) -> PlainCells:
    """The plain cells of a string column without nulls that matter: null cells are never plain."""
    spans = _spans(column)
    wrappers = _take_off_wrappers(spans)
    totals = _totals(spans.content)
    counted = totals[spans.ends] - totals[spans.starts]
    counts = counted & _DIGITS
    pluses = (counted & _PLUSES) >> 32
    plain = (counted < _ONE_OTHER) & (spans.lengths() <= LONGEST_BYTES)
    decimals = _decimals(spans, counts, pluses)
    wrappers[decimals > 0] = _WITH_DECIMAL
    plain &= (pluses == 0) | ((pluses == 1) & _begins_with_plus(spans))
    plain &= (counts - decimals >= FEWEST_DIGITS) & (counts - decimals <= MOST_DIGITS)
    plain &= ~_needs_words(spans)
    if column.null_count:
        plain &= np.asarray(column.is_valid())
    rows = np.flatnonzero(plain)
    digits = _gather(spans.content, totals[spans.starts[rows]] & _DIGITS, counts[rows] - decimals[rows])
    may_hold_several = (counted[rows] & _SLASHES) >= _ONE_SLASH
    return PlainCells(rows, digits, pluses[rows] > 0, wrappers[rows], may_hold_several)


def _spans(column: pa.Array) -> _Spans:
    if pa.types.is_large_string(column.type):
        offsets_type: type[np.signedinteger] = np.int64
    else:
        column, offsets_type = column.cast(pa.string()), np.int32
    _, offsets_buffer, content_buffer = column.buffers()
    offsets = np.frombuffer(offsets_buffer, offsets_type)[column.offset : column.offset + len(column) + 1]
    first = int(offsets[0]) if len(offsets) else 0
    last = int(offsets[-1]) if len(offsets) else 0
    content = np.frombuffer(content_buffer or b"", np.uint8)[first:last]
    moved = offsets.astype(np.int64) - first
    # One byte more, so that look-ups in an empty column have something to look at.
    padded = content if len(content) else np.zeros(1, np.uint8)
    return _Spans(padded, moved[:-1].copy(), moved[1:].copy())


def _totals(content: NDArray[np.uint8]) -> Integers:
    """The weights of all bytes before each position, and of all bytes at the end."""
    totals = np.zeros(len(content) + 1, np.int64)
    weights = np.empty(BYTES_AT_A_TIME, np.int64)
    dashes = _dashes(content)
    for start in range(0, len(content), BYTES_AT_A_TIME):
        piece = content[start : start + BYTES_AT_A_TIME]
        some = np.take(_WEIGHTS, piece, out=weights[: len(piece)], mode="clip")
        some[dashes[(dashes >= start) & (dashes < start + len(piece))] - start] = 0
        some[0] += totals[start]
        np.cumsum(some, out=totals[start + 1 : start + len(piece) + 1])
    return totals


def _dashes(content: NDArray[np.uint8]) -> Integers:
    """Where the bytes of the hyphens and dashes U+2010 to U+2015 are, E2 80 90 to E2 80 95: phonenumbers knows them."""
    starts = np.flatnonzero(content[:-2] == 0xE2)
    starts = starts[(content[starts + 1] == 0x80) & (content[starts + 2] >= 0x90) & (content[starts + 2] <= 0x95)]
    return (starts[:, None] + np.arange(3)).ravel()


def _take_off_wrappers(spans: _Spans) -> NDArray[np.int8]:
    wrappers = np.zeros(len(spans.starts), np.int8)
    _trim(spans)
    first = spans.byte(0)
    # Most columns have none of these, and a glance at the first bytes tells.
    if (first == _EQUALS).any():
        is_formula = (first == _EQUALS) & (spans.byte(1) == _QUOTE) & (spans.byte(-1) == _QUOTE)
        is_formula &= spans.lengths() > 3
        spans.starts[is_formula] += 2
        spans.ends[is_formula] -= 1
        wrappers[is_formula] = _WITH_FORMULA
        _trim(spans)
        first = spans.byte(0)
    for opening, length, name in ((_APOSTROPHE, 1, _WITH_APOSTROPHE), (_P, 2, _WITH_PREFIX)):
        is_wrapped = first == opening
        if length == 2 and is_wrapped.any():
            is_wrapped &= spans.byte(1) == _COLON
        if is_wrapped.any():
            spans.starts[is_wrapped] += length
            wrappers[is_wrapped] = name
            _trim(spans)
            first = spans.byte(0)
    return wrappers


def _trim(spans: _Spans) -> None:
    """Take spaces off both ends; other white space is left, and makes the cell one for `cells`."""
    for position, bounds, step in ((0, spans.starts, 1), (-1, spans.ends, -1)):
        is_space = spans.byte(position) == _SPACE
        while is_space.any():
            bounds[is_space] += step
            is_space = spans.byte(position) == _SPACE


def _decimals(spans: _Spans, counts: Integers, pluses: Integers) -> Integers:
    """How many digits at the end are a decimal that a spreadsheet added: 5511987654321.0 or .00, nothing else."""
    decimals = np.zeros(len(counts), np.int64)
    if not (spans.content == _DOT).any():
        return decimals
    last = spans.byte(-1) == _ZERO
    before, long_before = spans.byte(-2), spans.byte(-3)
    decimals[last & (before == _DOT)] = 1
    decimals[last & (before == _ZERO) & (long_before == _DOT)] = 2
    # Nothing but digits, a leading + and the point: else the point is one of those people put between digits.
    is_number = (spans.lengths() == counts + pluses + 1) & (counts - decimals >= 6)
    is_number &= (pluses == 0) | (spans.byte(0) == _PLUS)
    return np.where(is_number, decimals, 0)


def _begins_with_plus(spans: _Spans) -> Booleans:
    first, second = spans.byte(0), spans.byte(1)
    return (first == _PLUS) | ((first == _OPEN) & (second == _PLUS))


def _needs_words(spans: _Spans) -> Booleans:
    """Digits and signs that mean more than a number: cut off at dots, or a tax id written out (CPF, CNPJ).

    Cells that begin or end in a no-break space or a slash too: `cells` takes those off before it looks further.
    """
    first, last = spans.byte(0), spans.byte(-1)
    is_more = (last == _DOT) | (last == _NO_BREAK[1]) | (first == _NO_BREAK[0]) | (first == _SLASH)
    lengths = spans.lengths()
    suspects = np.flatnonzero((lengths == 14) | (lengths == 18))
    if len(suspects) == 0:
        return is_more
    inner = _Spans(spans.content, spans.starts[suspects], spans.ends[suspects])
    is_cpf = (inner.byte(3) == _DOT) & (inner.byte(7) == _DOT) & (inner.byte(11) == _DASH)
    is_cnpj = (inner.byte(2) == _DOT) & (inner.byte(6) == _DOT) & (inner.byte(10) == _SLASH)
    is_more[suspects] |= is_cpf | is_cnpj
    return is_more


def _gather(content: NDArray[np.uint8], starts: Integers, lengths: Integers) -> Digits:
    """The digits that begin at `starts` among all digits of the column, sixteen at a time, cut to their lengths."""
    is_digit = (content >= _ZERO) & (content <= _ZERO + 9)
    digits = np.concatenate([content[is_digit], np.zeros(_WINDOW, np.uint8)])
    # Eight digits from any byte on; numpy reads such integers where they lie.
    eights = np.ndarray(len(digits) - 7, "<u8", digits, strides=(1,))
    upper = _eight_digits(eights[starts] & _FIRST_BYTES[np.minimum(lengths, 8)])
    lower = _eight_digits(eights[starts + 8] & _FIRST_BYTES[np.maximum(lengths - 8, 0)])
    return Digits((upper * POWERS[8] + lower) * POWERS[WIDTH - _WINDOW], lengths)


def _eight_digits(texts: NDArray[np.uint64]) -> Integers:
    """Eight ASCII digits in each little-endian integer -> their value, pairs, fours and eights at a time."""
    pairs = ((texts & np.uint64(0x0F0F0F0F0F0F0F0F)) * np.uint64(10 << 8 | 1)) >> np.uint64(8)
    fours = ((pairs & np.uint64(0x00FF00FF00FF00FF)) * np.uint64(100 << 16 | 1)) >> np.uint64(16)
    eights = ((fours & np.uint64(0x0000FFFF0000FFFF)) * np.uint64(10000 << 32 | 1)) >> np.uint64(32)
    return eights.astype(np.int64)
