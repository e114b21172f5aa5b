"""How many values of each field an import would fill and change, from the counted facts of all rows."""

from dataclasses import dataclass

from lead_store.storage.import_queries import Import
from lead_store.storage.matching import FieldBit


@dataclass(frozen=True)
class FieldChanges:
    """Leads in which a field is blank and filled by the file, or differs from the file; whatever the rules say."""

    fills: int = 0
    changes: int = 0


def count_field_changes(run: Import) -> dict[FieldBit, FieldChanges]:
    """Per field, over all rows that stand for a lead whom the organization has."""
    counts = dict.fromkeys(FieldBit, FieldChanges())
    for facts in (run.review or {}).get("tally", []):
        if facts["is_folded"] or facts["blocking"] or facts["decision"] or not facts["is_linked"]:
            continue
        for bit, counted in counts.items():
            counts[bit] = FieldChanges(
                counted.fills + (facts["rows"] if facts["fills"] & bit else 0),
                counted.changes + (facts["rows"] if facts["changes"] & bit else 0),
            )
    return counts
