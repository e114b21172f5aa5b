"""The prefixes of numbering plans (trunk, carrier, for calls abroad): what a matching one does to columns of digits."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lead_store.intake.phones.automata import Automaton
from lead_store.intake.phones.digits import POWERS, WIDTH, Digits, Integers
from lead_store.intake.phones.expressions import first_digits, parse_expression, telling_digits

# A look-up table over this many leading digits is 2 MB. Prefixes that depend on more are resolved by those that decide.
MOST_DIGITS_IN_TABLE = 5


@dataclass(frozen=True, slots=True)
class Edit:
    """What a matching prefix does to a number: drop digits, put others before the rest."""

    dropped: int
    prefix: str = ""
    has_carrier: bool = False


class Prefix:
    """A prefix expression with an optional transform rule, resolved once per group of leading digits and length."""

    def __init__(self, expression: str, transform_rule: str | None) -> None:
        self._expression = re.compile(expression)
        self._rule = transform_rule
        tree = parse_expression(expression)
        self._telling = telling_digits(tree)[0]
        begins, can_be_empty = first_digits(tree)
        self._can_begin = np.array([can_be_empty or digit in begins for digit in range(10)])
        self._edits: list[Edit | None] = [None]

    def edits(self, digits: Digits) -> Iterator[tuple[Edit, Integers]]:
        """Each edit that some rows need, with those rows."""
        rows = np.flatnonzero(self._can_begin[digits.first(1)])
        if not len(rows):
            return
        begins = digits.take(rows)
        which = self._which(begins.first(self._telling) * (WIDTH + 1) + begins.lengths)
        for index in np.unique(which[which > 0]):
            edit = self._edits[index]
            if edit:
                yield edit, rows[which == index]

    def _which(self, keys: Integers) -> NDArray[np.signedinteger]:
        if self._telling > MOST_DIGITS_IN_TABLE:
            distinct, rows = np.unique(keys, return_inverse=True)
            decisive, places = np.unique(self._shortened(distinct), return_inverse=True)
            found = np.array([self._resolve(int(key)) for key in decisive], np.int64)
            return found[places.reshape(-1)][rows.reshape(-1)]
        which = self._table[keys]
        unknown = which < 0
        if unknown.any():
            for key in np.unique(keys[unknown]):
                self._table[key] = self._resolve(int(key))
            which = self._table[keys]
        return which

    def _shortened(self, keys: Integers) -> Integers:
        """The keys of those leading digits alone that decide: of many numbers, two or three."""
        leading, lengths = np.divmod(keys, WIDTH + 1)
        digits = Digits.of_values(leading, np.full(len(keys), self._telling))
        kept = np.minimum(self._automaton.decisive_digits(digits), lengths)
        beyond = POWERS[np.maximum(self._telling - kept, 0)]
        return leading // beyond * beyond * (WIDTH + 1) + kept

    @cached_property
    def _automaton(self) -> Automaton:
        # Without the ends that some demand, more digits are kept than decide, never fewer.
        return Automaton([self._expression.pattern.replace("$", "")])

    @cached_property
    def _table(self) -> NDArray[np.int16]:
        return np.full(10**self._telling * (WIDTH + 1), -1, np.int16)

    def _resolve(self, key: int) -> int:
        leading, length = divmod(key, WIDTH + 1)
        text = str(leading).zfill(self._telling) if self._telling else ""
        edit = self._edit_of(text.ljust(length, "0")[:length])
        if edit not in self._edits:
            self._edits.append(edit)
        return self._edits.index(edit)

    def _edit_of(self, text: str) -> Edit | None:
        match = self._expression.match(text)
        if not match or not text:
            return None
        groups = match.groups()
        if not self._rule or groups[-1] is None:
            edit = Edit(match.end(), has_carrier=bool(groups and groups[0]))
        else:
            edit = self._transformed(match, has_carrier=len(groups) > 1 and bool(groups[0]))
        return None if edit == Edit(0) else edit

    def _transformed(self, match: re.Match[str], *, has_carrier: bool) -> Edit:
        # Every rule of the metadata is literal digits before one group, the group being the last thing matched or
        # within the telling digits: either way the rest of the number is what stands behind it.
        literal, group = re.fullmatch(r"(\d*)\\(\d)", self._rule or "").groups()  # type: ignore[union-attr]
        start, end = match.span(int(group))
        if end == match.end():
            return Edit(start, literal, has_carrier)
        return Edit(match.end(), literal + match[int(group)], has_carrier)
