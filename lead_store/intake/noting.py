"""Problems noted column by column, and per row as one JSON text. Which problems there are is said in `problems`."""

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from lead_store.intake import columns

# What a problem shows of a cell: enough to recognise it.
SHOWN_VALUE_LENGTH = 200


class NotedProblems:
    """The problems of the rows of one record batch; most rows have none, and cost nothing.

    Of a damaged row the damage alone is noted: its cells need not be those of the columns in which they stand.
    """

    def __init__(self, headers: Sequence[str], damage: pa.StringArray, surplus: pa.StringArray) -> None:
        """
        Args:
            damage: the code of each damaged row, null of the others.
            surplus: the text beyond its last column.
        """
        self._headers = columns.json_text(pa.array(headers, pa.string()))
        self._length = len(damage)
        self._noted: list[pa.StringArray] = []
        self._is_whole: pa.BooleanArray | bool = True
        self.add(damage, None, surplus)
        self._is_whole = pc.is_null(damage)

    def add(
        self,
        codes: pa.StringArray,
        column: int | str | pa.Array | None,
        values: pa.StringArray,
        patterns: pa.StringArray | None = None,
    ) -> None:
        """Note the code, the column and the value of each row whose code is not null.

        Args:
            column: the index of the column they are about, one index per row, a field's name, or None.
            patterns: of ambiguous phones, by which the user decides.
        """
        has = pc.and_(pc.is_valid(codes), self._is_whole)
        if pc.any(has).as_py():
            self._noted.append(columns.where(has, lambda: self._objects(has, codes, column, values, patterns)))

    def as_json(self) -> pa.StringArray:
        """Per row a JSON array of its problems, in the order noted; null where it has none."""
        return columns.joined(["[", columns.joined_filled(self._noted, ",", self._length), "]"])

    def _objects(
        self,
        has: pa.BooleanArray,
        codes: pa.StringArray,
        column: int | str | pa.Array | None,
        values: pa.StringArray,
        patterns: pa.StringArray | None,
    ) -> pa.StringArray:
        shown = pc.utf8_slice_codeunits(values.filter(has), 0, SHOWN_VALUE_LENGTH)
        value = pc.fill_null(columns.json_text(shown), "null")
        pattern = "" if patterns is None else _pattern_member(patterns.filter(has))
        header = self._header(has, column)
        return columns.joined(['{"code":"', codes.filter(has), '","column":', header, ',"value":', value, pattern, "}"])

    def _header(self, has: pa.BooleanArray, column: int | str | pa.Array | None) -> pa.StringArray | str:
        if isinstance(column, pa.Array):
            return self._headers.take(column.filter(has))
        if isinstance(column, int):
            return self._headers[column].as_py()
        return "null" if column is None else columns.json_text(pa.array([column]))[0].as_py()


def _pattern_member(patterns: pa.StringArray) -> pa.StringArray:
    return pc.fill_null(columns.joined([',"pattern":', columns.json_text(patterns)]), "")
