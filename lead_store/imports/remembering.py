"""How people chose to read a file, for the next one that would be misread in the same way.

How columns were matched is remembered with it, and found by the headers (`receiving`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO

from sqlalchemy import Connection

from lead_store.errors import Unreadable
from lead_store.intake import mapping
from lead_store.intake.reading import Inspection, inspect
from lead_store.storage import mapping_queries

# How a program writes its files. Which sheet or which rows are read is another matter in each file.
OF_THE_PROGRAM = (
    "encoding",
    "delimiter",
    "quote",
    "escape",
    "header_row",
    "sheets_as_one",
    "unwraps_lines",
    "breaks_at",
    "cuts",
    "formulas_are_texts",
    "drops_trailing_blanks",
)


@dataclass(frozen=True)
class Choices:
    """What is fixed of how a file is read.

    Attributes:
        reading: fields of Dialect, as for `change_reading`.
        read_alone: the fingerprint of the headers that it has when nothing is fixed; None where that is not known.
        judged_alone: what else was judged then, of the fields that may be remembered.
        last_time: where it was fixed for the last such file: who did (`saved_by`), and when (`saved_at`, ISO 8601).
    """

    reading: dict[str, Any]
    read_alone: str | None
    judged_alone: dict[str, Any] = field(default_factory=dict)
    last_time: dict[str, str] | None = None

    def to_json(self) -> dict[str, Any]:
        """What the import keeps of them: what the next file may be read by, of a person's choices."""
        is_a_persons = self.read_alone is not None
        remembered = {name: value for name, value in self.reading.items() if is_a_persons and name in OF_THE_PROGRAM}
        return {
            "reading": remembered,
            "read_alone": self.read_alone,
            "judged_alone": self.judged_alone,
            "read_as_last_time": self.last_time,
        }

    @staticmethod
    def after(kept: Mapping[str, Any] | None, reading: Mapping[str, Any]) -> "Choices":
        """Those of a person for a file of which that was kept when it was read before."""
        kept = kept or {}
        return Choices(dict(reading), kept.get("read_alone"), kept.get("judged_alone", {}))


def look_at(
    tx: Connection, content: BinaryIO, file_name: str, reading: Mapping[str, Any] | None
) -> tuple[Inspection, Choices]:
    """How the file is read: as `reading` says, or else as people had the last one read that was misjudged in the same
    way, if that gives the same columns now.

    Raises:
        Unreadable: nothing can be read.
    """
    seen = inspect(content, file_name, reading)
    if reading:
        return seen, Choices(dict(reading), read_alone=None)
    alone = Choices({}, _fingerprint_of(seen), _judged_of(seen))
    saved = mapping_queries.find_saved_reading(tx, _fingerprint_of(seen))
    # Whoever chose another encoding for a file knows nothing of one that is valid UTF-8.
    if saved is None or any(alone.judged_alone[name] != saved["judged_alone"].get(name) for name in saved["reading"]):
        return seen, alone
    try:
        again = inspect(content, file_name, saved["reading"])
    except Unreadable:
        return seen, alone
    if _fingerprint_of(again) != saved["fingerprint"]:
        return seen, alone
    evidence = tuple(sentence.replace("chosen by you", "chosen last time") for sentence in again.evidence)
    last_time = {"saved_by": saved["saved_by"], "saved_at": saved["saved_at"].isoformat()}
    return replace(again, evidence=evidence), replace(alone, reading=saved["reading"], last_time=last_time)


def _judged_of(seen: Inspection) -> dict[str, Any]:
    judged = {name: getattr(seen.dialect, name) for name in OF_THE_PROGRAM}
    return {name: bool(value) if isinstance(value, tuple) else value for name, value in judged.items()}


def _fingerprint_of(seen: Inspection) -> str:
    return mapping.fingerprint([column.header for column in seen.columns])
