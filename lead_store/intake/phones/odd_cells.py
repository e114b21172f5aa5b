"""The cells that are not plain: text, several numbers, other scripts. Each distinct one is read once, by `cells`.

`cells` asks for a reading of each number that it finds in a text. Those numbers are plain again, so they are
collected from all cells first and settled together; what remains is a few regular expressions for each cell.
"""

import re
from collections.abc import Mapping

import pyarrow as pa

from lead_store.intake.phones.cells import read_cell
from lead_store.intake.phones.numbers import INVALID, Reading, read_number
from lead_store.intake.phones.regions import REGIONS
from lead_store.intake.phones.settled import Answer, settle
from lead_store.intake.phones.variants import variant_of

# Repeats of an odd cell are near each other (a column of one export), so few need to be kept.
ANSWERS_KEPT = 50_000

_PLAIN_NUMBER = re.compile(r"\(?\+?[\d \u00a0()./-]+")

_BARE = re.compile(r"\+?[0-9]+")
_NO_DIGITS = re.compile(r"\D+")

_kept: dict[tuple[str, str | None, tuple[tuple[str, str], ...]], Answer] = {}


def read_odd_cells(texts: list[str | None], regions: list[str | None], choices: Mapping[str, str]) -> list[Answer]:
    """One answer per cell, with the columns of `settled.COLUMNS`."""
    decided = tuple(sorted(choices.items()))
    known = [region if region in REGIONS else None for region in regions]
    keys = [(text or "", region, decided) for text, region in zip(texts, known, strict=True)]
    if len(_kept) > ANSWERS_KEPT:
        _kept.clear()
    unknown = list(dict.fromkeys(key for key in keys if key not in _kept))
    answers = dict(zip(unknown, _read([key[:2] for key in unknown], choices), strict=True))
    _kept.update(answers)
    return [answers[key] if key in answers else _kept[key] for key in keys]


def forget() -> None:
    """Forget all cells read so far; answers do not change, only the time they take."""
    _kept.clear()


def _read(cells: list[tuple[str, str | None]], choices: Mapping[str, str]) -> list[Answer]:
    asked: list[set[tuple[str, str | None]]] = []
    readings: list[Reading] = []

    def note(text: str, region: str | None, choices: Mapping[str, str]) -> Reading:
        # INVALID makes `cells` go on, so every number that it could come to ask for is noted.
        asked[-1].add((_bare(text) if _PLAIN_NUMBER.fullmatch(text) else text, region))
        return INVALID

    for text, region in cells:
        asked.append(set())
        readings.append(read_cell(text, region, choices, note))
    settled = _settled(list(set().union(*asked)), choices)
    slow: dict[tuple[str, str | None], Reading] = {}

    def look_up(text: str, region: str | None, choices: Mapping[str, str]) -> Reading:
        found = settled.get((_bare(text), region)) if _PLAIN_NUMBER.fullmatch(text) else None
        if found and "/" in text and (found.pattern or "").startswith("missing_plus:"):
            # Two short numbers with a slash between them look like one long number to `numbers` as well.
            return INVALID
        if found is None:
            found = slow.get((text, region)) or read_number(text, region, choices)
            slow[text, region] = found
        return found

    for index, (text, region) in enumerate(cells):
        # Where all numbers are INVALID indeed, the first reading was right.
        if any(settled.get(key) is not INVALID for key in asked[index]):
            readings[index] = read_cell(text, region, choices, look_up)
    return [_answer(reading) for reading in readings]


def _bare(text: str) -> str:
    digits = _NO_DIGITS.sub("", text)
    return f"+{digits}" if "+" in text else digits


def _settled(asked: list[tuple[str, str | None]], choices: Mapping[str, str]) -> dict[tuple[str, str | None], Reading]:
    """The readings of those numbers that the numbering plans settle."""
    asked = [key for key in asked if _BARE.fullmatch(key[0])]
    texts = pa.array([text for text, _ in asked], pa.string())
    answers = settle(texts, pa.array([region for _, region in asked], pa.string()), choices)
    columns = [array.to_pylist() for array in answers.to_arrays()]
    readings = {}
    for key, is_open, e164, _, problem, repair, pattern, others in zip(asked, answers.is_open, *columns, strict=True):
        if not is_open:
            reading = Reading(e164, problem, repair, pattern, others)
            readings[key] = INVALID if reading == INVALID else reading
    return readings


def _answer(reading: Reading) -> Answer:
    variant = variant_of(reading.e164) if reading.e164 else None
    return (reading.e164, variant, reading.problem, reading.repair, reading.pattern, reading.others)
