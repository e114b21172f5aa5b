"""vCards, which phones and address books export instead of a spreadsheet -> rows: one for each person.

Sources: RFC 6350 (vCard 4.0), RFC 2426 (3.0), and vCard 2.1, whose quoted-printable texts old phones still write.
"""

import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lead_store.intake.reading.refusals import damaged
from lead_store.intake.reading.texts.lines import LONGEST_LINE, lines_of
from lead_store.intake.reading.texts.people import PeopleInText

COLUMNS = (
    "Full name", "First name", "Last name", "Mobile phone", "Home phone", "Work phone", "Phone", "Phone 2",
    "E-mail", "E-mail 2", "Company", "Job title", "Tags", "Birthday", "Address", "Note",
)  # fmt: skip

_PROPERTY = re.compile(r'(?:[\w-]+\.)?([\w-]+)((?:;(?:"[^"]*"|[^":;])*)*):(.*)', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_UNESCAPED_SEMICOLON = re.compile(r"(?<!\\);")
_PICTURES = ("PHOTO", "LOGO", "SOUND", "KEY")
_NO_PHONES = {"fax", "pager", "modem", "bbs", "textphone"}
_PLACES_OF_PHONES = (
    ({"cell", "mobile", "iphone"}, "Mobile phone"),
    ({"work"}, "Work phone"),
    ({"home"}, "Home phone"),
)
_SIMPLE = {"FN": "Full name", "TITLE": "Job title", "BDAY": "Birthday", "NOTE": "Note"}


@dataclass(frozen=True)
class _Property:
    name: str
    types: frozenset[str]
    value: str
    """As written but for quoted-printable; its parts are apart by semicolons that no backslash escapes."""

    @property
    def text(self) -> str:
        return _unescaped(self.value)

    @property
    def parts(self) -> list[str]:
        return [_unescaped(part).strip() for part in _UNESCAPED_SEMICOLON.split(self.value)]


@dataclass
class _Card:
    cells: dict[str, list[str]] = field(default_factory=dict)

    def put(self, text: str, *places: str) -> None:
        """Into the first of these columns that has nothing yet; into the last one beside what it has."""
        text = text.strip()
        if not text or text in (known for place in places for known in self.cells.get(place, ())):
            return
        place = next((place for place in places if place not in self.cells), places[-1])
        self.cells.setdefault(place, []).append(text)

    def row(self) -> list[str]:
        return [(", " if column == "Tags" else " / ").join(self.cells.get(column, ())) for column in COLUMNS]


class Cards(PeopleInText):
    """The people of a file of vCards."""

    def _rows(self) -> Iterator[list[str]]:
        yield list(COLUMNS)
        yield from (card.row() for card in self._cards())

    def _cards(self) -> Iterator[_Card]:
        card: _Card | None = None
        for line in _unfolded(lines_of(self._file, self._encoding)):
            mark = line.strip().upper()
            if mark == "BEGIN:VCARD":
                card = _Card()
            elif mark == "END:VCARD" and card is not None:
                yield card
                card = None
            elif card is not None and (told := _property(line)):
                _place(told, card)
        if card is not None:
            yield card


def _unfolded(lines: Iterator[str]) -> Iterator[str]:
    """Lines put together that were broken: the next one begins with a blank, or this one ends in `=`."""
    parts: list[str] = []
    size = 0
    for line in lines:
        is_soft = bool(parts) and parts[-1].endswith("=") and "QUOTED-PRINTABLE" in parts[0].upper()
        if parts and (line[:1] in (" ", "\t") or is_soft):
            if is_soft:
                parts[-1] = parts[-1][:-1]
            is_picture = parts[0].upper().lstrip().startswith(_PICTURES)
            size += 0 if is_picture else len(line)
            if size > LONGEST_LINE:
                raise damaged()
            if not is_picture:
                parts.append(line if is_soft else line[1:])
            continue
        if parts:
            yield "".join(parts)
        parts, size = [line], len(line)
    if parts:
        yield "".join(parts)


def _property(line: str) -> _Property | None:
    found = _PROPERTY.fullmatch(line)
    if found is None or found[1].upper() in _PICTURES:
        return None
    told = [part.strip().strip('"') for part in found[2].split(";")[1:]]
    named = dict(part.upper().split("=", 1) for part in told if "=" in part)
    types = {word for part in told for word in part.lower().removeprefix("type=").replace('"', "").split(",")}
    value = found[3]
    if "QUOTED-PRINTABLE" in (named.get("ENCODING", ""), *map(str.upper, told)):
        value = _from_quoted_printable(value, named.get("CHARSET", "UTF-8"))
    return _Property(found[1].upper(), frozenset(types), value)


def _from_quoted_printable(value: str, charset: str) -> str:
    content = quopri.decodestring(value.encode("ascii", "replace"))
    try:
        return content.decode(charset, "replace")
    except LookupError:
        return content.decode("utf-8", "replace")


def _place(told: _Property, card: _Card) -> None:
    """What a property tells goes into the columns that hold it."""
    match told.name:
        case "N":
            family, given, *_ = [*told.parts, "", ""]
            card.put(given, "First name")
            card.put(family, "Last name")
        case "TEL" if not told.types & _NO_PHONES:
            own = next((place for types, place in _PLACES_OF_PHONES if told.types & types), "Phone")
            card.put(told.text, own, "Phone", "Phone 2")
        case "EMAIL":
            card.put(told.text, "E-mail", "E-mail 2")
        case "ORG":
            card.put(told.parts[0], "Company")
        case "ADR":
            card.put(", ".join(filter(None, told.parts)), "Address")
        case "CATEGORIES":
            card.put(told.text, "Tags")
        case name if name in _SIMPLE:
            card.put(told.text, _SIMPLE[name])


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda escaped: "\n" if escaped[1] in "nN" else escaped[1], text)
