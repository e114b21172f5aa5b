"""Headers in two rows: the upper one tells apart columns that are called the same, as in "Father: Name, Phone"."""

from collections import Counter
from collections.abc import Sequence

from lead_store.intake.reading.cells import Kind, kind_of
from lead_store.intake.reading.header import Row


def told_apart(rows: Sequence[Row], header_row: int | None) -> list[str] | None:
    """The header's cells, those that occur twice with the group that stands above them; None where no row above tells
    them apart. A group spans its columns up to the next one, as merged cells do.
    """
    by_number = dict(rows)
    header, above = by_number.get(header_row or 0), by_number.get((header_row or 0) - 1)
    if header is None or above is None:
        return None
    groups = [cell for cell in above if cell.strip()]
    if len(groups) < 2 or len(set(groups)) < len(groups) or not all(map(_is_group, groups)):
        return None
    counts = Counter(map(_plain, header))
    group, named = "", []
    for place, cell in enumerate(header):
        group = (above[place].strip() if place < len(above) else "") or group
        named.append(f"{group} {cell.strip()}".strip() if cell.strip() and counts[_plain(cell)] > 1 else cell)
    filled = [_plain(cell) for cell in named if cell.strip()]
    return named if named != header and len(set(filled)) == len(filled) else None


def _is_group(cell: str) -> bool:
    """A label, but none of what stands beside it, as in a letterhead."""
    return kind_of(cell) is Kind.LABEL and not cell.rstrip().endswith((":", "："))


def _plain(cell: str) -> str:
    return cell.strip().casefold()
