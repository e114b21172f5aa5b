"""Which columns hold the person's name, whole or in parts: only the columns beside it can tell.

"Nome" is the whole name, unless "Sobrenome" stands beside it; "Nom" is the family name beside "Prénom".
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from lead_store.intake.fields import Field
from lead_store.intake.mapping.claims import Claim, Column, distance
from lead_store.intake.mapping.headers import Header, Meaning
from lead_store.intake.mapping.name_claims import PEOPLE, claim_of, claim_of_person
from lead_store.intake.mapping.people import claim_by_values
from lead_store.intake.mapping.profiles import Kind
from lead_store.intake.mapping.senses import Sense
from lead_store.intake.mapping.words import listed

# Of fewer rows, each may lack what others have.
_ROWS_THAT_TELL = 3
# Words for a name that are as often only a part of it.
_OPEN_NAMES = {
    "adi", "nume", "name", "nome", "nombre", "nombres", "nom", "имя", "naam", "nama", "isim", "ชอ", "jmeno", "meno",
}  # fmt: skip
# Those who answer for a firm or a place, by words that mean nobody else.
_CONTACT_PEOPLE = listed(
    "contact person, pessoa de contato, pessoa de contacto, persona de contacto, personne de contact, kontaktperson,"
    " ansprechpartner, ansprechpartnerin, referente, interlocuteur, persona di contatto, contactpersoon"
)
_SCORE_OF_FIRM = 0.6
_OF_CONTACTS: frozenset[Meaning] = frozenset({Sense.CONTACT, Sense.PERSON, Sense.PRIMARY, Sense.NEUTRAL, Field.NAME})
# Beside these, "Name" is a person's, or nobody can tell.
_OF_NAMED_PEOPLE: frozenset[Meaning] = frozenset({Field.COMPANY, Field.FIRST_NAME, Field.LAST_NAME})
_FAMILY_FIRST_LANGUAGES = {"prenume", "prenom", "prnom", "prenoms", "vorname", "imie", "voornaam", "nome di battesimo"}


def claim_names(columns: Sequence[Column]) -> list[Claim]:
    """The claims of the whole name and of its parts, in the light of each other."""
    claims = [found for column in columns if (found := claim_of(column))]
    firms = _firms(claims, columns)
    claims = [found for found in claims if all(found.index != firm.index for firm in firms)]
    if not any(found.score and distance(columns[found.index].header) == 0 for found in claims):
        claims += [found for column in columns if (found := claim_of_person(column))]
    claims = _without_bystanders(claims, columns)
    claims = _after_the_filled(claims, columns)
    firsts = _strongest(claims, Field.FIRST_NAME)
    wholes = _strongest(claims, Field.NAME)
    lasts = _of_same_person(_strongest(claims, Field.LAST_NAME), firsts, wholes, columns)
    if not (wholes or firsts or lasts):
        return [*claim_by_values(columns), *claims, *firms]
    beside = [*firms, *(found for found in claims if found.score == 0)]
    if firsts and lasts:
        # Beside both parts, "Name L" is the name of another address, or of a boss.
        wholes = [found for found in wholes if not columns[found.index].header.unknown]
    if lasts and not firsts:
        wholes, firsts = _give_part(wholes, lasts[0], Field.FIRST_NAME, columns)
    elif firsts and not lasts:
        wholes, lasts = _family_name_beside(firsts[0], wholes, columns)
    if firsts and lasts:
        # Who has a name in two parts has another person to call.
        wholes = [found for found in wholes if not _is_of_contact(columns[found.index].header)]
    return [*wholes, *firsts, *lasts, *beside]


def _firms(claims: list[Claim], columns: Sequence[Column]) -> list[Claim]:
    """ "Name" beside "Contact person" is that of the firm or place that the person speaks for."""
    has_rows = any(column.profile.filled for column in columns)
    contacts = (column for column in columns if _names_contact(column))
    contact = next((column for column in contacts if column.profile.filled or not has_rows), None)
    if contact is None or any(column.header.meanings & _OF_NAMED_PEOPLE for column in columns):
        return []
    reason = f"“{contact.header.text.strip()}” beside it names the person, so this is their company."
    named = [found for found in claims if found.score and _is_bare_name(columns[found.index].header)]
    return [replace(found, field=Field.COMPANY, score=_SCORE_OF_FIRM, reason=reason) for found in named]


def _names_contact(column: Column) -> bool:
    """Whether "Contact person" or "Contact name"; of "Contact" alone, which may be a phone, the values tell."""
    header = column.header
    if header.unknown or header.meanings - _OF_CONTACTS:
        return False
    if _is_of_contact(header) or {Sense.CONTACT, Field.NAME} <= header.meanings:
        return True
    return Sense.CONTACT in header.meanings and column.profile.share(Kind.PERSON) >= 0.6


def _is_of_contact(header: Header) -> bool:
    return any(text in _CONTACT_PEOPLE for text, _ in header.phrases)


def _is_bare_name(header: Header) -> bool:
    words = {text for text, _ in header.phrases}
    return not header.unknown and header.meanings == {Field.NAME} and words <= _OPEN_NAMES


def _without_bystanders(claims: list[Claim], columns: Sequence[Column]) -> list[Claim]:
    """Without those who only pay or receive, where the person themselves has a name."""
    nearest = min((distance(columns[found.index].header) for found in claims if found.score), default=0)
    claims = [found for found in claims if not found.score or distance(columns[found.index].header) == nearest]
    # "Name" beside "Billing Name" is the order's own: #1001.
    if any(found.field is Field.NAME and Sense.BILLING in columns[found.index].header.meanings for found in claims):
        claims = [found for found in claims if columns[found.index].header.meanings != {Field.NAME}]
    return claims


def _after_the_filled(claims: list[Claim], columns: Sequence[Column]) -> list[Claim]:
    """A column without a single value is tried last: forms keep one for a name that they do not ask."""
    has_rows = any(column.profile.filled >= _ROWS_THAT_TELL for column in columns)
    return [
        replace(found, rank=found.rank + 9.0 * (has_rows and not columns[found.index].profile.filled))
        for found in claims
    ]


def _strongest(claims: Iterable[Claim], part: Field) -> list[Claim]:
    return sorted((c for c in claims if c.field is part and c.score), key=lambda c: (c.rank, -c.score, c.index))


def _of_same_person(
    lasts: list[Claim], firsts: list[Claim], wholes: list[Claim], columns: Sequence[Column]
) -> list[Claim]:
    """Without the last names of a company's contact, where "Name" and "Vorname" are the person's own."""
    if not firsts or _whose(firsts[0], columns) or not any(_is_open(found, columns) for found in wholes):
        return lasts
    return [found for found in lasts if not _whose(found, columns)]


def _whose(found: Claim, columns: Sequence[Column]) -> frozenset[Meaning]:
    return columns[found.index].header.meanings & PEOPLE


def _is_open(found: Claim, columns: Sequence[Column]) -> bool:
    return any(text in _OPEN_NAMES for text, _ in columns[found.index].header.phrases)


def _give_part(
    wholes: list[Claim], beside: Claim, part: Field, columns: Sequence[Column]
) -> tuple[list[Claim], list[Claim]]:
    """The open name nearest to the given part becomes the other part."""
    open_names = [found for found in wholes if _is_open(found, columns)]
    if not open_names:
        return wholes, []
    # "Nombre 1" is called before "Nombre 2", which may be empty.
    nearest = min(
        open_names,
        key=lambda found: (columns[found.index].header.ordinal, abs(found.index - beside.index), found.index),
    )
    reason = f"Header says name, and “{columns[beside.index].header.text.strip()}” beside it holds the other part."
    rest = [found for found in wholes if found not in open_names]
    return rest, [replace(nearest, field=part, reason=reason)]


def _family_name_beside(
    first: Claim, wholes: list[Claim], columns: Sequence[Column]
) -> tuple[list[Claim], list[Claim]]:
    """The family name beside a first name, where the language or the values say that "name" means it."""
    open_names = [found for found in wholes if _is_open(found, columns)]
    if not open_names:
        return wholes, []
    words = {text for text, _ in columns[first.index].header.phrases}
    holds = [_holds_first_name(columns[first.index], columns[found.index]) for found in open_names]
    is_family = words & _FAMILY_FIRST_LANGUAGES if None in holds else not any(holds)
    if not is_family:
        return wholes, []
    after = [found for found in open_names if found.index > first.index] or open_names
    return _give_part([c for c in wholes if c not in open_names or c in after], first, Field.LAST_NAME, columns)


def _holds_first_name(first: Column, whole: Column) -> bool | None:
    """Whether the whole name's cells contain those of the first name; None where no row has both."""
    pairs = [(a.casefold().strip(), b.casefold()) for a, b in zip(first.values, whole.values, strict=False) if a and b]
    pairs = [(a, b) for a, b in pairs if a != b]
    return sum(a in b for a, b in pairs) * 2 >= len(pairs) if pairs else None
