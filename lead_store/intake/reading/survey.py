"""What reading a whole file came to: counts, problems, some values of each column and a preview. Judges nothing."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from lead_store.intake.problems import WORDING, Code
from lead_store.intake.reading.dates import DateOrder, looks_like_date
from lead_store.intake.reading.dialect import Dialect, PreviewRow
from lead_store.intake.reading.tables.openings import Openings
from lead_store.intake.reading.texts.endings import Endings

PREVIEW_ROWS = 20
_VALUES = 40
_GOLDEN_RATIO = 0.6180339887

MOST_TALLIED = 500
"""Different values of a column that are counted: answers, states and days are fewer, people are more."""
_ROWS_THAT_TELL = 2_000


@dataclass
class Survey:
    """What reading the whole file came to."""

    openings: Openings
    rows: int = 0
    problems: dict[str, int] = field(default_factory=dict)
    endings: Endings = field(default_factory=Endings)
    preview: tuple[PreviewRow, ...] = ()
    values: list[list[str]] = field(default_factory=list)
    dates: dict[int, DateOrder] = field(default_factory=dict)
    tallies: list[Counter[str] | None] = field(default_factory=list)
    """Per column each value with its count, None where there are more than MOST_TALLIED."""

    def sentences(self) -> Iterator[str]:
        """What is wrong with rows, and with how many of them."""
        for code, count in self.problems.items():
            label = WORDING[Code(code)].label
            yield f"{count:,} of {self.rows:,} rows cannot be used as they are: {label.lower()}."


def survey_of(tables: Iterable[pa.Table], dialect: Dialect, header: Sequence[str]) -> Survey:
    """Goes through the whole file once. `header`: its cells."""
    survey = Survey(
        values=[[] for _ in range(dialect.columns_read)],
        tallies=[Counter() for _ in range(dialect.columns_read)],
        openings=Openings(header, dialect.header_row or 0),
    )
    for table in tables:
        survey.rows += table.num_rows
        survey.openings.add(table)
        problems = table["problem"]
        good = table
        if problems.null_count < table.num_rows:
            _count_problems(survey, table)
            good = table.filter(problems.is_null())
        survey.endings.add(table, good)
        if len(survey.preview) < PREVIEW_ROWS:
            survey.preview += _preview(table.slice(0, PREVIEW_ROWS - len(survey.preview)), dialect.columns_read)
        _spread(survey.values, good)
        _gather_dates(survey, good)
        _count_values(survey.tallies, good)
    return survey


def _count_problems(survey: Survey, table: pa.Table) -> None:
    for entry in table["problem"].drop_null().value_counts().to_pylist():
        survey.problems[entry["values"]] = survey.problems.get(entry["values"], 0) + entry["counts"]


def _preview(table: pa.Table, width: int) -> tuple[PreviewRow, ...]:
    return tuple(
        PreviewRow(row["row_number"], tuple(row[f"c{index}"] for index in range(width)), row["problem"])
        for row in table.to_pylist()
    )


def _spread(values: list[list[str]], table: pa.Table) -> None:
    """Filled values of each column from all over the table, the same ones more than once: the head of a file is often
    tests and strangers."""
    for index, seen in enumerate(values):
        if wanted := _VALUES - len(seen):
            filled = table[f"c{index}"].drop_null()
            taken = filled.take(pa.array(_places(wanted, len(filled)), pa.int64()))
            seen += [value for value in taken.to_pylist() if value.strip()]


def _places(wanted: int, length: int) -> list[int]:
    """One place in each of as many equal parts, in each at another spot: lists repeat themselves at even distances."""
    if length <= wanted:
        return list(range(length))
    return [int((part + part * _GOLDEN_RATIO % 1) * length / wanted) for part in range(wanted)]


def _count_values(tallies: list[Counter[str] | None], table: pa.Table) -> None:
    for index, tally in enumerate(tallies):
        values = table[f"c{index}"]
        # The head of a column of names or phones tells at once that counting it is of no use.
        if tally is None or pc.count_distinct(values.slice(0, _ROWS_THAT_TELL)).as_py() > MOST_TALLIED:
            tallies[index] = None
            continue
        counts = values.drop_null().value_counts()
        if len(counts) > MOST_TALLIED:
            tallies[index] = None
            continue
        tally.update({entry["values"]: entry["counts"] for entry in counts.to_pylist()})
        if len(tally) > MOST_TALLIED:
            tallies[index] = None


def _gather_dates(survey: Survey, table: pa.Table) -> None:
    """Text dates only: a date cell of a workbook comes in ISO, whose order is no question."""
    for index, seen in enumerate(survey.values):
        if seen and sum(map(looks_like_date, seen)) * 2 >= len(seen):
            survey.dates.setdefault(index, DateOrder()).add(table[f"c{index}"])
