"""A text line by line, for what is no delimited table."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from lead_store.intake.reading.refusals import damaged
from lead_store.intake.reading.texts.text import TextBlocks

LONGEST_LINE = 1024 * 1024
_LINE_END = re.compile(r"\r\n|\n|\r")


def lines_of(file: BinaryIO, encoding: str | None) -> Iterator[str]:
    """The lines without their ends, whichever these are; in flat memory. Raises Unreadable (file_damaged)."""
    rest = ""
    for block, is_last in TextBlocks(file, encoding or "utf-8").without_marks():
        text = rest + block
        # What stands behind the last line end may go on, and so may a \r with its \n.
        lines = _LINE_END.split(text) if is_last else _LINE_END.split(text.removesuffix("\r"))
        rest = "" if is_last else lines.pop() + ("\r" if text.endswith("\r") else "")
        if len(rest) > LONGEST_LINE:
            raise damaged()
        yield from lines
