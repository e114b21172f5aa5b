"""What a column's header and values say for one field: a Claim with its strength, or the reason against it.

Which claims win when columns compete is known to intake.mapping.suggesting and, for names, intake.mapping.names.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from lead_store.intake.fields import CATALOGUE, Field
from lead_store.intake.mapping.headers import Header, Meaning
from lead_store.intake.mapping.profiles import Kind, Profile
from lead_store.intake.mapping.words import Sense

# Below this a column is left unmapped: a wrong column is worse than none.
LEAST_SCORE = 0.5


@dataclass(frozen=True)
class Column:
    """One column as the claims see it."""

    index: int
    header: Header
    profile: Profile
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


# What must not stand beside the word that names a field.
_SOMEBODY_ELSE = frozenset({Sense.STRANGER})
_ABOUT_THE_VALUE: frozenset[Meaning] = frozenset(
    {Sense.DETAIL, Sense.TIME, Sense.CALLING_CODE, Sense.OPT_IN, Sense.ACCEPT, Field.OPTED_OUT}
)
_FORBIDDEN: dict[Field, frozenset[Meaning]] = {
    Field.PHONE: _ABOUT_THE_VALUE
    | {
        Field.EXTERNAL_ID,
        Sense.SUBSCRIPTION,
        Sense.OTHER_LINE,
        Sense.THING,
        Field.COUNTRY,
        Field.COMPANY,
        Sense.TAX_ID,
        Field.TAGS,
        Sense.STATUS,
    },
    Field.EMAIL: _ABOUT_THE_VALUE
    | {
        Sense.SUBSCRIPTION,
        Field.NAME,
        Field.COUNTRY,
        Field.COMPANY,
        Sense.TAX_ID,
        Field.TAGS,
        Sense.STATUS,
        Sense.THING,
        Sense.OTHER_NAME,
    },
    Field.COMPANY: _ABOUT_THE_VALUE
    | {
        Field.PHONE,
        Field.EMAIL,
        Field.EXTERNAL_ID,
        Sense.NUMBER,
        Sense.TAX_ID,
        Sense.OTHER_LINE,
        Sense.STATUS,
        Sense.THING,
        Field.COUNTRY,
        Field.FIRST_NAME,
        Field.LAST_NAME,
        Sense.OTHER_NAME,
    },
    Field.COUNTRY: _ABOUT_THE_VALUE
    | {Field.PHONE, Field.EMAIL, Field.COMPANY, Field.EXTERNAL_ID, Sense.OTHER_LINE, Sense.THING},
    Field.TAGS: _ABOUT_THE_VALUE
    | {
        Field.PHONE,
        Field.EMAIL,
        Sense.ADDRESS,
        Field.COMPANY,
        Field.EXTERNAL_ID,
        Sense.THING,
        Sense.ORDER,
        Sense.OTHER_LINE,
    },
}
_NOT_OF_KIND: dict[Field, tuple[Kind, ...]] = {
    Field.COMPANY: (Kind.EMAIL, Kind.DATE, Kind.YES_NO, Kind.URL, Kind.PHONE),
    Field.COUNTRY: (
        Kind.EMAIL,
        Kind.DATE,
        Kind.URL,
        Kind.PHONE,
        Kind.NUMBER,
        Kind.AREA_CODE,
        Kind.PHONE_LIKE,
    ),
    Field.TAGS: (Kind.EMAIL, Kind.DATE, Kind.URL, Kind.PHONE, Kind.NUMBER, Kind.YES_NO, Kind.PHONE_LIKE),
}


def claim(target: Field, column: Column) -> Claim | None:
    """What the column says for the field; a score of 0 carries the reason against it; None: nothing at all."""
    if target is Field.PHONE:
        return _claim_phone(column)
    if target is Field.EMAIL:
        return _claim_email(column)
    return _claim_by_header(target, column)


def _claim_by_header(target: Field, column: Column) -> Claim | None:
    header = column.header
    if target not in header.meanings or (target is Field.TAGS and target not in header.as_written.meanings):
        return None
    if refusal := refuse(target, column, _FORBIDDEN[target]):
        return refusal
    score = header_score(header)
    if header.unknown and not _is_supported(target, column.profile):
        score -= 0.4 if target is Field.TAGS else 0.15
    found = Claim(target, column.index, score, _rank_of_place(header), f"Header says {lower_label(target)}.")
    if column.profile.filled >= 2 and column.profile.share(*_NOT_OF_KIND[target]) >= 0.6:
        return against(found, f"Header says {lower_label(target)}, but the values say otherwise.")
    return found


def _is_supported(target: Field, profile: Profile) -> bool:
    return target is not Field.COUNTRY and profile.filled >= 2 and profile.share(*_NOT_OF_KIND[target]) == 0


def refuse(target: Field, column: Column, forbidden: frozenset[Sense | Field]) -> Claim | None:
    """A claim of score 0 with its reason where another word of the header forbids the field."""
    beside = column.header.beside(target)
    label = lower_label(target)
    none = Claim(target, column.index, 0.0, 0.0, "")
    if beside & _SOMEBODY_ELSE:
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


def _rank_of_place(header: Header) -> float:
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


def _claim_phone(column: Column) -> Claim | None:
    header, profile = column.header, column.profile
    likeness = profile.share(Kind.PHONE, Kind.PHONE_LIKE, Kind.DIGITS_LOST) + 0.7 * profile.share(Kind.MIXED)
    if Field.PHONE in header.meanings:
        named = refuse(Field.PHONE, column, _FORBIDDEN[Field.PHONE])
        if not named and is_area_code(column):
            return None
        named = named or Claim(
            Field.PHONE, column.index, header_score(header), _rank_of_phone(header), "Header says phone"
        )
    elif {Sense.CONTACT, Sense.NUMBER} <= header.meanings and not header.meanings & _ABOUT_THE_VALUE:
        named = Claim(Field.PHONE, column.index, 0.75, 2.0, "Header says contact number")
    elif speaks_of_nothing_else(header) and _looks_like_phones(column, likeness):
        return Claim(
            Field.PHONE, column.index, 0.7, 3.0, f"{_percent(likeness)} of the values look like phone numbers."
        )
    else:
        return None
    return _weigh(named, profile, likeness, "phone numbers", _NEVER_PHONES) if named.score else named


_NEVER_PHONES = (Kind.TAX_ID, Kind.DATE, Kind.HASH, Kind.EMAIL, Kind.URL, Kind.WORD, Kind.PERSON, Kind.YES_NO)


# (11) 3000-0000, 312-555-0111; and Brazil's mobiles, whose bare digits have a shape of their own.
_WRITTEN_AS_PHONE = re.compile(r"\(\d{2,4}\)\s?\d{3,5}[\s.-]?\d{3,5}|\d{2,4}[\s.-]\d{3,5}[\s.-]\d{3,5}|[1-9]{2}9\d{8}")


def _looks_like_phones(column: Column, likeness: float) -> bool:
    """By the values alone: valid numbers, or what is written like them where the header promises a contact."""
    profile = column.profile
    if profile.share(Kind.PHONE) >= 0.8 or (Sense.CONTACT in column.header.meanings and likeness >= 0.6):
        return True
    if likeness < 0.9 or profile.distinct < 3 or profile.distinct < 0.7 * profile.filled:
        return False
    written = [value for value in column.values if value]
    return sum(bool(_WRITTEN_AS_PHONE.fullmatch(value.strip())) for value in written) >= 0.9 * len(written)


def is_area_code(column: Column) -> bool:
    """ "DDD" and "DDD Celular", but not "DDD/Celular" or "Celular (com DDD)", which hold the whole number."""
    meanings = column.header.meanings
    if Field.AREA_CODE not in meanings or Sense.WITH_AREA_CODE in meanings:
        return False
    if column.profile.filled:
        return column.profile.share(Kind.AREA_CODE) >= 0.5
    return not re.search(r"[/+&(]|\be\b", column.header.text) or Field.PHONE not in meanings


def _percent(share: float) -> str:
    return f"{round(100 * min(share, 1.0))} %"


def _rank_of_phone(header: Header) -> float:
    meanings = header.meanings
    if Sense.MOBILE in meanings:
        rank = 0.0
    elif Sense.WHATSAPP in meanings:
        rank = 0.5
    elif Sense.SMS in meanings:
        rank = 0.8
    elif Sense.HOME in meanings:
        rank = 4.0
    elif Sense.WORK in meanings:
        rank = 5.0
    else:
        rank = 1.8 if Sense.PRIMARY in meanings and Sense.ADDRESS not in meanings else 2.0
    if meanings & {Sense.SECOND, Sense.SHIPPING, Sense.BUYER}:
        rank += 4.0
    if Sense.ADDRESS in meanings or Sense.BILLING in meanings:
        rank += 0.8
    return rank + 0.1 * (header.ordinal - 1) + 0.3 * bool(header.unknown)


def _claim_email(column: Column) -> Claim | None:
    header, profile = column.header, column.profile
    likeness = profile.share(Kind.EMAIL) + 0.7 * profile.share(Kind.MIXED)
    if Field.EMAIL in header.meanings:
        meanings = header.meanings
        rank = 2.0 - 0.5 * (Sense.PRIMARY in meanings) + 3.0 * bool(meanings & {Sense.SECOND, Sense.SHIPPING})
        rank += (
            3.0 * (Sense.BUYER in meanings)
            + 0.3 * bool(header.unknown)
            + 0.1 * (header.ordinal - 1)
            + 0.5 * (Sense.BILLING in meanings)
        )
        named = refuse(Field.EMAIL, column, _FORBIDDEN[Field.EMAIL]) or Claim(
            Field.EMAIL, column.index, header_score(header), rank, "Header says e-mail"
        )
        if named.score == 0:
            return named
        return _weigh(
            named,
            profile,
            likeness,
            "e-mail addresses",
            (Kind.HASH, Kind.DATE, Kind.YES_NO, Kind.URL, Kind.WORD),
        )
    if speaks_of_nothing_else(header) and profile.share(Kind.EMAIL) >= 0.8:
        reason = f"{_percent(profile.share(Kind.EMAIL))} of the values are e-mail addresses."
        return Claim(Field.EMAIL, column.index, 0.75, 4.0, reason)
    return None


# Words beside which the values alone may still decide: they say whose, not what.
_OPEN = {Sense.CONTACT, Sense.NUMBER, Sense.PERSON, Sense.NEUTRAL, Sense.PRIMARY, Sense.MOBILE, Sense.HOME}


def speaks_of_nothing_else(header: Header) -> bool:
    """No word of the header is against going by the values alone."""
    return not header.meanings - _OPEN and not header.is_question


def _weigh(named: Claim, profile: Profile, likeness: float, plural: str, never: tuple[Kind, ...]) -> Claim:
    """Header and values together: values that plainly are something else win."""
    if not profile.filled:
        return replace(named, reason=f"{named.reason}; there are no values to check it by.")
    percent = _percent(likeness)
    if likeness >= 0.5:
        score = min(0.99, 1 - (1 - named.score) * (1 - 0.7 * min(likeness, 1.0)))
        return replace(named, score=score, reason=f"{named.reason}, and {percent} of the values are {plural}.")
    is_plain = profile.share(*never) >= 0.6 and (profile.filled >= 2 or named.field is Field.PHONE)
    if is_plain or (profile.filled >= 3 and likeness < 0.2):
        return against(named, f"{named.reason}, but only {percent} of the values are {plural}.")
    return replace(named, score=named.score * 0.7, reason=f"{named.reason}, yet few of the values are {plural}.")
