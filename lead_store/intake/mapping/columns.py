"""A Mapping: which columns of a spreadsheet feed which field of a lead, and what the user changed in it.

How a mapping is guessed is known to intake.mapping.suggesting.
"""

import hashlib
from collections.abc import Mapping as Dictionary
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from lead_store.errors import Invalid
from lead_store.intake.fields import CATALOGUE, Field
from lead_store.intake.mapping.consents import is_opt_in
from lead_store.intake.mapping.headers import normal_form

CHOSEN_BY_USER = "Chosen by you."

# What must be mapped before people can be reached on a channel.
_IDENTIFIER_OF_CHANNEL = {"whatsapp": Field.PHONE, "sms": Field.PHONE, "email": Field.EMAIL}


@dataclass(frozen=True)
class ColumnMatch:
    """One column and the field it feeds; None keeps its values as an attribute under the header."""

    index: int  # zero-based place in the row; headers repeat, so this is the column's identity
    header: str
    field: Field | None = None
    confidence: float = 0.0  # 0 to 1; 1 is the user's own word
    reason: str = ""  # a sentence that a person understands
    is_dropped: bool = False  # the user wants its values not even as an attribute
    opt_in: bool = False  # as OPTED_OUT: yes means that the person accepts messages
    order: int = 0  # among the columns of one field, the lowest is tried first
    joins: int | None = None  # of AREA_CODE: index of the phone column whose numbers it completes


@dataclass(frozen=True)
class Mapping:
    """All columns of a file, in the file's order."""

    columns: tuple[ColumnMatch, ...]

    def columns_of(self, field: Field) -> tuple[ColumnMatch, ...]:
        """The columns that feed the field, in the order in which they are tried: the first filled and valid counts."""
        matches = [column for column in self.columns if column.field is field]
        return tuple(sorted(matches, key=lambda column: (column.order, column.index)))

    def area_code_of(self, phone: ColumnMatch) -> ColumnMatch | None:
        """The column whose digits stand before those of the given phone column, if there is one."""
        return next((column for column in self.columns_of(Field.AREA_CODE) if column.joins == phone.index), None)

    def to_json(self) -> dict[str, Any]:
        """A value that `json.dumps` takes and `from_json` turns back into an equal mapping."""
        return {"columns": [asdict(column) for column in self.columns]}

    @classmethod
    def from_json(cls, stored: Dictionary[str, Any]) -> "Mapping":
        """Reads what to_json wrote; keys that this version does not know are ignored."""
        known = {field.name for field in fields(ColumnMatch)}
        columns = []
        for entry in stored["columns"]:
            given = {key: value for key, value in entry.items() if key in known}
            given["field"] = Field(given["field"]) if given.get("field") else None
            columns.append(ColumnMatch(**given))
        return cls(tuple(columns))


def check(mapping: Mapping, channel: str) -> list[str]:
    """Sentences that say what is still missing before people can be imported for the channel; empty: nothing is."""
    needed = _IDENTIFIER_OF_CHANNEL.get(channel)
    if needed is None:
        channels = ", ".join(sorted(_IDENTIFIER_OF_CHANNEL))
        return [f"{channel!r} is not a channel that can be imported for. Choose one of {channels}."]
    missing = []
    if not mapping.columns_of(needed):
        label = CATALOGUE[needed].label
        missing.append(f"No column feeds {label}, by which these people are to be reached. Choose the one that does.")
    missing.extend(
        f"“{column.header}” holds area codes, but no column beside it holds the rest of the phone."
        for column in mapping.columns_of(Field.AREA_CODE)
        if column.joins is None
    )
    return missing


def with_columns(mapping: Mapping, changes: Dictionary[str, str]) -> Mapping:
    """The mapping with the given headers feeding the given fields; "" keeps a column as an attribute only.

    A header that repeats changes its first column. A column chosen this way comes before the suggested ones
    of the same field. Raises Invalid where a header or a field does not exist.
    """
    columns = list(mapping.columns)
    for position, (header, field_name) in enumerate(changes.items()):
        index = _find_column(mapping, header)
        field = _require_field(field_name) if field_name else None
        old = columns[index]
        columns[index] = replace(
            old,
            field=field,
            confidence=1.0,
            reason=CHOSEN_BY_USER,
            is_dropped=False,
            order=position - len(changes),
            joins=None,
            opt_in=field is Field.OPTED_OUT and is_opt_in(old.header),
        )
    return Mapping(tuple(_without_stray_area_code(column, columns) for column in columns))


def fingerprint(headers: Sequence[str]) -> str:
    """The same for the same headers in the same order, whatever their case and spacing: finds the saved mapping."""
    text = "\x1f".join(normal_form(header) for header in headers)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _find_column(mapping: Mapping, header: str) -> int:
    for same in (lambda a, b: a == b, lambda a, b: normal_form(a) == normal_form(b)):
        for position, column in enumerate(mapping.columns):
            if same(column.header, header):
                return position
    present = ", ".join(f"“{column.header}”" for column in mapping.columns[:20])
    raise Invalid(
        f"The file has no column “{header}”. Its columns are {present}.", code="column_unknown", header=header
    )


def _without_stray_area_code(column: ColumnMatch, columns: Sequence[ColumnMatch]) -> ColumnMatch:
    """An area code feeds nothing once the phone beside it does not either."""
    is_stray = column.joins is not None and columns[column.joins].field != Field.PHONE
    return replace(column, field=None, joins=None, confidence=0.0, reason="") if is_stray else column


def _require_field(name: str) -> Field:
    known = [field for field in Field if field is not Field.AREA_CODE]
    if name not in known:
        sentence = f"“{name}” is not a field. The fields are {', '.join(known)}."
        raise Invalid(sentence, code="field_unknown", field=name)
    return Field(name)
