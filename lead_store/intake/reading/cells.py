"""What a single cell looks like: a number, a date, an e-mail, a phone, a label. For judging tables, not for reading."""

import re
from enum import StrEnum


class Kind(StrEnum):
    """Kinds of cell contents, told by form alone."""

    BLANK = "blank"
    NUMBER = "number"
    DATE = "date"
    EMAIL = "email"
    PHONE = "phone"
    URL = "url"
    CODE = "code"
    """Letters and digits mixed without blanks, such as an id."""
    LABEL = "label"
    """A few words, as a header or a name has."""
    PROSE = "prose"
    """A sentence or more."""


_NUMBER = re.compile(r"[-+(]?\s?[$€£R¥]{0,2}\s?[-+]?\d[\d.,' \xa0]*(?:[eE][-+]?\d+)?\s?[%€$£)]?")
_DATE = re.compile(
    r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T ,]+\d{1,2}:\d{2}.*)?|\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s?[AaPp][Mm])?"
    r"|\d{1,2}[- /.][A-Za-z]{3,9}\.?[- /,.]{1,2}\d{2,4}(?: \d{1,2}:\d{2}.*)?|[A-Za-z]{3,9}\.? \d{1,2},? \d{4}.*"
)
_EMAIL = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>]{2,}")
_PHONE = re.compile(r"(?:p:|tel:|whatsapp:)?'?[+(]?\d[\d\s().\-/+]{5,22}\d(?:\s?(?:x|ext|ramal)\.?\s?\d+)?", re.I)
_PERSON_WITH_EMAIL = re.compile(rf"[^@<>]{{0,60}}<{_EMAIL.pattern}>")
_FIGURES = r"[+(]?\d[\d\s().\-]{7,20}\d"
LISTED = r"(?:[•·●▪◦*✓✔✅-]\s*|\W{0,3}\d{1,4}\s?[.)º°]\s*)"
"""What stands before the name in a list: a mark, or the place."""
_PERSON_WITH_PHONE = re.compile(rf"{LISTED}?[^\W\d_][^\d(+]{{1,40}}[\s:]{_FIGURES}(?:\s\D{{0,40}})?")
"""Perhaps with a remark behind it."""
_PHONE_WITH_PERSON = re.compile(rf"(?=(?:\D*\d){{9}}){_FIGURES}\W{{1,4}}[^\W\d_]\D{{1,40}}")
"""Two years before a word are no phone, so more digits are asked for."""
_URL = re.compile(r"(?:https?://|www\.)\S.*", re.I)
_CODE = re.compile(r"(?=\S*\d)(?=\S*[^\W\d_])[\w\-:./#]{3,}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")

_LONGEST_LABEL = 60
MOST_DIGITS = 15
"""Of a phone, without what is dialled before it (ITU-T E.164)."""


_FORMS = (
    (Kind.EMAIL, _EMAIL),
    (Kind.EMAIL, _PERSON_WITH_EMAIL),
    (Kind.PHONE, _PERSON_WITH_PHONE),
    (Kind.PHONE, _PHONE_WITH_PERSON),
    (Kind.URL, _URL),
    (Kind.CODE, _CODE),
)


def kind_of(cell: str) -> Kind:
    """The kind of a cell's text; blanks around it do not count."""
    text = cell.strip()
    if not text:
        return Kind.BLANK
    if (kind := _kind_of_figures(text)) is not None:
        return kind
    for kind, form in _FORMS:
        if form.fullmatch(text):
            return kind
    return Kind.LABEL if len(text) <= _LONGEST_LABEL and "\n" not in text else Kind.PROSE


def is_phone(cell: str) -> bool:
    """Whether a cell is one phone and nothing beside it, not even a name."""
    digits = sum(map(str.isdigit, cell))
    return digits <= MOST_DIGITS and _kind_of_figures(cell.strip()) is Kind.PHONE


def is_phone_with_person(cell: str) -> bool:
    """Whether a cell begins with a phone that blanks part, and goes on with words: a name, or a remark."""
    text = cell.strip()
    return bool(_PHONE_WITH_PERSON.fullmatch(text)) and " " in text[: max(map(text.rfind, "0123456789"))]


def _kind_of_figures(text: str) -> Kind | None:
    """Dates, numbers and phones overlap in form: `2018-01-28` is also a number's and a phone's form, so dates go
    first, and a number of seven digits or more is more likely a phone."""
    if not any(char.isdigit() for char in text[:40]):
        return None
    if _DATE.fullmatch(text):
        return Kind.DATE
    if _NUMBER.fullmatch(text):
        return Kind.NUMBER if sum(map(str.isdigit, text)) < 7 or "," in text else Kind.PHONE
    return Kind.PHONE if _PHONE.fullmatch(text) else None


VALUE_KINDS = frozenset({Kind.NUMBER, Kind.DATE, Kind.EMAIL, Kind.PHONE, Kind.URL})
"""Kinds that are values: a header row hardly ever holds one."""
