"""Patterns of numbering plans as one table-driven automaton that runs over whole columns of digits.

phonenumbers' metadata describes each kind of number by a regular expression over digits. All expressions of a plan
are compiled into one deterministic automaton whose states know which of them match, so that a column costs a few
table look-ups, however many expressions there are. Which expressions belong to a plan is the concern of `plans`.
"""

import numpy as np

from lead_store.intake.phones.digits import WIDTH, Digits, Integers
from lead_store.intake.phones.expressions import Node, parse_expression, unrolled


class _Positions:
    """The digit positions of several expressions, with the positions that can follow each (Glushkov)."""

    def __init__(self) -> None:
        self.digits: list[frozenset[int]] = []
        self.follow: list[set[int]] = []
        self.ends: dict[int, int] = {}

    def add(self, expression: str, bit: int) -> tuple[set[int], bool]:
        first, last, can_be_empty = self._place(parse_expression(expression))
        for position in last:
            self.ends[position] = self.ends.get(position, 0) | bit
        return first, can_be_empty

    def _place(self, node: Node) -> tuple[set[int], set[int], bool]:
        if node.kind == "digits":
            self.digits.append(node.digits)
            self.follow.append(set())
            here = {len(self.digits) - 1}
            return here, here, False
        if node.kind == "end":
            raise ValueError("The end of the number is a matter of whole expressions here.")
        if node.kind == "alternatives":
            placed = [self._place(part) for part in node.parts]
            firsts: set[int] = set().union(*(first for first, _, _ in placed))
            lasts: set[int] = set().union(*(last for _, last, _ in placed))
            return firsts, lasts, any(empty for _, _, empty in placed)
        return self._place_sequence(node)

    def _place_sequence(self, node: Node) -> tuple[set[int], set[int], bool]:
        first: set[int] = set()
        last: set[int] = set()
        can_be_empty = True
        for part, is_optional in unrolled(node):
            part_first, part_last, part_empty = self._place(part)
            part_empty = part_empty or is_optional
            for position in last:
                self.follow[position] |= part_first
            first = first | part_first if can_be_empty else first
            last = last | part_last if part_empty else part_last
            can_be_empty = can_be_empty and part_empty
        return first, last, can_be_empty


class Automaton:
    """Which of several expressions match the whole of each number.

    `sets` lists every set of expressions that can match together, as integers with one bit per expression, in the
    order given; `matching` answers with positions in that list.
    """

    def __init__(self, expressions: list[str]) -> None:
        """Raises ValueError for syntax that numbering plans do not use."""
        transitions, matches = _determined(expressions)
        self.sets = sorted(set(matches))
        rank = {bits: index for index, bits in enumerate(self.sets)}
        transitions, labels = _minimal(transitions, np.array([rank[bits] for bits in matches]))
        self.depth = _depth(transitions)
        states = len(transitions)
        self._pairs = transitions[transitions].reshape(states * 100)
        self._singles = transitions.reshape(states * 10)
        self._after = _after_lengths(transitions, labels, self.depth)
        leads_nowhere = (transitions == np.arange(states)[:, None]).all(axis=1)
        self._is_dead = leads_nowhere & (np.array(self.sets)[labels] == 0)

    def matching(self, digits: Digits) -> Integers:
        """Per number, the position in `sets` of the expressions that match all of it."""
        return self._after[digits.lengths, self._states(digits)]

    def decisive_digits(self, digits: Digits) -> Integers:
        """After how many leading digits nothing that follows can match any more; zeros follow the digits given."""
        states: Integers = np.zeros(len(digits), np.int64)
        decisive: Integers = np.zeros(len(digits), np.int64)
        for read in range(1, WIDTH + 1):
            is_open = ~self._is_dead[states]
            if not is_open.any():
                break
            decisive += is_open
            states = self._singles.take(states * 10 + digits.first(read) % 10)
        return decisive

    def _states(self, digits: Digits) -> Integers:
        states = self._run(digits, self.depth)
        # A number shorter than the telling digits ends inside them, and its padding must not be read.
        is_short = digits.lengths < self.depth
        for length in np.unique(digits.lengths[is_short]) if is_short.any() else ():
            rows = np.flatnonzero(digits.lengths == length)
            states[rows] = self._run(digits.take(rows), int(length))
        return states

    def _run(self, digits: Digits, count: int) -> Integers:
        states: Integers = np.zeros(len(digits), np.int64)
        head: Integers | int = 0
        for read in range(2, count + 1, 2):
            # Measured: the next two digits by a difference take half of the time of a remainder.
            before, head = head, digits.first(read)
            states = self._pairs.take(states * 100 + (head - before * 100))
        if count % 2:
            states = self._singles.take(states * 10 + (digits.first(count) - head * 10))
        return states


def _determined(expressions: list[str]) -> tuple[Integers, list[int]]:
    """Transitions (state x digit) and the bits that match in each state, by the subset construction; 0 starts."""
    positions = _Positions()
    first: set[int] = set()
    empty_bits = 0
    for index, expression in enumerate(expressions):
        starts, can_be_empty = positions.add(expression, 1 << index)
        first |= starts
        empty_bits |= (1 << index) if can_be_empty else 0
    # The start is kept apart from any set of positions: nothing has been read there, so nothing can have ended.
    numbers: dict[frozenset[int], int] = {}
    matches = [empty_bits]
    reachable = [first]
    rows: list[list[int]] = []
    while len(rows) < len(reachable):
        here = reachable[len(rows)]
        row = []
        for digit in range(10):
            target = frozenset(position for position in here if digit in positions.digits[position])
            if target not in numbers:
                numbers[target] = len(reachable)
                reachable.append(set().union(*(positions.follow[position] for position in target)))
                matches.append(_bits(positions.ends, target))
            row.append(numbers[target])
        rows.append(row)
    return np.array(rows, np.int64), matches


def _bits(ends: dict[int, int], state: frozenset[int]) -> int:
    bits = 0
    for position in state:
        bits |= ends.get(position, 0)
    return bits


def _minimal(transitions: Integers, labels: Integers) -> tuple[Integers, Integers]:
    """The automaton with states that cannot be told apart made one (Moore); the start stays state 0."""
    classes = np.unique(labels, return_inverse=True)[1].reshape(-1)
    while True:
        signature = np.column_stack([classes, classes[transitions]])
        refined = np.unique(signature, axis=0, return_inverse=True)[1].reshape(-1)
        if refined.max() == classes.max():
            break
        classes = refined
    kept = np.sort(np.unique(refined, return_index=True)[1])
    rank = np.empty(len(kept), np.int64)
    rank[refined[kept]] = np.arange(len(kept))
    return rank[refined[transitions[kept]]], labels[kept]


def _depth(transitions: Integers) -> int:
    """After how many digits the state no longer depends on which digits follow, only on how many."""
    tells = (transitions != transitions[:, :1]).any(axis=1)
    level = np.zeros(len(transitions), bool)
    level[0] = True
    depth = 0
    for read in range(WIDTH):
        if (level & tells).any():
            depth = read + 1
        following = np.zeros_like(level)
        following[transitions[level].ravel()] = True
        level = following
    return depth


def _after_lengths(transitions: Integers, labels: Integers, depth: int) -> Integers:
    """The label per (length, state after the telling digits): digits beyond those are only counted."""
    after = np.zeros((WIDTH + 1, len(transitions)), np.int64)
    states = np.arange(len(transitions))
    for length in range(WIDTH + 1):
        after[length] = labels[states]
        if length >= depth:
            states = transitions[states, 0]
    return after
