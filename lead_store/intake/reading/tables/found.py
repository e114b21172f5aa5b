"""A table of a sheet that has several."""

from dataclasses import dataclass

from lead_store.intake.reading.dialect import CellRange

_SHOWN_HEADERS = 3


@dataclass(frozen=True)
class TableFound:
    """Where a table lies, its headers, and how much it looks like a list of contacts."""

    cell_range: CellRange
    headers: tuple[str, ...]
    likeness: float
    rows: int
    """At its head: as many as were looked at."""

    @property
    def place(self) -> str:
        """As people say it, such as `rows 8 to 10`."""
        place = self.cell_range
        if place.last_column is not None:
            return f"columns {place.first_column} to {place.last_column}"
        return f"rows {place.first_row:,} to {place.last_row:,}"

    @property
    def label(self) -> str:
        """Where it is and what it holds, for a list to choose from."""
        shown = ", ".join(self.headers[:_SHOWN_HEADERS])
        more = ", …" if len(self.headers) > _SHOWN_HEADERS else ""
        return f"{self.place[0].upper()}{self.place[1:]}: {shown}{more}"
