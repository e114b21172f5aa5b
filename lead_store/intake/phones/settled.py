"""The answers on the cells of a column, gathered as integers and turned into Arrow columns at the end."""

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from lead_store.intake.phones.digits import Booleans, Integers
from lead_store.intake.phones.patterns import imports_unknown_ranges
from lead_store.intake.phones.plain_cells import REPAIR_OF_WRAPPER, PlainCells, find_plain_cells
from lead_store.intake.phones.regions import RegionColumn
from lead_store.intake.phones.variants import variants_of
from lead_store.intake.phones.verdicts import (
    PATTERNS,
    REPAIR_OF_NUMBER,
    Verdicts,
    judge_international,
    judge_national,
)
from lead_store.intake.problems import Code

Answer = tuple[str | None, ...]

COLUMNS = ("e164", "variant", "problem", "repair", "pattern", "others")

_PROBLEMS = (None, Code.PHONE_INVALID.value, Code.PHONE_AMBIGUOUS.value)
_INVALID, _AMBIGUOUS = 1, 2
_REPAIRS = (*REPAIR_OF_NUMBER, *REPAIR_OF_WRAPPER[1:])


class Settled:
    """The answers so far on the rows of a column; `is_open` marks those that are still to be read cell by cell.

    Problems, repairs and patterns are places in lists of words; the first of each stands for none, as does 0 for a
    number.
    """

    def __init__(self, rows: int) -> None:
        self.e164 = np.zeros(rows, np.int64)
        self.variants = np.zeros(rows, np.int64)
        self.problems = np.zeros(rows, np.int8)
        self.patterns = np.zeros(rows, np.int16)
        self.repairs = np.zeros(rows, np.int8)
        self.is_open: Booleans = np.ones(rows, bool)
        self.others: dict[int, str] = {}
        self.problem_words, self.repair_words, self.pattern_words = list(_PROBLEMS), list(_REPAIRS), list(PATTERNS)

    @classmethod
    def joined(cls, pieces: "Sequence[Settled]") -> "Settled":
        """The answers on plain cells, piece after piece."""
        whole = cls(0)
        for name in ("e164", "variants", "problems", "patterns", "repairs", "is_open"):
            setattr(whole, name, np.concatenate([getattr(piece, name) for piece in (whole, *pieces)]))
        return whole

    def take_over(self, plain: PlainCells, chosen: Integers, verdicts: Verdicts, decided: NDArray) -> None:
        """The verdicts on the chosen plain cells, but for what they leave open and patterns that are decided."""
        rows = plain.rows[chosen]
        is_number = verdicts.e164 > 0
        is_open = verdicts.is_open | (~is_number & plain.may_hold_several[chosen])
        self.is_open[rows] = is_open | np.isin(verdicts.patterns, decided) if len(decided) else is_open
        self.e164[rows] = verdicts.e164
        self.variants[rows] = variants_of(verdicts.e164, verdicts.kinds)
        self.problems[rows] = np.where(is_number, 0, np.where(verdicts.patterns > 0, _AMBIGUOUS, _INVALID))
        self.patterns[rows] = verdicts.patterns
        wrapped = plain.wrappers[chosen]
        repairs = np.where(wrapped > 0, wrapped + len(REPAIR_OF_NUMBER) - 1, verdicts.repairs)
        self.repairs[rows] = np.where(is_number, repairs, 0)

    def answer(self, rows: Integers, answers: Sequence[Answer]) -> None:
        """What was read cell by cell, an answer for each of these rows."""
        e164, variants, problems, repairs, patterns, others = zip(*answers, strict=True)
        self.e164[rows] = [_digits(number) for number in e164]
        self.variants[rows] = [_digits(number) for number in variants]
        self.problems[rows] = _places(self.problem_words, problems)
        self.repairs[rows] = _places(self.repair_words, repairs)
        self.patterns[rows] = _places(self.pattern_words, patterns)
        self.others = {row: other for row, other in zip(rows.tolist(), others, strict=True) if other is not None}
        self.is_open[rows] = False

    def to_arrays(self) -> list[pa.Array]:
        """COLUMNS, null in open rows."""
        others = np.zeros(len(self.e164), np.int32)
        others[list(self.others)] = range(1, len(self.others) + 1)
        return [
            _numbers(self.e164),
            _numbers(self.variants),
            _words(self.problems, self.problem_words),
            _words(self.repairs, self.repair_words),
            _words(self.patterns, self.pattern_words),
            _words(others, [None, *self.others.values()]),
        ]


def settle(cells: pa.Array, regions: str | pa.Array | None, choices: Mapping[str, str]) -> Settled:
    """The answers on all plain cells that the numbering plans and rules can give column-wise."""
    settled = Settled(len(cells))
    plain = find_plain_cells(cells)
    decided = np.array([PATTERNS.index(pattern) for pattern in choices if pattern in PATTERNS], np.int16)
    with_plus = np.flatnonzero(plain.has_plus)
    international = judge_international(plain.digits.take(with_plus))
    if imports_unknown_ranges(choices):
        international.is_open[international.e164 == 0] = True
    settled.take_over(plain, with_plus, international, decided)
    without_plus = np.flatnonzero(~plain.has_plus)
    own_regions = RegionColumn.of(regions, len(cells)).take(plain.rows[without_plus])
    national = judge_national(plain.digits.take(without_plus), own_regions)
    settled.take_over(plain, without_plus, national, decided)
    return settled


def _digits(e164: str | None) -> int:
    return int(e164[1:]) if e164 else 0


def _places(words: list[str | None], given: Sequence[str | None]) -> list[int]:
    """Where the given words stand among `words`; new ones are added."""
    places = {word: place for place, word in enumerate(words)}
    for word in given:
        if word not in places:
            places[word] = len(words)
            words.append(word)
    return [places[word] for word in given]


def _numbers(values: Integers) -> pa.Array:
    digits = pa.array(values, mask=values == 0).cast(pa.string())
    return pc.utf8_replace_slice(digits, 0, 0, "+")


def _words(indexes: NDArray[np.signedinteger], words: Sequence[str | None]) -> pa.Array:
    if not indexes.any():
        return pa.nulls(len(indexes), pa.string())
    places = pa.array(indexes, mask=indexes == 0)
    return pa.DictionaryArray.from_arrays(places, pa.array(words, pa.string())).dictionary_decode()
