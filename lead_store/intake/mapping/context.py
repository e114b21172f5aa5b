"""Words that mean one thing in one file and another in the next: the other headers tell which."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lead_store.intake.fields import Field
from lead_store.intake.mapping.claims import Column
from lead_store.intake.mapping.headers import Header, Meanings
from lead_store.intake.mapping.profiles import Kind
from lead_store.intake.mapping.senses import Sense
from lead_store.intake.mapping.words import listed

_LEAST_PHONES = 0.6


@dataclass(frozen=True)
class _Meant:
    """What a word means `among` some of these words, and none of those `besides`."""

    word: str
    meanings: Meanings
    among: frozenset[str]
    besides: frozenset[str] = frozenset()


_MEANT = (
    # Elsewhere an advertisement.
    _Meant("ad", frozenset({Field.FIRST_NAME}), listed("soyad, soyadi, soyisim")),
    # A nickname in Brazil.
    _Meant(
        "apelido",
        frozenset({Field.LAST_NAME}),
        listed("telemovel, correio electronico, correio eletronico, morada, nif, contribuinte, codigo postal"),
        besides=listed("sobrenome"),
    ),
    # A signature; a company in most of Europe.
    _Meant(
        "firma",
        frozenset({Sense.DETAIL}),
        listed("cognome, apellido, apellidos, nombre, nombres, nombre completo, nome e cognome"),
    ),
    # How many a firm has, and not which one.
    _Meant("mitarbeiter", frozenset({Sense.DETAIL}), listed("umsatz, rechtsform, branche, registergericht")),
)


def in_context(columns: Sequence[Column]) -> list[Column]:
    """The columns, with what their words mean beside those of the others."""
    spoken = {text for column in columns for text, _ in column.header.phrases}
    spoken.update(word for column in columns for word in column.header.unknown)
    meant = {each.word: each.meanings for each in _MEANT if spoken & each.among and not spoken & each.besides}
    told = [replace(column, header=_as_customer(_with_meanings(column.header, meant))) for column in columns]
    return [_as_rest_of_phone(column, told[place - 1] if place else None) for place, column in enumerate(told)]


def _as_rest_of_phone(column: Column, before: Column | None) -> Column:
    """A number right of an area code is the rest of the phone, where it has as many digits: a house's has not."""
    if before is None or Field.AREA_CODE not in before.header.meanings or Field.PHONE in before.header.meanings:
        return column
    is_number = column.header.meanings == {Sense.NUMBER} and not column.header.unknown
    if not is_number or column.profile.share(Kind.PHONE, Kind.PHONE_LIKE) < _LEAST_PHONES:
        return column
    phrases = tuple((text, meanings | {Field.PHONE}) for text, meanings in column.header.phrases)
    return replace(column, header=replace(column.header, phrases=phrases))


def _as_customer(header: Header) -> Header:
    """ "Customer / company" holds whoever the customer is."""
    firms = [phrase for phrase in header.phrases if phrase[1] == {Field.COMPANY}]
    people = [phrase for phrase in header.phrases if phrase[1] & {Sense.PERSON, Sense.CONTACT}]
    if "/" not in header.text or not (firms and people) or len(header.phrases) > 2:
        return header
    return replace(header, phrases=tuple(people))


def _with_meanings(header: Header, meant: dict[str, Meanings]) -> Header:
    """Such a word is alone in its header: "Ad set" is no Turkish."""
    if len(header.phrases) > 1 or header.unknown:
        return header
    return replace(header, phrases=tuple((text, meant.get(text, meanings)) for text, meanings in header.phrases))
