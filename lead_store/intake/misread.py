"""Text that a program before us read in the wrong encoding: “UREÃ‘A”, which was “UREÑA”.

What is certain to be such text is told by ftfy; the rest stays as it is.
"""

import importlib
import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lead_store.intake import columns

# The first byte of a letter in UTF-8 as the encodings of Windows show it, with a further byte behind it, and the first
# byte of most accented letters as a Mac shows it. Few texts hold these, and only those are worth ftfy's time.
_FURTHER_BYTES = bytes(range(0x80, 0xC0))
_SHOWN_AS = "".join(_FURTHER_BYTES.decode(each, "ignore") for each in ("latin-1", "cp1252", "cp1250", "cp1251"))
_SUSPECT = f"[Â-ôĂĹРС][{re.escape(''.join(sorted(set(_SHOWN_AS))))}]|√"


def as_meant(cells: pa.StringArray) -> tuple[pa.StringArray, pa.BooleanArray]:
    """The cells with the misread ones as they were meant, and per cell whether it is one of those."""
    if _is_ascii(cells):
        return cells, pa.repeat(False, len(cells))
    beyond_ascii = pc.fill_null(pc.invert(pc.string_is_ascii(cells)), False)
    meant = columns.replaced(cells, beyond_ascii, _as_meant)
    return meant, pc.fill_null(pc.not_equal(meant, cells), False)


def _as_meant(cells: pa.StringArray) -> pa.StringArray:
    suspect = pc.match_substring_regex(cells, _SUSPECT)
    return columns.replaced(cells, suspect, lambda found: columns.by_distinct_value(found, meant_by))


@lru_cache(maxsize=20_000)
def meant_by(text: str) -> str:
    """The text as it was meant; itself where it was not misread, or where that is not certain."""
    if text.isascii() or not re.search(_SUSPECT, text):
        return text
    meant = _fixed()(text)
    return text if any(unicodedata.category(letter) == "Cc" or letter == "\ufffd" for letter in meant) else meant


@cache
def _fixed() -> Callable[[str], str]:
    # Loaded by those who need it: most files hold no such text.
    ftfy = importlib.import_module("ftfy")
    # A cell is misread as a whole: “IRMÃ” in its quotes holds what would be an Ô.
    config = ftfy.TextFixerConfig(decode_inconsistent_utf8=False, replace_lossy_sequences=False, fix_c1_controls=False)
    return lambda text: str(ftfy.fix_encoding(text, config))


def _is_ascii(cells: pa.StringArray) -> bool:
    """Asked of all bytes at once, those of neighbouring batches included."""
    text = cells.buffers()[2]
    return text is None or not text.size or int(np.frombuffer(text, np.uint8).max()) < 0x80
