"""A file's bytes in a known encoding -> its text, block by block, as UTF-8. Which encoding is left to `encodings`.

Nothing is dropped or replaced in silence: bytes that are no text in the encoding come out as marks, which name their
value, and reading reports their row.
"""

import codecs
import re
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO

from lead_store.intake.reading.dialect import Dialect
from lead_store.intake.reading.texts.aligned import cut

BLOCK_BYTES = 1024 * 1024

MARK = re.compile("[\x00\udc00-\udcff]")
"""A NUL, or a byte that could not be decoded (as Python's surrogateescape writes it)."""

LOST = "\ufffd"
"""Stands for a mark where what reads the text takes none."""

_HINT = re.compile(rb'"?sep=([^\r\n"]?)"?(?:\r\n|\n|\r)', re.IGNORECASE)
"""Excel writes `sep=;` above the data to tell itself the delimiter, and does not show it as a row."""

_WRAPPED_LINE = re.compile(rb'^"((?:[^"\r\n]|"")*)"(?=\r?$)', re.MULTILINE)
"""A line quoted as a whole, its own quotes doubled."""


def visible(text: str) -> str:
    """Marks written out as `\\xff`, so that people see which byte it was, and databases accept it."""
    return MARK.sub(lambda mark: f"\\x{ord(mark.group()) & 0xFF:02x}", text)


def _mark(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    lost = error.object[error.start : error.end]
    return "".join(chr(0xDC00 + byte) for byte in lost), error.end


codecs.register_error("lead_store.mark", _mark)


def _unwrapped(lines: bytes) -> bytes:
    return _WRAPPED_LINE.sub(lambda line: line[1].replace(b'""', b'"'), lines)


class TextBlocks:
    """The text of a file, block by block, as UTF-8 without byte order mark or `sep=` line. Iterates once.

    With `unwraps_lines`, lines that are quoted as a whole come without these quotes. A line ends at each `breaks_at`,
    an ASCII character, too. At the places of `cuts`, what stands between cells is put into each line (see `aligned`).
    """

    hint: str | None = None
    """The delimiter that a leading `sep=` line announces; known once the first block is there."""

    def __init__(
        self,
        file: BinaryIO,
        encoding: str,
        *,
        unwraps_lines: bool = False,
        breaks_at: str | None = None,
        cuts: Sequence[int] = (),
    ) -> None:
        self._file = file
        self._breaks_at = breaks_at.encode() if breaks_at else None
        self._unwraps_lines = unwraps_lines
        self._cuts = cuts
        self._is_utf8 = encoding == "utf-8"
        self._decoder = codecs.getincrementaldecoder(encoding)("lead_store.mark")
        # Marks made by another codec are lone surrogates already; stray bytes in UTF-8 become some on decoding.
        self.decode_errors = "surrogateescape" if self._is_utf8 else "surrogatepass"

    def __iter__(self) -> Iterator[tuple[bytes, bool]]:
        if self._unwraps_lines:
            return self._by_lines(_unwrapped)
        return self._by_lines(self._cut) if self._cuts else self._blocks()

    def without_marks(self) -> Iterator[tuple[str, bool]]:
        """The blocks as text, with LOST for each mark."""
        decoder = codecs.getincrementaldecoder("utf-8")(self.decode_errors)
        for block, is_last in self:
            yield MARK.sub(LOST, decoder.decode(block, is_last)), is_last

    def _cut(self, lines: bytes) -> bytes:
        return cut(lines.decode("utf-8", self.decode_errors), self._cuts).encode("utf-8", self.decode_errors)

    def _by_lines(self, change: Callable[[bytes], bytes]) -> Iterator[tuple[bytes, bool]]:
        rest = b""
        for block, is_last in self._blocks():
            text = rest + block
            end = len(text) if is_last else text.rfind(b"\n") + 1
            rest = text[end:]
            yield change(text[:end]), is_last

    def _blocks(self) -> Iterator[tuple[bytes, bool]]:
        self._file.seek(0)
        block = self._file.read(BLOCK_BYTES)
        is_first = True
        while True:
            following = self._file.read(BLOCK_BYTES)
            text = self._as_utf8(block, not following)
            if is_first:
                text = text.removeprefix(codecs.BOM_UTF8)
                hint = _HINT.match(text)
                if hint:
                    self.hint, text = hint.group(1).decode("utf-8", "replace") or None, text[hint.end() :]
                is_first = False
            if self._breaks_at:
                text = text.replace(self._breaks_at, b"\n")
            # DOS programs end a text with control-Z.
            yield text if following else text.removesuffix(b"\x1a"), not following
            if not following:
                return
            block = following

    def _as_utf8(self, block: bytes, is_last: bool) -> bytes:
        if self._is_utf8:
            return block
        return self._decoder.decode(block, is_last).encode("utf-8", "surrogatepass")


def blocks_of(file: BinaryIO, dialect: Dialect) -> TextBlocks:
    """The text of a file as its dialect says."""
    encoding = dialect.encoding or "utf-8"
    return TextBlocks(
        file, encoding, unwraps_lines=dialect.unwraps_lines, breaks_at=dialect.breaks_at, cuts=dialect.cuts
    )
