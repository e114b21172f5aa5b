"""People in lines such as `Name: Ana Lima`, as forms send them by mail and notes list them -> rows: one for each.

The labels that come again are the columns, in the order in which they come first. A person begins where the first label
comes again, or, below a line without letters, any label that this person has already.
"""

import re
from collections import Counter
from collections.abc import Iterator

from lead_store.intake.reading.header_words import header_words_in
from lead_store.intake.reading.refusals import damaged
from lead_store.intake.reading.tables.openings import is_heading
from lead_store.intake.reading.texts.lines import LONGEST_LINE, lines_of
from lead_store.intake.reading.texts.people import PeopleInText

OTHER_LINES = "Other lines"
"""The column of whatever stands among a person's lines and has no label of its own."""

_FEWEST_PEOPLE, _FEWEST_LABELS = 2, 2
_MOST_LABELS, _MOST_COUNTED = 200, 5_000
_LABELLED_SHARE, _WORDS_SHARE = 0.5, 0.5
_DELIMITERS = (",", ";", "\t", "|")
_LINE = re.compile(r"[\s>*•·-]*([^\W\d_][^:=<>{}\"]{0,39}?)\s*[:=](?!//)\s*(.*)")
_BETWEEN = re.compile(r"[\W\d_]*(?:\b(?:row|record)\b[\W\d_]*)?", re.IGNORECASE)
"""Blank, ruled, or a number alone; databases write `*** 2. row ***`."""


def are_labelled(head: str) -> bool:
    """Whether the lines at the head of a text are people, each in lines of their own with the same few labels."""
    lines = [line for line in head.splitlines() if not _BETWEEN.fullmatch(line)][:-1]
    # Labels may also stand in cells of several lines.
    if any(is_heading(lines[0].split(mark)) for mark in _DELIMITERS if lines):
        return False
    labels = Counter(found[1].casefold() for line in lines if (found := _LINE.fullmatch(line)))
    again = {label for label, count in labels.items() if count >= _FEWEST_PEOPLE}
    known = sum(map(header_words_in, again))
    is_regular = sum(labels[label] for label in again) >= _LABELLED_SHARE * len(lines)
    return len(again) >= _FEWEST_LABELS and is_regular and known >= _WORDS_SHARE * len(again)


class LabelledLines(PeopleInText):
    """The people of such a file."""

    def _rows(self) -> Iterator[list[str]]:
        labels, has_others = self._labels()
        places = {label.casefold(): place for place, label in enumerate(labels)}
        header = [*labels, *([OTHER_LINES] if has_others else [])]
        yield header
        for cells in self._people(places):
            yield [" / ".join(cells.get(place, ())) for place in range(len(header))]

    def _labels(self) -> tuple[list[str], bool]:
        """Each label that comes again, as it is written first, and whether there are lines without any of them."""
        counts: Counter[str] = Counter()
        written: dict[str, str] = {}
        lines = 0
        for line in lines_of(self._file, self._encoding):
            lines += not _BETWEEN.fullmatch(line)
            found = _LINE.fullmatch(line)
            if found and (found[1].casefold() in counts or len(counts) < _MOST_COUNTED):
                counts[found[1].casefold()] += 1
                written.setdefault(found[1].casefold(), found[1])
        kept = [label for label, count in counts.items() if count >= _FEWEST_PEOPLE][:_MOST_LABELS]
        return [written[label] for label in kept], sum(counts[label] for label in kept) < lines

    def _people(self, places: dict[str, int]) -> Iterator[dict[int, list[str]]]:
        person, other = _Person(), len(places)
        titles: list[str] = []
        is_apart = True
        for line in lines_of(self._file, self._encoding):
            if _BETWEEN.fullmatch(line):
                is_apart = True
                continue
            found = _LINE.fullmatch(line)
            place = places.get(found[1].casefold()) if found else None
            if found and place is not None:
                if place in person.cells and (place == 0 or is_apart or titles):
                    yield person.cells
                    person = _Person()
                person.add(place, found[2], *titles, other=other)
                titles = []
            elif is_apart:
                titles.append(line)
            elif line[:1].isspace():
                person.go_on(line)
            else:
                person.add(other, line)
            is_apart = False
        person.add(other, "", *titles, other=other)
        if any(person.cells.values()):
            yield person.cells


class _Person:
    """What is told of a person: per column what stands there."""

    def __init__(self) -> None:
        self.cells: dict[int, list[str]] = {}
        self._last: int | None = None
        self._size = 0

    def add(self, place: int, text: str, *titles: str, other: int = 0) -> None:
        """Beside what is there already. `titles` stood above, and go to the column `other`."""
        for title in titles:
            self.add(other, title)
        self.cells.setdefault(place, [])
        self._last = place
        if text.strip():
            self.cells[place].append(self._counted(text))

    def go_on(self, line: str) -> None:
        """With the line above: this one is set in farther."""
        assert self._last is not None
        told = self.cells[self._last]
        told[-1:] = [" ".join([*told[-1:], self._counted(line)])]

    def _counted(self, text: str) -> str:
        self._size += len(text)
        if self._size > LONGEST_LINE:
            raise damaged()
        return text.strip()
