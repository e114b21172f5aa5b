"""Which delimiter, quote and escape character a text uses, judged by reading its head with each of them."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from lead_store.intake.reading.cells import LISTED, Kind, is_phone, is_phone_with_person, kind_of
from lead_store.intake.reading.dialect import Dialect
from lead_store.intake.reading.texts.records import Record, parse_records

SAMPLE_CHARACTERS = 128 * 1024
SAMPLE_RECORDS = 250
RECORDS_WITH_QUOTES = 20_000
LEAST_ASTRAY = 3
"""As many records with quotes astray are no accident."""
REGULAR_LINES = 0.98

_USUAL = {
    ",": 1.0,
    ";": 1.0,
    "\t": 1.0,
    "|": 1.0,
    "^": 0.9,
    "~": 0.9,
    "\x1f": 0.9,
    "\x01": 0.9,
    "¦": 0.9,
    "§": 0.8,
    ":": 0.6,
    " ": 0.55,
}
"""How readily each delimiter is believed; blanks and colons also stand within values."""
_WITHIN_VALUES = " :"
_PUNCTUATION = ",;: "
_AFTER_NAMES = ":–—"
_LISTED = re.compile(rf"{LISTED}[^\W\d_]")
"""As in "12. Ana Lima"."""
# What consoles and Markdown draw between the rows of a table.
_RULE = re.compile(r"(?=[\s|+:]*[-=─═]{3})[-=─═\s|+:┼╪]+")
_UNUSUAL = 0.6
_NEVER = frozenset("\"'\r\n\\.@-_+/()[]{}<>\ufeff")
_NAMES = {
    ",": "comma",
    ";": "semicolon",
    "\t": "tab",
    "|": "pipe",
    " ": "blank",
    ":": "colon",
    "\x1f": "unit separator",
    "\x01": "start of heading (Ctrl-A)",
}


@dataclass(frozen=True)
class Sniffed:
    """A dialect as far as delimiters go, with how well it fits (0 to 1)."""

    dialect: Dialect
    score: float
    width: int
    regularity: float
    """Share of the sampled records that have this width."""


def sniff(text: str, base: Dialect, fixed: Mapping[str, Any], hint: str | None, *, is_whole: bool) -> Sniffed:
    """The best reading of the text's head; what the user fixed and what a `sep=` line announces is not judged."""
    sample = text[:SAMPLE_CHARACTERS]
    is_whole = is_whole and len(sample) == len(text)
    delimiters = [fixed["delimiter"]] if fixed.get("delimiter") else [hint] if hint else _delimiters(sample)
    candidates = [
        base.changed(delimiter=delimiter, quote=quote, escape=escape, skips_initial_space=skips)
        for delimiter in delimiters
        for quote in ([fixed["quote"]] if "quote" in fixed else _quotes(sample, delimiter))
        for escape in ([fixed["escape"]] if "escape" in fixed else _escapes(sample, delimiter, quote))
        for skips in _spacing(sample, delimiter, quote)
    ]
    readings = [_fit(sample, candidate, is_whole) for candidate in candidates]
    best = max(readings, key=lambda reading: round(reading.score, 6))
    if "quote" in fixed or not _are_quotes_text(text, best):
        return best
    return _fit(sample, best.dialect.changed(quote=None), is_whole)


def _are_quotes_text(text: str, best: Sniffed) -> bool:
    """Whether the writer knows no quotes: most records that hold any are damaged by them, and lines are whole rows."""
    quote, delimiter = best.dialect.quote, best.dialect.delimiter
    if quote is None or delimiter is None or quote not in text or best.width == 1:
        return False
    proper = astray = start = 0
    for record, end in islice(parse_records(text, best.dialect, 0, is_last=True), RECORDS_WITH_QUOTES):
        is_astray = record.has_quotes_astray or record.problem is not None
        astray += is_astray
        proper += not is_astray and quote in text[start:end]
        start = end
    if astray < LEAST_ASTRAY or astray <= proper:
        return False
    lines = [line for line in text[:start].splitlines() if line.strip()]
    return sum(line.count(delimiter) == best.width - 1 for line in lines) >= REGULAR_LINES * len(lines)


def delimiter_name(delimiter: str) -> str:
    """What people call the delimiter."""
    return _NAMES.get(delimiter, f"“{delimiter}”")


def _delimiters(sample: str) -> list[str]:
    """Characters that could be the delimiter: the usual ones that occur, else any that most lines have."""
    counts = Counter(sample)
    # One that does not occur stands for a file of one column, whatever is in its text.
    unused = next((char for char in ",;\t|" if not counts[char]), "\x1f")
    found = [unused, *(char for char in _USUAL if counts[char] and char != unused)]
    lines = [line for line in sample[:20_000].splitlines() if line.strip()][:60]
    if not any(char in counts for char in ",;\t|") and len(lines) > 1:
        per_line = Counter(char for line in lines for char in set(line))
        found += [
            char
            for char, number in per_line.items()
            if number >= 0.9 * len(lines)
            and char.isprintable()
            and not char.isalnum()
            and char not in _NEVER
            and char not in _USUAL
            and not all(line.lstrip().startswith(char) for line in lines[1:])  # Marks of a list stand before it.
        ]
    return found


def _quotes(sample: str, delimiter: str) -> list[str | None]:
    if "'" not in sample:
        return ['"']
    edge = re.escape(delimiter)
    opened = len(re.findall(rf"(?:^|{edge}) ?'(?=[^\r\n]*'\s*(?:{edge}|$))", sample, re.MULTILINE))
    return ['"', "'"] if opened and opened * 4 >= sample.count("'") else ['"']


def _escapes(sample: str, delimiter: str, quote: str | None) -> list[str | None]:
    is_used = (quote and f"\\{quote}" in sample) or f"\\{delimiter}" in sample
    return [None, "\\"] if is_used else [None]


def _spacing(sample: str, delimiter: str, quote: str | None) -> list[bool]:
    if quote is None or delimiter == " " or f"{delimiter} {quote}" not in sample:
        return [False]
    return [False, True]


def _fit(sample: str, dialect: Dialect, is_whole: bool) -> Sniffed:
    """How well the text fits the dialect: rows of one width, of many cells, each cell something people write."""
    records = [record for record, _ in islice(parse_records(sample, dialect, 0, is_last=is_whole), SAMPLE_RECORDS)]
    if not records:
        records = [record for record, _ in islice(parse_records(sample, dialect, 0, is_last=True), SAMPLE_RECORDS)]
    rows = [record.cells for record in records if any(cell.strip() for cell in record.cells)]
    rows = [row for row in rows if not _RULE.fullmatch("".join(row))] or rows
    if not rows:
        # Nothing but delimiters: better than taking them for text in one column.
        return Sniffed(dialect, 0.03, 1, 1.0)
    width, regularity = _usual_width(rows)
    damage = sum(_damage(record) for record in records) / len(records)
    if width == 1:
        return Sniffed(dialect, 0.02 * (1 - damage), 1, regularity)
    assert dialect.delimiter is not None
    belief = _USUAL.get(dialect.delimiter, _UNUSUAL)
    is_loose = regularity < 0.9 or len(rows[0]) != width or (width < 3 and not _tells_contacts(rows))
    is_within = dialect.delimiter in _WITHIN_VALUES and (is_loose or _cuts_values(rows, dialect.delimiter))
    is_within |= dialect.delimiter in _AFTER_NAMES and _are_listed(rows, dialect.delimiter)
    if is_within or _is_prose(rows, dialect):
        belief = 0.0
    score = belief * regularity**2 * (width - 1) / width * _sense(rows) * (1 - damage)
    return Sniffed(dialect, score, width, regularity)


def _cuts_values(rows: Sequence[Sequence[str]], delimiter: str) -> bool:
    """Whether the lines are phones or mail addresses as they stand, in a list of nothing else; not a numbered one."""
    lines = [delimiter.join(row) for row in rows]
    if [row[0].rstrip(".") for row in rows] == [str(number) for number in range(1, len(rows) + 1)]:
        return False
    whole = [
        is_phone(line) or is_phone_with_person(line) or (kind_of(line) is Kind.EMAIL and line.rstrip().endswith(">"))
        for line in lines
    ]
    return sum(whole) >= 0.8 * len(lines)


def _are_listed(rows: Sequence[Sequence[str]], delimiter: str) -> bool:
    """Whether most lines are people with their place in a list before the name and a phone behind it: none of these
    is a column of its own."""
    lines = [delimiter.join(row) for row in rows]
    return sum(bool(_LISTED.match(line)) and kind_of(line) is Kind.PHONE for line in lines) >= 0.8 * len(lines)


def _tells_contacts(rows: Sequence[Sequence[str]]) -> bool:
    """Whether what follows the first word is a phone or an e-mail, as in a list that was typed or copied."""
    told = [kind_of(row[1]) in (Kind.PHONE, Kind.EMAIL) for row in rows if len(row) > 1]
    return sum(told) >= 0.8 * len(rows)


def _damage(record: Record) -> float:
    return 1.0 if record.problem else 0.5 if record.has_quotes_astray else 0.0


def _usual_width(rows: Sequence[Sequence[str]]) -> tuple[int, float]:
    """The width of most rows and their share; where two are as frequent, the wider one."""
    widths = Counter(len(row) for row in rows)
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    if width == 1 and len(widths) > 1:
        # Titles and notes of one cell may outnumber the rows of a small table.
        wide, wide_count = max(((w, n) for w, n in widths.items() if w > 1), key=lambda item: (item[1], item[0]))
        if wide_count >= 2 and (wide >= 3 or wide_count * 2 >= count):
            width, count = wide, wide_count
    return width, count / len(rows)


def _is_prose(rows: Iterable[Sequence[str]], dialect: Dialect) -> bool:
    """Whether the delimiter reads like punctuation: a blank follows it nearly always, and the first row lacks it."""
    if dialect.delimiter is None or dialect.delimiter not in _PUNCTUATION:
        return False
    rows = list(rows)
    after = [cell for row in rows for cell in row[1:] if cell]
    spaced = sum(cell.startswith(" ") for cell in after)
    return len(rows[0]) == 1 and bool(after) and spaced >= 0.9 * len(after) and not dialect.skips_initial_space


def _sense(rows: Sequence[Sequence[str]]) -> float:
    """Share of cells that are something in themselves; another delimiter or half a quote inside tells against it."""
    worth = total = 0.0
    for row in rows[:100]:
        for cell in row:
            total += 1
            worth += _worth(cell)
    return worth / total if total else 0.0


def _worth(cell: str) -> float:
    kind = kind_of(cell)
    if kind in (Kind.LABEL, Kind.PROSE, Kind.CODE):
        if cell.count('"') % 2 or "\t" in cell or cell.startswith(('"', "'")):
            return 0.3
        return 0.6 if any(char in cell for char in ";|^~") else 0.9 if "," in cell else 1.0
    return 1.0
