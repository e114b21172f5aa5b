"""What the values of a column look like: phones, e-mails, people's names, dates, tax ids, yes or no.

Whether a single value is right is known to intake.phones and intake.normalising; this only judges whole columns.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import phonenumbers

from lead_store.intake.mapping.consent import is_consent_word, is_status_word
from lead_store.intake.mapping.headers import without_accents
from lead_store.intake.phones import holds_whatsapp_number, is_whatsapp_group, may_lack_ninth_digit

# "n/a" and a stray note here and there make nothing else of a column.
NEARLY_ALL = 0.9
# More values than these change no verdict, and 2,000 columns must be judged within a second.
MAX_SAMPLES = 40
_SHOWN = 5
_MAX_CELLS_PER_FILE = 20_000
_MAX_CHECKS_PER_FILE = 4_000


class Kind(StrEnum):
    """What one value looks like; each value has one kind, the most telling one."""

    PHONE = "phone"  # valid in its country or in the file's region
    PHONE_LIKE = "phone_like"  # the digits and punctuation of one, not valid or not known to be
    DIGITS_LOST = "digits_lost"  # 5,51199E+12: was a number of a phone's length
    EMAIL = "email"
    PERSON = "person"  # words that begin with capitals, two to five
    WORD = "word"  # one such word
    AREA_CODE = "area_code"
    TAX_ID = "tax_id"
    DATE = "date"
    UNIX_TIME = "unix_time"  # or a mobile of Germany or Egypt without its zero
    HASH = "hash"
    URL = "url"
    STATUS = "status"  # subscribed, unsubscribed
    YES_NO = "yes_no"
    NUMBER = "number"
    MIXED = "mixed"  # an e-mail or a phone among other things in the cell
    PHONE_AMONG_WORDS = "phone_among_words"  # as many digits as one has, which may also be a postcode's or an order's
    TEXT = "text"


@dataclass(frozen=True)
class Profile:
    """How many of a column's samples are filled, and how they divide into kinds."""

    filled: int
    distinct: int
    kinds: Counter[Kind]

    def share(self, *kinds: Kind) -> float:
        """The part of the filled values, 0 to 1, that are of one of the kinds; 0 where none is filled."""
        return sum(self.kinds[kind] for kind in kinds) / self.filled if self.filled else 0.0


def nearly_all(is_so: Callable[[str], bool], values: Sequence[str]) -> bool:
    """Whether it is so of at least nine in ten values; of no values it is."""
    return sum(map(is_so, values)) >= NEARLY_ALL * len(values)


def typical_of(values: Sequence[str]) -> tuple[str, ...]:
    """A few different values to show to people, those of the commonest kind first."""
    kinds = Counter(kind_of(value.strip()) for value in values)
    return tuple(sorted(dict.fromkeys(values), key=lambda value: -kinds[kind_of(value.strip())])[:_SHOWN])


def profile(values: Sequence[str], region: str | None, columns_in_file: int = 1) -> Profile:
    """Looks at some of the values; region (ISO 3166, such as BR) is where phones without + are read."""
    limit = max(5, min(MAX_SAMPLES, _MAX_CELLS_PER_FILE // columns_in_file))
    filled = [text for value in values if (text := (value or "").strip())][:limit]
    kinds = Counter(kind_of(text) for text in filled)
    # One phone in a hundred has the check digits of a CPF, so a few of them in a column say nothing.
    bare_cpfs = sum(_is_cpf(text) for text in filled)
    if bare_cpfs < max(2, len(filled) / 2):
        kinds[Kind.TAX_ID] -= bare_cpfs
        kinds[Kind.PHONE_LIKE] += bare_cpfs
    _tell_valid_phones(kinds, filled, region, max(2, min(8, _MAX_CHECKS_PER_FILE // columns_in_file)))
    return Profile(len(filled), len(set(filled)), kinds)


def _tell_valid_phones(kinds: Counter[Kind], filled: Sequence[str], region: str | None, checks: int) -> None:
    """Moves those that are valid to PHONE. Validity costs a hundred times what a pattern does, so a few are asked."""
    for kind in (Kind.PHONE_LIKE, Kind.UNIX_TIME):
        likely = [text for text in filled if kind_of(text) is kind][:checks]
        if likely:
            valid = round(kinds[kind] * sum(_is_valid_phone(text, region) for text in likely) / len(likely))
            kinds[Kind.PHONE] += valid
            kinds[kind] -= valid


# In the languages of the headers; else "01UNIDEX1000" would be a date.
_MONTH = (
    r"(?:jan|ene|gen|feb|fev|fév|mar|mär|mrz|apr|abr|avr|mai|may|mag|jun|jui|giu|jul|lug|aug|ago|aoû|sep|set|oct|out|"
    r"okt|ott|nov|dec|dez|dic|déc)[a-zçéûä]{0,7}"
)
_DATE = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([T ].*)?|\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2})([ ,T].*)?"
    rf"|\d{{1,2}}[-/ ]?(?:de )?{_MONTH}\.?[-/ ,]*(?:de )?\d{{2,4}}.*|{_MONTH}\.? \d{{1,2}},? \d{{4}}.*"
    r"|\d{1,2}:\d{2}(:\d{2})?",
    re.IGNORECASE,
)
# Mail programs write the name before it: Ana Lima <ana@example.org>.
_EMAIL = re.compile(r"(?:[^@<>]{0,80}<)?[^@\s,;/|<>]+@[^@\s,;/|<>]+\.[^@\s,;/|<>]+>?")
_PHONE_LIKE = re.compile(
    r"(?:p:|tel:|whatsapp:|')?\s*\+?[\d\s().\-/\u00a0\u2010-\u2013]{7,25}(?:\s*(?:x|ext\.?)\s*\d+)?"
)
_PHONE_AMONG_WORDS = re.compile(r"(?<![\w+])\+?\(?\d(?:[\s().\-/]{0,3}\d){7,14}(?!\w)")
_LONGEST_NOTE = 100
_DIGITS_LOST = re.compile(r"\d[.,]\d+E\+?1[0-5]", re.IGNORECASE)
_TAX_ID = re.compile(
    r"\d{3}\.\d{3}\.\d{3}-\d{2}|\d{2}\.\d{3}\.\d{3}/\d{4}-\d{2}|\d{8}[A-Z]|[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]"
)
_HASH = re.compile(r"[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}", re.IGNORECASE)
_URL = re.compile(r"https?://\S+|www\.\S+", re.IGNORECASE)
_AREA_CODE = re.compile(r"\(?0?\d{2,3}\)?")
_BIT = re.compile("[01]")
# "R$ 12,50" and "EUR 3", but no "Ana 2".
_NUMBER = re.compile(r"(?:[A-Z]{0,3}[^\w\s]{0,2}|kr\.?|Rs\.?|Fr\.?)\s*-?[\d.,\s]+\s*[%€$£]?")
# Unix times from 2011 to 2033, in seconds or milliseconds: ten digits that many a country would take for a phone.
# Before that, 11 is Buenos Aires.
_UNIX_TIME = re.compile(r"1[3-9]\d{8}|1[3-9]\d{11}|1[3-9]\d{8}\.\d+")
_SMALL_WORDS = {
    "da",
    "de",
    "do",
    "dos",
    "das",
    "e",
    "y",
    "del",
    "la",
    "los",
    "van",
    "von",
    "der",
    "den",
    "di",
    "bin",
    "al",
    "el",
    # Titles, where they are not written with a capital.
    "dr",
    "dra",
    "sr",
    "sra",
    "prof",
    "pan",
    "pani",
}


@lru_cache(maxsize=50_000)
def kind_of(text: str) -> Kind:
    """The most telling kind of one filled value; whether a phone-like one is valid is not looked at."""
    if holds_whatsapp_number(text) or is_whatsapp_group(text):
        return Kind.PHONE if holds_whatsapp_number(text) else Kind.PHONE_LIKE
    for kind, pattern in (
        (Kind.EMAIL, _EMAIL),
        (Kind.TAX_ID, _TAX_ID),
        (Kind.DATE, _DATE),
        (Kind.HASH, _HASH),
    ):
        if pattern.fullmatch(text):
            return kind
    if _URL.match(text):
        return Kind.URL
    kind = _kind_of_digits(text) if any(letter.isdigit() for letter in text) else _kind_of_words(text)
    if kind is not Kind.TEXT:
        return kind
    if _holds_contact(text):
        return Kind.MIXED
    return Kind.PHONE_AMONG_WORDS if _PHONE_AMONG_WORDS.search(text[:_LONGEST_NOTE]) else Kind.TEXT


def _holds_contact(text: str) -> bool:
    parts = [part.strip() for part in re.split(r"[;,/|\n]| e | or | ou | - ", text[:300])]
    return any(_EMAIL.fullmatch(part) or _PHONE_LIKE.fullmatch(part) for part in parts)


def _kind_of_digits(text: str) -> Kind:
    if _DIGITS_LOST.fullmatch(text):
        return Kind.DIGITS_LOST
    if _UNIX_TIME.fullmatch(text):
        return Kind.UNIX_TIME
    if _is_cpf(text):
        return Kind.TAX_ID
    if _PHONE_LIKE.fullmatch(text.removesuffix(".0")) and 7 <= len(re.sub(r"\D", "", text)) <= 16:
        return Kind.PHONE_LIKE
    for kind, pattern in ((Kind.YES_NO, _BIT), (Kind.AREA_CODE, _AREA_CODE), (Kind.NUMBER, _NUMBER)):
        if pattern.fullmatch(text):
            return kind
    return Kind.TEXT


def _kind_of_words(text: str) -> Kind:
    if is_status_word(text):
        return Kind.STATUS
    if is_consent_word(text):
        return Kind.YES_NO
    words = [word for word in re.split(r"[\s,]+", without_accents(text)) if word]
    if not words or len(words) > 6 or not all(re.fullmatch(r"[^\W\d_][\w'’.\-]*", word) for word in words):
        return Kind.TEXT
    spoken = [word for word in words if word.casefold() not in _SMALL_WORDS]
    # Scripts without capitals (Arabic, Hindi, Chinese) have neither upper nor lower case.
    if not spoken or any(word[0].islower() for word in spoken):
        return Kind.TEXT
    return Kind.PERSON if len(words) > 1 else Kind.WORD


@lru_cache(maxsize=50_000)
def _is_valid_phone(text: str, region: str | None) -> bool:
    bare = text.removeprefix("'").removeprefix("p:").removeprefix("tel:").strip()
    # Numbers without + are often whole anyway: 5511987654321, 250788382382.
    attempts = [(bare, region)] if bare.startswith("+") or region else []
    if not bare.startswith("+") and bare.lstrip("(")[:1] != "0":
        attempts.append(("+" + bare, None))
    for number, country in attempts:
        try:
            if phonenumbers.is_valid_number(phonenumbers.parse(number, country)):
                return True
        except phonenumbers.NumberParseException:
            continue
    return may_lack_ninth_digit(bare, region)


def _is_cpf(digits: str) -> bool:
    """Eleven digits whose last two check the others (Receita Federal, modulo 11): one random number in a hundred."""
    if len(digits) != 11 or not (digits.isascii() and digits.isdecimal()) or len(set(digits)) == 1:
        return False
    for length in (9, 10):
        weighted = sum(int(digit) * (length + 1 - place) for place, digit in enumerate(digits[:length]))
        if int(digits[length]) != weighted * 10 % 11 % 10:
            return False
    return True
