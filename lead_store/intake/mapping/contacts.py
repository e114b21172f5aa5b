"""Which columns reach the person: the claims of phone, area code and e-mail.

Header and values are weighed together, and values that plainly are something else win. Whether a single number or
address is right is left to intake.phones and intake.normalising.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from lead_store.intake.fields import Field
from lead_store.intake.mapping.claims import ABOUT_THE_VALUE, Claim, Column, against, header_score, refuse
from lead_store.intake.mapping.headers import Header, Meaning
from lead_store.intake.mapping.profiles import NEARLY_ALL, Kind, nearly_all
from lead_store.intake.mapping.senses import Sense
from lead_store.intake.phones import holds_whatsapp_number, is_whatsapp_group

_ABOUT_SOMETHING_ELSE: frozenset[Meaning] = ABOUT_THE_VALUE.union(
    (Sense.SUBSCRIPTION, Sense.STATUS, Sense.TAX_ID, Sense.THING, Field.COMPANY, Field.COUNTRY, Field.TAGS)
)
_NOT_BESIDE_PHONE: frozenset[Meaning] = _ABOUT_SOMETHING_ELSE.union((Sense.OTHER_LINE, Field.EXTERNAL_ID))
_NOT_BESIDE_EMAIL: frozenset[Meaning] = _ABOUT_SOMETHING_ELSE.union((Sense.OTHER_NAME, Field.NAME))
# Values of these kinds are no phones or e-mails, however the header calls them.
_NEVER = (Kind.DATE, Kind.UNIX_TIME, Kind.HASH, Kind.URL, Kind.WORD, Kind.YES_NO)
_NEVER_PHONE = (*_NEVER, Kind.TAX_ID, Kind.EMAIL, Kind.PERSON)
# A cell with a phone or an e-mail among other things says a little less.
_WORTH_AMONG_OTHERS = 0.7
_SOME = 0.05
# Surer than what the e-mails of the same cells can claim.
_NAMED, _UNNAMED = 0.97, 0.76
_SWAPPED = 0.6
_PHONES = (Kind.PHONE, Kind.PHONE_LIKE, Kind.DIGITS_LOST)
# Words beside which the values alone may still decide: they say whose, not what.
_OPEN = {
    Sense.CONTACT,
    Sense.NUMBER,
    Sense.PERSON,
    Sense.GUARDIAN,
    Sense.NEUTRAL,
    Sense.PRIMARY,
    Sense.MOBILE,
    Sense.HOME,
    Sense.WORK,
}
_LINES = {Sense.MOBILE, Sense.HOME, Sense.WORK}
# What a title of a list of people says, such as "Guests".
_OF_A_LIST = {Sense.NEUTRAL, Sense.PERSON, Sense.CONTACT}
# (11) 3000-0000, 312-555-0111; and Brazil's mobiles, whose bare digits have a shape of their own.
_WRITTEN_AS_PHONE = re.compile(
    r"\+[\d\s().-]+|\(\d{2,4}\)\s?\d{3,5}[\s.-]?\d{3,5}|\d{2,4}[\s.-]\d{3,5}[\s.-]\d{3,5}|[1-9]{2}9\d{8}"
)


def claim_phone(column: Column) -> Claim | None:
    """How strongly the column claims to hold the person's own phone; a score of 0 carries the reason against it."""
    header, profile = column.header, column.different
    likeness = profile.share(*_PHONES) + _WORTH_AMONG_OTHERS * profile.share(Kind.MIXED)
    # "11 98765-4300 (only after six)": the header has to say that it is a phone, or how people are reached.
    likeness_if_named = likeness + _WORTH_AMONG_OTHERS * profile.share(Kind.PHONE_AMONG_WORDS)
    found = Claim(Field.PHONE, column.index, header_score(header), _rank_of_phone(header), "Header says phone")
    if Field.PHONE in header.meanings:
        if refusal := refuse(Field.PHONE, column, _NOT_BESIDE_PHONE):
            return refusal
        if is_area_code(column):
            return None
        return _claim_both_ways(replace(found, score=_NAMED), column) or _weigh(found, column, likeness_if_named)
    # A customer's number is an id; a contact's number is a phone.
    if {Sense.CONTACT, Sense.NUMBER} <= header.meanings and not header.meanings & (ABOUT_THE_VALUE | {Sense.STRANGER}):
        return _weigh(replace(found, score=0.75, reason="Header says contact number"), column, likeness_if_named)
    return _claim_by_values(found, column, likeness_if_named if Sense.CONTACT in header.meanings else likeness)


def _claim_by_values(found: Claim, column: Column, likeness: float) -> Claim | None:
    """The claim to the phone where no word of the header says so."""
    header, is_of_contacts = column.header, Sense.CONTACT in column.header.meanings
    if _says_only(Field.EMAIL, header) and likeness >= NEARLY_ALL:
        reason = f"Header says e-mail, but {_percent(likeness)} of the values are phone numbers."
        return replace(found, score=_SWAPPED, rank=4.0, reason=reason)
    if _is_of_whatsapp(column.values) and not refuse(Field.PHONE, column, _ABOUT_SOMETHING_ELSE):
        # Also as the row's own id, where no other column has phones.
        return replace(found, score=0.9, rank=3.0, reason="The values are ids or links of WhatsApp, with the number.")
    if not _speaks_of_nothing_else(header):
        return None
    if _looks_like_phones(column, likeness):
        among_others = column.different.share(Kind.MIXED, *([Kind.PHONE_AMONG_WORDS] if is_of_contacts else []))
        verb = "hold" if among_others >= _SOME else "look like"
        reason = f"{_percent(likeness + (1 - _WORTH_AMONG_OTHERS) * among_others)} of the values {verb} phone numbers."
        return replace(found, score=0.7, rank=found.rank if header.meanings & _LINES else 3.0, reason=reason)
    return _claim_both_ways(replace(found, score=_UNNAMED, rank=3.0, reason=""), column)


def claim_email(column: Column) -> Claim | None:
    """How strongly the column claims to hold the person's own e-mail; a score of 0 carries the reason against it."""
    header, profile = column.header, column.different
    share = profile.share(Kind.EMAIL)
    found = Claim(Field.EMAIL, column.index, header_score(header), _rank_of_email(header), "Header says e-mail")
    if Field.EMAIL in header.meanings:
        refusal = refuse(Field.EMAIL, column, _NOT_BESIDE_EMAIL)
        return refusal or _weigh(found, column, share + _WORTH_AMONG_OTHERS * profile.share(Kind.MIXED))
    if _says_only(Field.PHONE, header) and share >= NEARLY_ALL:
        reason = f"Header says phone, but {_percent(share)} of the values are e-mail addresses."
        return replace(found, score=_SWAPPED, rank=5.0, reason=reason)
    if _speaks_of_nothing_else(header) and share >= 0.8:
        return replace(found, score=0.75, rank=4.0, reason=f"{_percent(share)} of the values are e-mail addresses.")
    return None


def claim_alone(column: Column) -> Claim | None:
    """What the only column of a file claims where no header says so: a list of numbers is there to reach people."""
    mixed = Field.EMAIL if any("@" in value for value in column.values) else Field.PHONE
    among_words = column.different.share(Kind.PHONE_AMONG_WORDS, *([Kind.MIXED] if mixed is Field.PHONE else []))
    shares = {
        Field.PHONE: column.different.share(Kind.PHONE) + among_words,
        Field.EMAIL: column.different.share(Kind.EMAIL, *([Kind.MIXED] if mixed is Field.EMAIL else [])),
    }
    field, share = max(shares.items(), key=lambda item: item[1])
    if column.header.meanings - _OF_A_LIST or share < 0.5:
        return None
    what = "phone numbers" if field is Field.PHONE else "e-mail addresses"
    verb = "hold" if field is Field.PHONE and among_words else "look like"
    reason = f"{_percent(share)} of the values {verb} {what}, and there is no other column."
    return Claim(field, column.index, 0.6, 3.0, reason)


def _claim_both_ways(found: Claim, column: Column) -> Claim | None:
    """The claim of a column in which some left a phone and others an e-mail, which is read beside phones as well."""
    profile = column.different
    phones, emails = profile.share(*_PHONES), profile.share(Kind.EMAIL)
    if not emails or phones < 0.2 or phones + emails + _WORTH_AMONG_OTHERS * profile.share(Kind.MIXED) < 0.8:
        return None
    values = f"{_percent(phones)} of the values are phone numbers, {_percent(emails)} e-mail addresses."
    return replace(found, reason=f"{found.reason}. {values}".removeprefix(". "))


def is_area_code(column: Column) -> bool:
    """ "DDD" and "DDD Celular", but not "DDD/Celular" or "Celular (com DDD)", which hold the whole number."""
    meanings = column.header.meanings
    if Field.AREA_CODE not in meanings or Sense.WITH_AREA_CODE in meanings:
        return False
    if column.profile.filled:
        return column.profile.share(Kind.AREA_CODE) >= 0.5
    return not re.search(r"[/+&(]|\be\b", column.header.text) or Field.PHONE not in meanings


def _speaks_of_nothing_else(header: Header) -> bool:
    return not header.meanings - _OPEN and not header.is_question


def _says_only(target: Field, header: Header) -> bool:
    """Whether it names the field, of nobody else: who typed the headers may have mixed up two columns."""
    return target in header.meanings and header.meanings <= {target, Sense.TOPIC, Sense.NEUTRAL} and not header.unknown


def _looks_like_phones(column: Column, likeness: float) -> bool:
    """By the values alone: how strict depends on how much the header says."""
    different, header = column.different, column.header
    if Sense.CONTACT in header.meanings:
        return likeness >= 0.6
    # The same number again and again is the office's.
    if sum(different.kinds[kind] for kind in _PHONES) < 0.7 * sum(column.profile.kinds[kind] for kind in _PHONES):
        return False
    if different.share(Kind.PHONE) >= 0.8 and header.is_unreadable:
        return True
    # Ids of ten digits are valid numbers by chance, but nobody writes them with a plus sign or in groups.
    written = {value for value in column.values if value}
    is_certain = different.share(Kind.PHONE) >= 0.8 or (different.filled >= 3 and likeness >= 0.9)
    return is_certain and nearly_all(_is_written_as_phone, tuple(written))


def _is_written_as_phone(value: str) -> bool:
    return bool(_WRITTEN_AS_PHONE.fullmatch(value.strip())) or holds_whatsapp_number(value)


def _is_of_whatsapp(values: Sequence[str]) -> bool:
    """Ids or links of WhatsApp and hardly anything else, at least half of them with a number."""
    written = [value for value in values if value]
    has_numbers = 2 * sum(map(holds_whatsapp_number, written)) >= max(len(written), 1)
    return has_numbers and nearly_all(lambda value: holds_whatsapp_number(value) or is_whatsapp_group(value), written)


def _percent(share: float) -> str:
    return f"{round(100 * min(share, 1.0))}%"


# Messages go to mobiles; the first filled and valid number counts, so the likeliest mobile is tried first.
_RANKS_OF_PHONES = (
    (Sense.MOBILE, 0.0),
    (Sense.WHATSAPP, 0.5),
    (Sense.SMS, 0.8),
    (Sense.HOME, 4.0),
    (Sense.WORK, 5.0),
)


def _rank_of_phone(header: Header) -> float:
    meanings = header.meanings
    plain = 1.8 if Sense.PRIMARY in meanings and Sense.ADDRESS not in meanings else 2.0
    rank = next((rank for sense, rank in _RANKS_OF_PHONES if sense in meanings), plain)
    rank += 4.0 * bool(meanings & {Sense.SECOND, Sense.SHIPPING, Sense.BUYER})
    rank += 0.8 * bool(meanings & {Sense.ADDRESS, Sense.BILLING})
    return rank + _rank_among_equals(header)


def _rank_of_email(header: Header) -> float:
    meanings = header.meanings
    rank = 2.0 - 0.5 * (Sense.PRIMARY in meanings) + 0.5 * (Sense.BILLING in meanings)
    rank += 3.0 * bool(meanings & {Sense.SECOND, Sense.SHIPPING, Sense.BUYER})
    return rank + _rank_among_equals(header)


def _rank_among_equals(header: Header) -> float:
    return 0.1 * (header.ordinal - 1) + 0.3 * bool(header.unknown)


def _weigh(named: Claim, column: Column, likeness: float) -> Claim:
    """Header and values together; the more values are like the field, the surer."""
    profile = column.different
    is_phone = named.field is Field.PHONE
    plural, never = ("phone numbers", _NEVER_PHONE) if is_phone else ("e-mail addresses", _NEVER)
    if not profile.filled:
        return replace(named, reason=f"{named.reason}; there are no values to check it by.")
    values = "values" if profile.filled >= NEARLY_ALL * column.profile.filled else "different values"
    among_others = profile.share(Kind.MIXED, *([Kind.PHONE_AMONG_WORDS] if is_phone else []))
    percent = _percent(likeness + (1 - _WORTH_AMONG_OTHERS) * among_others)
    if likeness >= 0.5:
        score = min(0.99, 1 - (1 - named.score) * (1 - 0.7 * min(likeness, 1.0)))
        verb = "hold" if among_others else "are"
        return replace(named, score=score, reason=f"{named.reason}, and {percent} of the {values} {verb} {plural}.")
    # One word alone may have slid over from the next column; an address or a date among phones has not. One time
    # alone may be a number of Germany or Argentina.
    by_chance = (Kind.WORD, Kind.PERSON, Kind.YES_NO, Kind.UNIX_TIME)
    is_email_flag = profile.share(Kind.YES_NO) >= NEARLY_ALL and bool(column.header.unknown or column.header.mended)
    is_telling = column.profile.filled >= 2 or (not profile.share(*by_chance) if is_phone else is_email_flag)
    is_plain = is_telling and profile.share(*never) >= 0.6
    # One stray number makes no phones of the rest; several do, where the header says so.
    has_some = profile.share(Kind.PHONE if is_phone else Kind.EMAIL) >= _SOME
    if is_plain or (column.profile.filled >= 3 and likeness < 0.2 and not has_some):
        return against(named, f"{named.reason}, but only {percent} of the {values} are {plural}.")
    return replace(named, score=named.score * 0.7, reason=f"{named.reason}, yet few of the {values} are {plural}.")
