"""Decisions of the review: rules for all rows of a kind, choices for single ones; remembered, and told in the history.

A rule is kept with the import and with the saved mapping, so that the next file with the same headers starts with
it. A single choice goes before the rule. What they mean for the rows, `storage.deciding` and `storage.addresses` know.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from lead_store.errors import Conflict, Invalid
from lead_store.imports.reviewing import refresh_review
from lead_store.storage import addresses, correcting, deciding, import_queries, mapping_queries
from lead_store.storage.import_queries import Import
from lead_store.storage.matching import FieldBit

# What each choice is called, by what it is about; the first one holds where nobody chose.
RULES: dict[str, dict[str, str]] = {
    "duplicates": {
        "merge_later": "Merge: the later row wins",
        "merge_first": "Merge: the first row wins, its blanks too",
        "merge_fill": "Merge: the first row wins, later ones fill its blanks",
        "keep_first": "Keep the first row, leave out the others",
        "keep_last": "Keep the last row, leave out the others",
        "reject_all": "Reject them all",
    },
    "shared_identifier": {
        "first_owner": "The first person has it, the others are rejected",
        "one_person": "They are one person",
        "reject_all": "Reject them all",
        "ask": "Let me decide each before the import",
    },
    "shared_address": {
        "keep_apart": "Keep apart: each person keeps it",
        "one_owner": "Only the first person keeps it",
        "drop": "Drop it from all of them",
        "reject": "Reject these rows",
    },
    "placeholder": {"keep_apart": "Keep it", "drop": "Drop it from the profiles"},
}
FIELD_RULES = {
    "overwrite": "Overwrite",
    "fill": "Fill blanks only",
    "keep": "Keep what is stored",
}
GROUP_CHOICES = (*RULES["duplicates"], "first_owner", "one_person", "owner")
ADDRESS_CHOICES = tuple(RULES["shared_address"])
CONFLICT_CHOICES = ("attach", "keep_two", "reject")


def set_rule(tx: Connection, import_id: UUID, name: str, choice: str, who: str) -> Import:
    """Decide for all rows of a kind at once, see `RULES`; the review is counted anew.

    Raises:
        Conflict: the import is not in review.
        Invalid: no such rule or choice.
    """
    _require_choice(choice, RULES.get(name, {}))
    run = _require_review(tx, import_id)
    run = import_queries.update_import(tx, import_id, rules={**run.rules, name: choice})
    mapping_queries.save_mapping(tx, run, who)
    import_queries.add_history(tx, import_id, who, "decided for all", rule=name, choice=choice)
    if name == "placeholder" and choice == "drop":
        addresses.find_placeholders(tx, run)
    if name in ("duplicates", "shared_identifier"):
        addresses.apply_to_addresses(tx, run, rows=deciding.apply_to_groups(tx, run))
    else:
        addresses.apply_to_addresses(tx, run)
    return refresh_review(tx, run)


def set_field_rule(tx: Connection, import_id: UUID, field: str, choice: str, who: str) -> Import:
    """Decide what an import may do to one field of leads that exist; the ledger follows at once.

    Raises:
        Conflict: the import is not in review.
        Invalid: no such field or choice.
    """
    _require_choice(field, [bit.name.lower() for bit in FieldBit if bit.name])
    _require_choice(choice, FIELD_RULES)
    run = _require_review(tx, import_id)
    fields = {**run.rules.get("fields", {}), field: choice}
    run = import_queries.update_import(tx, import_id, rules={**run.rules, "fields": fields})
    mapping_queries.save_mapping(tx, run, who)
    import_queries.add_history(tx, import_id, who, "decided for a field", field=field, choice=choice)
    return run


def decide_groups(
    tx: Connection, import_id: UUID, keys: Sequence[str], choice: str, who: str, *, row_number: int | None = None
) -> Import:
    """Decide about groups of rows with the same identifier, named by their keys.

    Args:
        choice: a way to fold rows of one person, or whose the identifier is: first_owner, one_person, or owner
            with `row_number`, for a single group.

    Raises:
        Conflict: the import is not in review.
        Invalid: no such choice, or no row for `owner`.
    """
    _require_choice(choice, GROUP_CHOICES)
    if (choice == "owner") != (row_number is not None):
        raise Invalid("Choose the row whose person has the number.", code="row_missing")
    run = _require_review(tx, import_id)
    deciding.store_decision(tx, import_id, "group", keys, choice, who, row_number=row_number)
    _note(tx, import_id, who, "group", keys, choice)
    addresses.apply_to_addresses(tx, run, rows=deciding.apply_to_groups(tx, run, keys))
    return refresh_review(tx, run)


def decide_addresses(
    tx: Connection, import_id: UUID, chosen: Sequence[str], choice: str, who: str, *, row_number: int | None = None
) -> Import:
    """Decide about addresses that several people have in common; `row_number` names the one owner, else the first.

    Raises:
        Conflict: the import is not in review.
        Invalid: no such choice.
    """
    _require_choice(choice, ADDRESS_CHOICES)
    run = _require_review(tx, import_id)
    deciding.store_decision(tx, import_id, addresses.get_field(run), chosen, choice, who, row_number=row_number)
    _note(tx, import_id, who, "address", chosen, choice)
    addresses.apply_to_addresses(tx, run, addresses=list(chosen))
    return refresh_review(tx, run)


def decide_conflicts(
    tx: Connection, import_id: UUID, keys: Sequence[str], choice: str, who: str, *, lead_id: UUID | None = None
) -> Import:
    """Decide about rows whose identifiers belong to two leads: attach to `lead_id`, keep_two (the row changes
    neither), or reject.

    Raises:
        Conflict: the import is not in review.
        Invalid: no such choice, or a lead that is not one of the two.
    """
    _require_choice(choice, CONFLICT_CHOICES)
    run = _require_review(tx, import_id)
    if choice == "attach":
        _require_one_of_the_two(tx, run, keys, lead_id)
    deciding.store_decision(tx, import_id, "conflict", keys, choice, who, lead_id=lead_id)
    _note(tx, import_id, who, "conflict", keys, choice)
    addresses.apply_to_addresses(tx, run, rows=deciding.apply_to_conflicts(tx, run, keys))
    return refresh_review(tx, run)


def require_decided(tx: Connection, run: Import) -> None:
    """Raises Conflict where the rule is to be asked and groups are left that nobody decided about."""
    if run.rules.get("shared_identifier") != "ask":
        return
    count = deciding.count_undecided(tx, run.id)
    if count:
        raise Conflict(
            f"{count:,} shared numbers or addresses wait for your decision. Decide them in the review, or choose a"
            " rule for all of them.",
            code="decisions_missing",
            count=count,
        )


def was_touched(tx: Connection, run: Import) -> bool:
    """Whether rows may have changed since they were staged: by rules, single decisions, hints or corrections."""
    return (
        not deciding.DECIDING_RULES.isdisjoint(run.rules)
        or deciding.has_decisions(tx, run.id)
        or correcting.has_edits(tx, run.id)
    )


def _require_review(tx: Connection, import_id: UUID) -> Import:
    run = import_queries.get_import(tx, import_id, lock=True)
    if run.status != "in_review":
        raise Conflict(
            f"This import is {run.status.replace('_', ' ')}, so nothing can be decided now.",
            code="status_conflict",
            status=run.status,
        )
    return run


def _require_choice(choice: str, allowed: Any) -> None:
    if choice not in allowed:
        raise Invalid(f"{choice!r} is none of {', '.join(allowed)}.", code="choice_invalid", choice=choice)


def _require_one_of_the_two(tx: Connection, run: Import, keys: Sequence[str], lead_id: UUID | None) -> None:
    for key in keys:
        if lead_id not in deciding.get_leads_of_key(tx, run, key):
            raise Invalid("That lead is not one of the two to whom the row's identifiers belong.", code="lead_invalid")


def _note(tx: Connection, import_id: UUID, who: str, subject: str, keys: Sequence[str], choice: str) -> None:
    """The history names a few; what was decided about each stays in import_decision."""
    import_queries.add_history(
        tx, import_id, who, "decided", subject=subject, choice=choice, count=len(keys), some=list(keys[:5])
    )
