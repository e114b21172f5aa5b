"""Which order the dates of a text column are in: proven by a value above 12, or left open. Converts nothing."""

import re
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

_DATE = r"^\s*(?P<first>\d{1,2})[/.\-](?P<second>\d{1,2})[/.\-](?:\d{4}|\d{2})\b"
_DATE_PATTERN = re.compile(_DATE)


def looks_like_date(value: str) -> bool:
    """Whether the value starts with a date whose order of day and month is open."""
    return _DATE_PATTERN.match(value) is not None


@dataclass
class DateOrder:
    """The highest first and second numbers of a column's dates, gathered over the whole file."""

    highest_first: int = 0
    highest_second: int = 0

    def add(self, values: pa.ChunkedArray) -> None:
        """Takes in more values of the column; those that are no dates are passed over."""
        parts = pc.extract_regex(values, _DATE).drop_null()
        if len(parts):
            self.highest_first = max(self.highest_first, _highest(parts, "first"))
            self.highest_second = max(self.highest_second, _highest(parts, "second"))

    def sentence(self, header: str) -> str | None:
        """What the column's dates prove about their order; None where it held no date."""
        day_first, month_first = self.highest_first > 12, self.highest_second > 12
        if not self.highest_first:
            return None
        if day_first and month_first:
            return f"The dates in “{header}” are in two orders: some begin with the day, others with the month."
        if day_first:
            return f"The dates in “{header}” begin with the day: {self.highest_first} stands where a month cannot."
        if month_first:
            return f"The dates in “{header}” begin with the month: {self.highest_second} stands second."
        return f"The dates in “{header}” could begin with the day or the month: no value tells."


def _highest(parts: pa.ChunkedArray, name: str) -> int:
    return pc.max(pc.cast(pc.struct_field(parts, name), pa.int16())).as_py()
