"""What an HTML parser tells of a page -> the rows of its tables."""

from dataclasses import dataclass, field

from lead_store.intake.reading.markup.listening import LONGEST_TEXT, Listener, count_of
from lead_store.intake.reading.refusals import damaged
from lead_store.intake.reading.workbooks.expansion import LAST_COLUMN, LAST_ROW
from lead_store.intake.reading.workbooks.values import number_as_seen

_BREAKS = frozenset(("br", "p", "div", "li"))
_UNSEEN = frozenset(("script", "style"))


@dataclass
class _Table:
    """A table of a page that is being read."""

    name: str
    rows: int = 0
    cells: list[str] | None = None
    """Of the row that has begun; None between rows."""
    text: list[str] | None = None
    """Of the cell that has begun; None between cells."""
    length: int = 0
    shown: str | None = None
    """What the cell's number is, where its text is only how it was shown."""
    columns: int = 1
    down: int = 1
    taken: dict[int, int] = field(default_factory=dict)
    """Column -> how many more rows a cell above reaches into."""
    begun: dict[int, int] = field(default_factory=dict)


class Page(Listener):
    """What an HTML parser tells of a page -> rows. Cells may end only with their row, and rows with the next."""

    def __init__(self) -> None:
        super().__init__()
        self._open: list[_Table] = []
        self._tables = 0
        self._unseen = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "table":
            self._tables += 1
            self._open.append(_Table(f"Table {self._tables}"))
        elif tag in _UNSEEN:
            self._unseen += 1
        elif self._open and tag == "tr":
            self._end_row()
            self._open[-1].cells = []
        elif self._open and tag in ("td", "th"):
            self._begin_cell(attributes)
        elif tag in _BREAKS:
            self.data("\n")

    def end(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen -= 1
        elif self._open and tag in ("td", "th"):
            self._end_cell()
        elif self._open and tag == "tr":
            self._end_row()
        elif self._open and tag == "table":
            self._end_row()
            self.ended.add(self._open.pop().name)

    def data(self, text: str) -> None:
        table = self._open[-1] if self._open and not self._unseen else None
        if table is not None and (texts := table.text) is not None:
            texts.append(text)
            table.length += len(text)
            if table.length > LONGEST_TEXT:
                raise damaged()

    def close(self) -> None:
        while self._open:
            self._end_row()
            self._open.pop()

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        self._end_cell()
        table = self._open[-1]
        if table.cells is None:
            table.cells = []
        table.text, table.length = [], 0
        table.shown = _exact(attributes.get("x:num"))
        table.columns = count_of(attributes.get("colspan"), LAST_COLUMN)
        table.down = count_of(attributes.get("rowspan"), LAST_ROW)

    def _end_cell(self) -> None:
        table = self._open[-1]
        if table.text is None or table.cells is None:
            return
        lines = (" ".join(line.split()) for line in "".join(table.text).split("\n"))
        text = table.shown or "\n".join(line for line in lines if line)
        table.text = None
        while len(table.cells) in table.taken:
            table.cells += self.leave_blank(1)
        end = max(len(table.cells) + 1, min(len(table.cells) + table.columns, LAST_COLUMN))
        if table.down > 1:
            table.begun.update(dict.fromkeys(range(len(table.cells), end), table.down - 1))
        table.cells += [text, *self.leave_blank(end - len(table.cells) - 1)]

    def _end_row(self) -> None:
        self._end_cell()
        table = self._open[-1]
        if table.cells is None:
            return
        table.rows += 1
        self.found.append((table.name, table.rows, table.cells))
        self.allow_blank(len(table.taken))
        left = {column: rows - 1 for column, rows in table.taken.items() if rows > 1}
        table.taken, table.begun, table.cells = left | table.begun, {}, None


def _exact(number: str | None) -> str | None:
    try:
        return number_as_seen(float(number)) if number else None
    except (ValueError, OverflowError):
        return None
