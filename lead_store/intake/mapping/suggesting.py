"""Guesses which column feeds which field from header and samples. The user decides, in intake.mapping.columns."""

from collections.abc import Sequence

from lead_store.intake.fields import CATALOGUE, Field
from lead_store.intake.mapping.columns import ColumnMatch, Mapping
from lead_store.intake.mapping.headers import normal_form


def suggest(headers: Sequence[str], samples: Sequence[Sequence[str]], region: str | None = None) -> Mapping:
    """A mapping for the headers and, one sequence per column, some of their cells."""
    known = {normal_form(word): field for field, entry in reversed(CATALOGUE.items()) for word in entry.words}
    taken: set[Field] = set()
    columns = []
    for index, header in enumerate(headers):
        field = known.get(normal_form(header))
        if field in taken and field is not Field.PHONE:
            field = None
        if field is None:
            columns.append(ColumnMatch(index, header))
            continue
        reason = f"Header says {CATALOGUE[field].label.lower()}."
        columns.append(ColumnMatch(index, header, field, 0.8, reason, order=len(taken)))
        taken.add(field)
    return Mapping(tuple(columns))
