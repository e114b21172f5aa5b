"""What one column says of a person's name, by its header and its values; the others beside it are left to `names`."""

import re
from dataclasses import replace

from lead_store.intake.fields import NAMES, Field
from lead_store.intake.mapping.claims import Claim, Column, against, header_score
from lead_store.intake.mapping.headers import Header, meanings_of_plural
from lead_store.intake.mapping.profiles import Kind
from lead_store.intake.mapping.senses import Sense
from lead_store.intake.mapping.words import listed

PEOPLE = frozenset({Sense.PERSON, Sense.CONTACT, Sense.BUYER})
_PARTS = (Field.FIRST_NAME, Field.LAST_NAME)
_OF_NOBODY = frozenset(
    {
        Sense.STRANGER,
        Sense.THING,
        Sense.ORDER,
        Sense.DETAIL,
        Sense.TIME,
        Sense.ADDRESS,
        Sense.OTHER_NAME,
        Sense.OTHER_LINE,
        Sense.TAX_ID,
        Field.COMPANY,
        Field.COUNTRY,
        Field.PHONE,
        Field.EMAIL,
        Field.TAGS,
        Field.EXTERNAL_ID,
        Sense.STATUS,
        Sense.WORK,
        Sense.OPT_IN,
        Sense.ACCEPT,
        Sense.TOPIC,
    }
)
_NOT_NAMES = (
    Kind.EMAIL,
    Kind.PHONE,
    Kind.PHONE_LIKE,
    Kind.DATE,
    Kind.NUMBER,
    Kind.URL,
    Kind.TAX_ID,
    Kind.HASH,
    Kind.YES_NO,
    Kind.STATUS,
)
# "Nombre o apodo" is what people are called, whichever they gave.
_NICKNAMES = listed("apodo, mote, sobrenombre, apelido, nickname, nick, alias, surnom, spitzname, soprannome")
_EITHER = re.compile(r"(?i:\b(or|ou|o|oder)\b)|/")
# What a program made of the name for its lists.
_SHOWN_NAMES = {"display name", "anzeigename", "nom affichage", "nome social", "nombre mostrado", "nome de exibicao"}


def claim_of(column: Column) -> Claim | None:
    """The claim of a column whose header says name, or main contact; scored 0 where something speaks against it."""
    header = column.header
    if part := _part_named(header):
        return _weigh(Claim(part, column.index, header_score(header), _rank(header), _says(part)), column)
    # "Main contact" names the person of a company or a deal, whatever else has a name there.
    return claim_of_person(column) if {Sense.CONTACT, Sense.PRIMARY} <= header.meanings else None


def _part_named(header: Header) -> Field | None:
    parts = [part for part in _PARTS if part in header.meanings]
    if not parts:
        return Field.NAME if Field.NAME in header.meanings else None
    words = {text for text, _ in header.phrases}
    # "First timer?" is no name.
    if header.unknown and words <= {"first", "last"}:
        return None
    # "Name, Vorname" is both parts, while "Name (First)" is one.
    holds_both = len(parts) == 2 or (Field.NAME in header.meanings and not words & {"first", "last"})
    return Field.NAME if holds_both else parts[0]


def _names_person_only(header: Header) -> bool:
    others = header.meanings - PEOPLE - {Sense.NEUTRAL, Sense.PRIMARY, Sense.GUARDIAN}
    # "User 1" is a field that somebody made up; a child has a "Parent 1" and a "Parent 2".
    is_numbered = any(letter.isdigit() for letter in header.text) and Sense.GUARDIAN not in header.meanings
    is_claim = re.match(r"(?i:is|has)[_ ]|(is|has)[A-Z]", header.text)
    is_plural = any(meanings & PEOPLE and meanings_of_plural(text) for text, meanings in header.phrases)
    if others or header.unknown or header.mended or is_numbered or is_claim or is_plural:
        return False
    return bool(header.meanings & PEOPLE)


def claim_of_person(column: Column) -> Claim | None:
    """A header such as "Participante", which names the person and not what is told of them."""
    if not _names_person_only(column.header):
        return None
    found = Claim(Field.NAME, column.index, 0.6, _rank(column.header), "Header names the person")
    if not column.profile.filled:
        return replace(found, reason=f"{found.reason}; there are no values to check it by.")
    likeness = column.profile.share(Kind.PERSON, Kind.WORD)
    if likeness >= 0.6 and column.profile.distinct > 0.5 * column.profile.filled:
        return replace(found, score=0.8, reason=f"{found.reason}, and the values look like names.")
    is_silent = column.profile.filled == 1 and not column.profile.share(*_NOT_NAMES)
    return replace(found, reason=f"{found.reason}.") if is_silent else None


def _says(part: Field) -> str:
    return {
        Field.NAME: "Header says name.",
        Field.FIRST_NAME: "Header says first name.",
        Field.LAST_NAME: "Header says last name.",
    }[part]


def _rank(header: Header) -> float:
    meanings = header.meanings
    words = {text for text, _ in header.phrases}
    rank = 1.0 * bool(meanings & {Sense.PERSON, Sense.CONTACT}) + 3.0 * (Sense.BUYER in meanings)
    rank -= 3.0 * (Sense.GUARDIAN in meanings)
    rank += 1.5 * (Sense.BILLING in meanings) + 4.0 * bool(meanings & {Sense.SHIPPING, Sense.SECOND})
    rank += 2.0 * bool(words & _SHOWN_NAMES)
    # A household has a family name, too, and some programs keep a given name beside the one that is used.
    rank += 0.5 * bool(words & {"family name", "given name"})
    # In some programs a lead is the deal, and the contact is its person.
    rank += 0.2 * ("lead" in words)
    return rank + 1.5 * bool(header.unknown) + 0.1 * (header.ordinal - 1)


def _is_name_or_nickname(header: Header) -> bool:
    nicknames = {text for text, meanings in header.phrases if meanings == {Sense.OTHER_NAME}}
    others = header.meanings - {Sense.OTHER_NAME, Sense.NEUTRAL, *NAMES}
    return bool(nicknames) and nicknames <= _NICKNAMES and not others and bool(_EITHER.search(header.text))


def _weigh(found: Claim, column: Column) -> Claim:
    header, profile = column.header, column.profile
    own = set(NAMES)
    beside = frozenset().union(*(meanings for _, meanings in header.phrases if not meanings & own))
    if beside & _OF_NOBODY and not _is_name_or_nickname(header):
        return against(found, "Header says name, but not that of the person.")
    if profile.share(*_NOT_NAMES) >= 0.6:
        return against(found, f"{found.reason[:-1]}, but the values are something else.")
    likeness = profile.share(Kind.PERSON, Kind.WORD)
    if header.unknown and not header.is_question and likeness < 0.6:
        return against(found, "Header says name, but of what is not certain.")
    if profile.filled and likeness >= 0.6:
        return replace(
            found,
            score=min(0.98, found.score + 0.04),
            reason=f"{found.reason[:-1]}, and the values look like it.",
        )
    return found
