"""People given by programs, one by one or in lists: found, or created.

How texts are read is left to `reading`; that one person never becomes two leads, to `storage.upserting`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from lead_store.errors import Invalid
from lead_store.leads.reading import Person, PersonRead, Trouble, read_people
from lead_store.storage import resolving

MAXIMUM_PEOPLE = 10_000
MAXIMUM_ATTRIBUTES = 200


@dataclass(frozen=True)
class Resolved:
    """What became of one person: a lead, or a problem. `warnings` are about values that were left out."""

    channel: str | None
    channel_identifier: str | None
    lead_id: UUID | None = None
    is_created: bool = False
    problem: Trouble | None = None
    warnings: tuple[Trouble, ...] = ()


def resolve_or_create(tx: Connection, people: Sequence[Person], region: str | None) -> list[Resolved]:
    """The lead of each person, in the order given; whom the organization does not know yet is created.

    Can be repeated: the second time finds what the first time created. Blanks of the organization's view are
    filled, nothing is changed. Variants of a number find the same lead.

    The identifier that comes back is the one given, in its normal form, also where the lead is stored under a
    variant of it: the stored form could tell that another organization knows the person.

    Raises:
        Invalid: `too_many_people`.
    """
    if len(people) > MAXIMUM_PEOPLE:
        raise Invalid(
            f"A call takes at most {MAXIMUM_PEOPLE:,} people; this one has {len(people):,}. Send them in parts.",
            code="too_many_people",
        )
    read = read_people(people, region)
    first_of, folded = _fold(read)
    found = resolving.resolve(tx, [{"ordinal": ordinal, **values} for ordinal, values in folded.items()])
    return [_answer(ordinal, one, first_of, found) for ordinal, one in enumerate(read)]


def _fold(read: Sequence[PersonRead]) -> tuple[dict[int, int], dict[int, dict[str, Any]]]:
    """The place of each person's first appearance, and what to store for each first appearance."""
    first_of: dict[int, int] = {}
    folded: dict[int, dict[str, Any]] = {}
    places: dict[tuple[str, str], int] = {}
    for ordinal, one in enumerate(read):
        if one.values is None:
            continue
        first = first_of[ordinal] = places.setdefault(_key(one.values), ordinal)
        folded[first] = _filled(folded[first], one.values) if first in folded else one.values
    return first_of, folded


def _key(values: Mapping[str, Any]) -> tuple[str, str]:
    return values["channel"], min(values["identifier"], values["variant"] or values["identifier"])


def _filled(first: Mapping[str, Any], later: Mapping[str, Any]) -> dict[str, Any]:
    """The same person again in one call: what the first left blank is filled, as a second call would."""
    filled = {name: later[name] if value is None else value for name, value in first.items()}
    filled["variant"] = first["variant"]
    if first["attributes"] and later["attributes"]:
        filled["attributes"] = {**later["attributes"], **first["attributes"]}
    filled["opted_out"] = first["opted_out"] or later["opted_out"]
    return filled


def _answer(
    ordinal: int, one: PersonRead, first_of: Mapping[int, int], found: Mapping[int, tuple[UUID, bool]]
) -> Resolved:
    if one.problem:
        return Resolved(one.channel, one.channel_identifier, problem=one.problem)
    first = first_of[ordinal]
    lead_id, is_created = found[first]
    return Resolved(
        one.channel,
        one.channel_identifier,
        lead_id=lead_id,
        is_created=is_created and ordinal == first,
        warnings=one.warnings,
    )
