"""Words that mean one thing in one file and another in the next: the other headers tell which is spoken."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lead_store.intake.fields import Field
from lead_store.intake.mapping.claims import Column
from lead_store.intake.mapping.headers import Header, Meanings
from lead_store.intake.mapping.words import Sense


def _words(text: str) -> frozenset[str]:
    return frozenset(word.strip() for word in text.split(","))


@dataclass(frozen=True)
class _Local:
    """What a word means `among` some of these words, and none of those `besides`."""

    word: str
    meanings: Meanings
    among: frozenset[str]
    besides: frozenset[str] = frozenset()


_LOCALS = (
    # Elsewhere an advertisement.
    _Local("ad", frozenset({Field.FIRST_NAME}), _words("soyad, soyadi, soyisim")),
    # A nickname in Brazil.
    _Local(
        "apelido",
        frozenset({Field.LAST_NAME}),
        _words("telemovel, correio electronico, correio eletronico, morada, nif, contribuinte, codigo postal"),
        besides=_words("sobrenome"),
    ),
    # A signature; a company in most of Europe.
    _Local(
        "firma",
        frozenset({Sense.DETAIL}),
        _words("cognome, apellido, apellidos, nombre, nombres, nombre completo, nome e cognome"),
    ),
    # How many a firm has, and not which one.
    _Local("mitarbeiter", frozenset({Sense.DETAIL}), _words("umsatz, rechtsform, branche, registergericht")),
)


def as_spoken(columns: Sequence[Column]) -> list[Column]:
    """The columns, with what their words mean beside those of the others."""
    spoken = {text for column in columns for text, _ in column.header.phrases}
    spoken.update(word for column in columns for word in column.header.unknown)
    meant = {local.word: local.meanings for local in _LOCALS if spoken & local.among and not spoken & local.besides}
    return [replace(column, header=_with_meanings(column.header, meant)) for column in columns] if meant else [*columns]


def _with_meanings(header: Header, meant: dict[str, Meanings]) -> Header:
    """Such a word is alone in its header: "Ad set" is no Turkish."""
    if len(header.phrases) > 1 or header.unknown:
        return header
    return replace(header, phrases=tuple((text, meant.get(text, meanings)) for text, meanings in header.phrases))
