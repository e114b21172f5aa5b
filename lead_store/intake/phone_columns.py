"""The phone columns of one record batch, column-wise: of several, each row's first valid number counts.

How one cell is read is left to phones; what stands beside a number, to beside_phones.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from lead_store.intake import columns
from lead_store.intake.beside_phones import holds_no_phone, read_emails_beside
from lead_store.intake.noting import NotedProblems
from lead_store.intake.phones import read_phones
from lead_store.intake.problems import Code

# Beside a phone in its cell: a further one or an e-mail, where words and extensions are no news to anybody.
ANOTHER_ADDRESS = r"@|(?:\d\D{0,3}){7}"
_NOTHING = pa.scalar(None, pa.string())


@dataclass(frozen=True)
class PhoneColumn:
    """A column that feeds the phone: its place in the file, its cells, and the area codes that another column has."""

    index: int
    header: str
    cells: pa.StringArray
    area_codes: pa.StringArray | None = None


class ChosenPhones:
    """The phone of each row, and what else the phone columns hold.

    Attributes:
        e164, variant, repair: of the first valid number.
        problem: of the first cell that may be meant as a number, where no number is valid.
        words: what stands beside the number in its cell, where these are words.
        emails: the first e-mail in the cells.
        kept: under the header of each column, what its cells hold beyond the chosen number.
    """

    def __init__(
        self,
        tried: Sequence[PhoneColumn],
        region: str | None | pa.StringArray,
        choices: Mapping[str, str],
        noted: NotedProblems,
        length: int,
    ) -> None:
        """
        Args:
            tried: the columns, in the order in which they are tried.
            region: where numbers without a country code are read, for all rows or one for each.
            choices: the user's readings of ambiguous patterns.
            noted: takes the problems of the cells.
            length: the count of rows.
        """
        nothing = pa.nulls(length, pa.string())
        self.e164 = self.variant = self.repair = self.problem = self.words = self.emails = nothing
        self.kept: list[tuple[str, pa.StringArray]] = []
        self._noted = noted
        self._problem_cells = self._patterns = nothing
        self._problem_columns = pa.nulls(length, pa.int32())
        for column in tried:
            self._take(column, _read(column, region, choices))
        self.problem = pc.if_else(pc.is_null(self.e164), self.problem, _NOTHING)
        noted.add(self.problem, self._problem_columns, self._problem_cells, self._patterns)

    def _take(self, column: PhoneColumn, read: pa.RecordBatch) -> None:
        is_valid, others = pc.is_valid(read.column("e164")), read.column("others")
        takes = pc.and_(pc.is_null(self.e164), is_valid)
        for key in ("e164", "variant", "repair"):
            setattr(self, key, pc.if_else(takes, read.column(key), getattr(self, key)))
        # Who left an e-mail or a dash where others left a phone left no phone.
        is_wrong = pc.and_not(pc.is_valid(read.column("problem")), pc.fill_null(holds_no_phone(column.cells), False))
        fails = pc.and_(pc.is_null(self.problem), is_wrong)
        self.problem = pc.if_else(fails, read.column("problem"), self.problem)
        self._problem_cells = pc.if_else(fails, column.cells, self._problem_cells)
        self._problem_columns = pc.if_else(fails, pa.scalar(column.index, pa.int32()), self._problem_columns)
        self._patterns = pc.if_else(fails, read.column("pattern"), self._patterns)
        has_words = pc.fill_null(pc.and_(takes, pc.equal(read.column("repair"), "text_beside")), False)
        self.words = pc.if_else(has_words, others, self.words)
        beside = pc.if_else(is_valid, others, column.cells)
        self.emails = pc.coalesce(self.emails, read_emails_beside(beside))
        self.kept.append((column.header, pc.if_else(takes, others, column.cells)))
        holds_another = pc.and_(takes, pc.fill_null(pc.match_substring_regex(others, ANOTHER_ADDRESS), False))
        self._noted.add(pc.if_else(holds_another, Code.PHONES_SEVERAL.value, _NOTHING), column.index, column.cells)


def _read(column: PhoneColumn, region: str | None | pa.StringArray, choices: Mapping[str, str]) -> pa.RecordBatch:
    """What `read_phones` gives, where a number needs its area code together with it."""
    # A number that already holds its area code, or its country's, stands by itself.
    alone = read_phones(column.cells, region, choices)
    if column.area_codes is None:
        return alone
    together = columns.joined(["(", column.area_codes, ") ", column.cells])
    joined = read_phones(together, region, choices)
    takes = pc.and_(pc.is_null(alone.column("e164")), pc.is_valid(joined.column("e164")))
    return pa.RecordBatch.from_arrays(
        [pc.if_else(takes, joined.column(key), alone.column(key)) for key in alone.schema.names],
        names=alone.schema.names,
    )
