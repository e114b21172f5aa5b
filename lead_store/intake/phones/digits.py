"""Columns of digits: how the column-wise path holds numbers, and the cuts it makes in them. Knows no numbering plan."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

WIDTH = 18
"""Digits that fit an int64; E.164 has at most 15, and `plain_cells` hands over no more."""

POWERS: NDArray[np.int64] = 10 ** np.arange(WIDTH + 1, dtype=np.int64)

Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]


def rows_by(values: NDArray[np.integer]) -> Iterator[tuple[int, Integers]]:
    """Each value, none of them negative, with its rows in order."""
    # Integers of 16 bits numpy sorts byte by byte: one pass in place of one for each value.
    is_small = values.max(initial=0) < 1 << 15
    order = np.argsort(values.astype(np.int16) if is_small else values, kind="stable")
    sorted_values = values[order]
    bounds = np.flatnonzero(np.diff(sorted_values)) + 1
    for rows in np.split(order, bounds):
        if len(rows):
            yield int(values[rows[0]]), rows


@dataclass(frozen=True, slots=True)
class Digits:
    """One number per row, left-aligned: 12 is 12 * 10**16 with length 2.

    So the first k digits of all rows are one division by a constant, whatever the rows' lengths, and leading zeros
    are kept.
    """

    aligned: Integers
    lengths: Integers

    def __len__(self) -> int:
        return len(self.aligned)

    def take(self, rows: Integers | Booleans) -> "Digits":
        """The digits of some rows."""
        return Digits(self.aligned[rows], self.lengths[rows])

    def first(self, count: int) -> Integers:
        """The first `count` digits as integers; zeros stand where a number is shorter."""
        return self.aligned // POWERS[WIDTH - count]

    def values(self) -> Integers:
        """All digits as integers; leading zeros show in `lengths` alone."""
        return self.aligned // POWERS[WIDTH - self.lengths]

    def last(self, counts: Integers | int) -> Integers:
        """The last `counts` digits as integers."""
        return self.values() % POWERS[counts]

    def without_first(self, count: int) -> "Digits":
        """Without the first `count` digits, of which each number must have as many."""
        first = self.first(count) * POWERS[WIDTH - count]
        return Digits((self.aligned - first) * POWERS[count], self.lengths - count)

    def with_prefix(self, prefix: str) -> "Digits":
        """With further digits before them; the whole must fit WIDTH."""
        if not prefix:
            return self
        head = int(prefix) * POWERS[WIDTH - len(prefix)]
        return Digits(head + self.aligned // POWERS[len(prefix)], self.lengths + len(prefix))

    def starts_with(self, prefix: str) -> Booleans:
        """Whether a number begins with these digits."""
        return (self.first(len(prefix)) == int(prefix)) & (self.lengths >= len(prefix))

    def where(self, choose: Booleans, others: "Digits") -> "Digits":
        """The rows of `others` where `choose` holds, these elsewhere."""
        return Digits(np.where(choose, others.aligned, self.aligned), np.where(choose, others.lengths, self.lengths))

    @classmethod
    def of_values(cls, values: Integers, lengths: Integers) -> "Digits":
        """Numbers given as integers and lengths."""
        return cls(values * POWERS[WIDTH - lengths], lengths)
