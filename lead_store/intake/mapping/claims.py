"""What a column's header and values say for one field: a Claim with its strength, or the reason against it.

Company, country and tags are claimed here; phones and e-mails in intake.mapping.contacts, names in .names, ids in
.identifiers, consents in .consents. Which claims win when columns compete is left to .suggesting.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from lead_store.intake.fields import CATALOGUE, Field
from lead_store.intake.mapping.headers import Header, Meaning
from lead_store.intake.mapping.profiles import NEARLY_ALL, Kind, Profile
from lead_store.intake.mapping.senses import Sense

# Below this a column is left unmapped: a wrong column is worse than none.
LEAST_SCORE = 0.5


@dataclass(frozen=True)
class Column:
    """One column as the claims see it. `different` is the profile of its values without their repeats: that many have
    no phone ("none") says nothing of the others'."""

    index: int
    header: Header
    profile: Profile
    different: Profile
    values: Sequence[str] = field(default=(), repr=False)


@dataclass(frozen=True)
class Claim:
    """How strongly a column claims a field (0 to 1), how early it is tried there, and what speaks for it."""

    field: Field
    index: int
    score: float
    rank: float
    reason: str
    opt_in: bool = False


def distance(header: Header) -> int:
    """How far the header is from the person of the row: 0 their own, 1 who orders for them, 2 who receives."""
    return 2 if Sense.SHIPPING in header.meanings else int(bool(header.meanings & {Sense.BUYER, Sense.ORDER}))


def lower_label(target: Field) -> str:
    """The field's name within a sentence."""
    label = CATALOGUE[target].label
    return label[0].lower() + label[1:]


# Words that speak about a value instead of naming it, whatever the field.
ABOUT_THE_VALUE: frozenset[Meaning] = frozenset(
    {Sense.DETAIL, Sense.TIME, Sense.CALLING_CODE, Sense.OPT_IN, Sense.ACCEPT, Field.OPTED_OUT}
)
_CONTACTS: frozenset[Meaning] = frozenset({Field.PHONE, Field.EMAIL, Sense.OTHER_LINE})
_ANOTHER_NAME: frozenset[Meaning] = frozenset({Field.FIRST_NAME, Field.LAST_NAME, Sense.OTHER_NAME})
_NOT_BESIDE_COMPANY: frozenset[Meaning] = frozenset(
    {Field.COUNTRY, Field.EXTERNAL_ID, Sense.NUMBER, Sense.TAX_ID, Sense.STATUS, Sense.THING}
)
_NOT_BESIDE_COUNTRY: frozenset[Meaning] = frozenset({Field.COMPANY, Field.EXTERNAL_ID, Sense.THING})
_NOT_BESIDE_TAGS: frozenset[Meaning] = frozenset(
    {Field.COMPANY, Field.EXTERNAL_ID, Sense.ADDRESS, Sense.THING, Sense.ORDER, Sense.NUMBER}
)
# What must not stand beside the word that names the field.
_FORBIDDEN = {
    Field.COMPANY: ABOUT_THE_VALUE | _CONTACTS | _ANOTHER_NAME | _NOT_BESIDE_COMPANY,
    Field.COUNTRY: ABOUT_THE_VALUE | _CONTACTS | _NOT_BESIDE_COUNTRY,
    Field.TAGS: ABOUT_THE_VALUE | _CONTACTS | _NOT_BESIDE_TAGS,
}
_NO_WORDS = (Kind.EMAIL, Kind.DATE, Kind.URL, Kind.PHONE)
# What most values must not be.
_NOT_OF_KIND: dict[Field, tuple[Kind, ...]] = {
    Field.COMPANY: (*_NO_WORDS, Kind.YES_NO),
    Field.COUNTRY: (*_NO_WORDS, Kind.NUMBER, Kind.AREA_CODE, Kind.PHONE_LIKE),
    Field.TAGS: (*_NO_WORDS, Kind.NUMBER, Kind.YES_NO, Kind.PHONE_LIKE),
}


def claim_by_header(target: Field, column: Column) -> Claim | None:
    """What the column says for the field; a score of 0 carries the reason against it; None: nothing at all."""
    header = column.header
    # Tags are rare and their words short, so a mended spelling ("grupo") is no evidence of them; nor is one category
    # ("catégorie"), which without its accent is Italian for several.
    meanings = (header.as_written if target is Field.TAGS else header).meanings
    if target not in meanings or (target is Field.TAGS and "catégorie" in header.text.casefold().split()):
        return None
    if refusal := refuse(target, column, _FORBIDDEN[target]):
        return refusal
    label, profile = lower_label(target), column.profile
    # A program that has tags beside its groups and lists means the tags.
    is_by_another_name = target is Field.TAGS and "tag" not in header.text.casefold()
    rank = _rank(header) + 0.5 * is_by_another_name
    found = Claim(target, column.index, header_score(header), rank, f"Header says {label}.")
    unlike = profile.share(*_NOT_OF_KIND[target])
    # "Tag" is a day in German, "Etiqueta: não" tells whether a parcel has one, and country 91 is a calling code.
    is_counted = target is not Field.COMPANY and profile.share(Kind.NUMBER, Kind.YES_NO, Kind.AREA_CODE) >= NEARLY_ALL
    if is_counted or (profile.filled >= 2 and unlike >= 0.6):
        return against(found, f"Header says {label}, but the values say otherwise.")
    is_supported = target is not Field.COUNTRY and profile.filled >= 2 and unlike <= 1 - NEARLY_ALL
    if header.unknown and not is_supported:
        return replace(found, score=found.score - _doubt(target, header))
    return found


def _doubt(target: Field, header: Header) -> float:
    """What a word that nobody knows takes from a claim that the values do not support."""
    if target is Field.TAGS:
        return 0.15 if any(text == "tags" for text, _ in header.phrases) else 0.4
    return 0.35 if target is Field.COMPANY else 0.15


def refuse(target: Field, column: Column, forbidden: frozenset[Meaning]) -> Claim | None:
    """A claim of score 0 with its reason where another word of the header forbids the field."""
    beside = column.header.beside(target)
    label = lower_label(target)
    none = Claim(target, column.index, 0.0, 0.0, "")
    if Sense.STRANGER in beside:
        return against(none, f"Header says {label}, but of somebody else; kept as an attribute.")
    if beside & forbidden:
        return against(none, f"Header speaks about the {label}, but the values are something else.")
    return None


def against(found: Claim, reason: str) -> Claim:
    """The claim lost, for a reason."""
    return replace(found, score=0.0, reason=reason)


def header_score(header: Header) -> float:
    """How plainly the header speaks: unknown words and mended spelling take from it."""
    each = 0.03 if header.is_question else 0.12
    # What looks like a misspelt field beside a word that nobody knows is as often another word altogether.
    misspelt = 0.45 if header.unknown else 0.1
    return max(0.0, 0.92 - each * len(header.unknown) - (misspelt if header.mended else 0.0))


def _rank(header: Header) -> float:
    meanings = header.meanings
    rank = 0.0
    if Sense.PRIMARY in meanings:
        rank += 0.2
    if meanings & {Sense.BILLING, Sense.HOME}:
        rank += 1
    if meanings & {Sense.WORK}:
        rank += 1.5
    if meanings & {Sense.SHIPPING, Sense.SECOND}:
        rank += 4
    return rank + 0.1 * (header.ordinal - 1) + 0.3 * bool(header.unknown)
