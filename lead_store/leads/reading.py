"""People as programs give them -> values ready to be stored, or a problem; in columns, by the stages of `intake`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from lead_store.intake import columns
from lead_store.intake.emails import read_emails
from lead_store.intake.normalising import MAXIMUM_ATTRIBUTE_LENGTH, MAXIMUM_NAME_LENGTH
from lead_store.intake.phones import REGIONS, read_phones, variant_of
from lead_store.intake.phones.cells import read_cell
from lead_store.intake.problems import WORDING, Code

PHONE_CHANNELS = ("whatsapp", "sms")
CHANNELS = (*PHONE_CHANNELS, "email")


@dataclass(frozen=True)
class Person:
    """A person as a program gives them; texts are as written."""

    channel: str | None
    channel_identifier: str | None
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    external_id: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    opted_out: bool | None = None


@dataclass(frozen=True)
class Trouble:
    """Why a person, or one of their values, cannot be used: a stable code, and a sentence."""

    code: str
    detail: str


@dataclass(frozen=True)
class PersonRead:
    """A person with values ready to be stored, or with the problem that keeps them out.

    `values` has the keys that `storage.resolving` wants. `warnings` are about values that were left out.
    """

    channel: str | None
    channel_identifier: str | None
    values: dict[str, Any] | None = None
    problem: Trouble | None = None
    warnings: tuple[Trouble, ...] = ()


@dataclass(frozen=True)
class _Cell:
    """A number or address as read: its normal form with its variant, or the code that says why there is none."""

    text: str | None = None
    variant: str | None = None
    code: str | None = None


BLANK = _Cell()
# As many numbers as take phonenumbers about as long as a column takes to be set up: three milliseconds.
FEW_NUMBERS = 30


def read_people(people: Sequence[Person], region: str | None) -> list[PersonRead]:
    """Read people, in the order given. Numbers are read as those of a spreadsheet with this region."""
    by_phone = [person.channel_identifier for person in people if person.channel in PHONE_CHANNELS]
    by_email = [person.channel_identifier for person in people if person.channel == "email"]
    numbers = _read_numbers([*by_phone, *(person.phone for person in people)], region)
    addresses = _read_addresses([*by_email, *(person.email for person in people)])
    return [_read_person(person, numbers, addresses) for person in people]


def _read_person(person: Person, numbers: Mapping[str, _Cell], addresses: Mapping[str, _Cell]) -> PersonRead:
    given = numbers if person.channel in PHONE_CHANNELS else addresses
    identified = given.get(person.channel_identifier or "", BLANK)
    phone, email = numbers.get(person.phone or "", BLANK), addresses.get(person.email or "", BLANK)
    problem = _find_problem(person, identified)
    if problem:
        return PersonRead(person.channel, person.channel_identifier, problem=problem)
    codes = [cell.code for cell in (phone, email) if cell.code]
    name, external_id = _trimmed(person.name), _trimmed(person.external_id)
    too_long = [text for text in (name, external_id) if text and len(text) > MAXIMUM_NAME_LENGTH]
    attributes = {key: text for key, text in person.attributes.items() if text.strip()}
    kept = {key: text for key, text in attributes.items() if len(text) <= MAXIMUM_ATTRIBUTE_LENGTH}
    if too_long or len(kept) < len(attributes):
        codes.append(Code.VALUE_TOO_LONG)
    is_email = person.channel == "email"
    identifier = identified.text.lower() if is_email and identified.text else identified.text
    values = {
        "channel": person.channel,
        "identifier": identifier,
        "variant": identified.variant,
        "name": None if name in too_long else name,
        "email": email.text or (identified.text if is_email else None),
        "phone": phone.text or (None if is_email else identifier),
        "external_id": None if external_id in too_long else external_id,
        "attributes": kept or None,
        "opted_out": person.opted_out,
    }
    return PersonRead(person.channel, identifier, values, warnings=tuple(map(_explain, codes)))


def _find_problem(person: Person, identified: _Cell) -> Trouble | None:
    if person.channel not in CHANNELS:
        return Trouble("channel_unknown", f"The channel is one of {', '.join(CHANNELS)}.")
    if identified.code:
        return _explain(identified.code)
    return None if identified.text else _explain(Code.IDENTIFIER_MISSING)


def _read_numbers(texts: Sequence[str | None], region: str | None) -> dict[str, _Cell]:
    """The distinct texts, each read once: a few one by one, many as a column, which costs milliseconds to set up."""
    distinct = list(dict.fromkeys(text for text in texts if text))
    if len(distinct) <= FEW_NUMBERS:
        return {text: _read_number(text, region if region in REGIONS else None) for text in distinct}
    cells = columns.cleaned(pa.array(distinct, pa.string()))
    read = read_phones(cells, region)
    found = (read.column(name).to_pylist() for name in ("e164", "variant", "problem"))
    return {text: _as_cell(*one) for text, *one in zip(distinct, cells.to_pylist(), *found, strict=True)}


def _read_number(text: str, region: str | None) -> _Cell:
    read = read_cell(text, region, {})
    return _as_cell(text.strip(), read.e164, variant_of(read.e164) if read.e164 else None, read.problem)


def _as_cell(text: str | None, e164: str | None, variant: str | None, problem: str | None) -> _Cell:
    # WhatsApp still gives Brazilians who registered before the ninth digit their old number, which no numbering
    # plan knows any more. With its plus sign there is nothing to ask.
    if problem and text and text.startswith("+") and text[1:].isdecimal():
        other = variant_of(text)
        if other:
            return _Cell(text, other)
    return _Cell(e164, variant, problem)


def _read_addresses(texts: Sequence[str | None]) -> dict[str, _Cell]:
    """The distinct texts, each read once."""
    distinct = list(dict.fromkeys(text for text in texts if text))
    if not distinct:
        return {}
    emails, is_invalid = read_emails(columns.cleaned(pa.array(distinct, pa.string())))
    found = zip(distinct, emails.to_pylist(), is_invalid.to_pylist(), strict=True)
    return {text: _Cell(email, code=Code.EMAIL_INVALID if wrong else None) for text, email, wrong in found}


def _trimmed(text: str | None) -> str | None:
    return (text or "").strip() or None


def _explain(code: str) -> Trouble:
    wording = WORDING[Code(code)]
    return Trouble(Code(code).value, f"{wording.sentence} {wording.suggestion}")
