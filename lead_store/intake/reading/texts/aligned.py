"""Texts whose columns begin at the same place in each line, as reports and consoles print them -> those places.

Blanks tell: a column ends where nearly all lines have some. One blank alone may stand within all values, such as phones
written alike, so it counts only where a label of the header begins behind it.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

BETWEEN = "\x1f"
"""Stands between the cells once the lines are cut."""

_LINES_LOOKED_AT = 200
_LONGEST_LINE = 2_000
_FEWEST_LINES, _MOST_COLUMNS = 3, 200
_LEAST_SHARE_OF_LINES = 0.6
_NEARLY_ALL = 0.97
# A line that underlines each label of a header says where its column begins.
_RULE = re.compile(r"\s*[-=]{2,}(?: +[-=]{2,})+\s*")
_HAS_COLUMNS = re.compile(r"\S {2,}\S")


def find_cuts(text: str) -> tuple[int, ...]:
    """Where the second and each further column begins, in characters; none where the lines are not aligned."""
    lines = [line.rstrip() for line in text.splitlines() if line.strip()][:_LINES_LOOKED_AT]
    if any("\t" in line or len(line) > _LONGEST_LINE for line in lines):
        return ()
    for line in lines:
        if _RULE.fullmatch(line):
            return tuple(group.start() for group in re.finditer(r"[-=]+", line))[1:_MOST_COLUMNS]
    aligned = [line for line in lines if _HAS_COLUMNS.search(line)]
    if len(aligned) < max(_FEWEST_LINES, _LEAST_SHARE_OF_LINES * len(lines)):
        return ()
    starts = _starts(aligned)
    return tuple(starts) if len(starts) < _MOST_COLUMNS else ()


def _starts(lines: Sequence[str]) -> list[int]:
    width = max(map(len, lines))
    characters = np.array([list(line.ljust(width)) for line in lines])
    is_blank: NDArray[np.bool_] = (characters == " ").mean(axis=0) >= _NEARLY_ALL
    starts = [place for place in range(1, width) if is_blank[place - 1] and not is_blank[place]]
    header = lines[0].ljust(width)
    return [
        place
        for place in starts
        if (place > 1 and is_blank[place - 2]) or (header[place] != " " and header[place - 1] == " ")
    ]


def cut(text: str, cuts: Sequence[int]) -> str:
    """Each line with BETWEEN where a column begins; one that ends before has blank cells."""
    widths = [end - start for start, end in pairwise((0, *cuts))]
    cells = "".join(f"([^\r\n]{{0,{width}}})" for width in widths)
    line = f"^(?=[^\r\n]){cells}([^\r\n]*)"
    return re.sub(line, lambda found: BETWEEN.join(found.groups()), text, flags=re.MULTILINE)
