"""What an XML parser tells of a workbook of Excel 2003 -> the rows of its sheets.

Source of its elements and attributes: Microsoft, "XML Spreadsheet Reference" (Office XP).
"""

from datetime import datetime

from lead_store.intake.reading.markup.listening import LONGEST_TEXT, Listener, count_of
from lead_store.intake.reading.refusals import damaged
from lead_store.intake.reading.workbooks.expansion import LAST_COLUMN, LAST_ROW
from lead_store.intake.reading.workbooks.values import as_seen, number_as_seen


class ExcelXml(Listener):
    """Gathers the rows of all sheets, each under its name."""

    def __init__(self) -> None:
        super().__init__()
        self._sheet = ""
        self._row = 0
        self._cells: list[str] = []
        self._kind = ""
        self._text: list[str] | None = None
        self._length = 0
        self._across = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        told = {_local(name): value for name, value in attributes.items()}
        match _local(tag):
            case "Worksheet":
                self._sheet, self._row = told.get("Name", ""), 0
            case "Row":
                self._row = max(self._row + 1, count_of(told.get("Index"), LAST_ROW))
                self._cells = []
            case "Cell":
                place = count_of(told.get("Index"), LAST_COLUMN) - 1
                blank = max(place, len(self._cells) + self._across) - len(self._cells)
                self._cells += self.leave_blank(blank)
                self._across = count_of(told.get("MergeAcross"), LAST_COLUMN, least=0)
                self._cells.append("")
            case "Data":
                self._kind, self._text, self._length = told.get("Type", ""), [], 0

    def end(self, tag: str) -> None:
        match _local(tag):
            case "Worksheet":
                self.ended.add(self._sheet)
            case "Row":
                self.found.append((self._sheet, self._row, self._cells))
                self._across = 0
            case "Data" if self._text is not None and self._cells:
                self._cells[-1] = _value("".join(self._text).strip(), self._kind)
                self._text = None

    def data(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)
            self._length += len(text)
            if self._length > LONGEST_TEXT:
                raise damaged()

    def close(self) -> None:
        """A row that has not ended is not whole."""


def _local(name: str) -> str:
    return name.rsplit("}", 1)[-1]


def _value(text: str, kind: str) -> str:
    """A cell's text as people see it: what it holds is in its type."""
    try:
        if kind == "Number":
            return number_as_seen(float(text))
        if kind == "DateTime":
            return as_seen(datetime.fromisoformat(text))
    except ValueError:
        return text
    return {"1": "TRUE", "0": "FALSE"}.get(text, text) if kind == "Boolean" else text
