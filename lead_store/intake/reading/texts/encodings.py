"""Which encoding a text file is in, judged on the whole file. Decoding itself is left to `text`.

UTF-8 is proven by every byte of the file. Where it is disproven, the encodings that spreadsheet programs write are
compared on the lines that hold anything beyond ASCII: how much of what they yield do people write? (`plausibility`)
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np

from lead_store.errors import Unreadable
from lead_store.intake.reading.texts.plausibility import Plausible, plausible_encodings
from lead_store.intake.reading.texts.text import BLOCK_BYTES

SAMPLE_BYTES = 256 * 1024
_SAMPLE_OF_BLOCK = 16 * 1024

_DOUBT = 0.15
"""Encodings that make nearly as much sense as the best are named, so that the user can tell."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32, little-endian"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32, big-endian"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16, little-endian"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16, big-endian"),
)

_ESCAPE = b"\x1b"
_ESCAPES_TO_JAPANESE = (b"\x1b$B", b"\x1b$@")

# A UTF-16 of either order takes its order from the mark, which is skipped before decoding.
_NAMES = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le", "mac-roman": "mac_roman"}

# What is looked at of a line before and behind a byte beyond ASCII.
_AROUND = 300
_LINE_END = re.compile(rb"[\r\n]")


@dataclass
class _Tally:
    """What a reading of the whole file as UTF-8 came to."""

    valid: int = 0
    invalid: int = 0
    sample: bytes = b""
    switches_sets: bool = False  # as ISO-2022-JP does, with escape sequences


def encoding_of(file: BinaryIO, chosen: str | None) -> tuple[str, str]:
    """The encoding that the user chose, or else the detected one, and why. Raises Unreadable for one that is none."""
    if chosen:
        return known_encoding(chosen), "The encoding was chosen by you."
    return detect_encoding(file)


def detect_encoding(file: BinaryIO) -> tuple[str, str]:
    """The encoding as a Python codec name, and a sentence that says why. Raises Unreadable (file_kind)."""
    file.seek(0)
    head = file.read(64 * 1024)
    for bom, name, label in _BOMS:
        if head.startswith(bom):
            return name, f"The file starts with the byte order mark of {label}."
    if utf32 := _utf32_without_mark(head):
        return utf32, "Three of four bytes are zero, as in UTF-32; the file has no byte order mark."
    if utf16 := _utf16_without_mark(head):
        return utf16, "Every second byte is zero, as in UTF-16; the file has no byte order mark."
    require_text(head)
    return _judge(_tally_as_utf8(file))


def known_encoding(name: str) -> str:
    """The Python codec name for a name given by a user. Raises Unreadable (file_undecodable) for no text codec."""
    try:
        codec = codecs.lookup(name)
        "a".encode(codec.name)
    except (LookupError, TypeError, ValueError) as error:
        raise Unreadable(
            f"There is no text encoding named {name}. Choose one from the list.", code="file_undecodable"
        ) from error
    name = _NAMES.get(codec.name, codec.name)
    return re.sub(r"^cp(125\d)$", r"windows-\1", name)


def require_text(head: bytes) -> None:
    """Raises Unreadable (file_kind) where the bytes are no text in any encoding."""
    control = np.isin(np.frombuffer(head, np.uint8), [*range(2, 9), *range(14, 27), *range(28, 31), 127]).sum()
    zeros = head.count(0)
    if control > max(4, len(head) // 50) or zeros > max(8, len(head) // 4):
        raise Unreadable(
            "This file is not text and not a spreadsheet. Upload a CSV, XLSX, XLS or ODS file.", code="file_kind"
        )


def _utf32_without_mark(head: bytes) -> str | None:
    """No character is above U+10FFFF, so the highest byte of each unit is zero, and the next one at most 16."""
    units = head[: len(head) // 4 * 4]
    if len(units) < 16:
        return None
    for name, unit in (("utf-32-le", "<u4"), ("utf-32-be", ">u4")):
        points = np.frombuffer(units, unit)
        # Text has line ends, tabs and what is printed; zeros alone are no text.
        if ((points <= 0x10FFFF) & (points >= 9)).all():
            return name
    return None


def _utf16_without_mark(head: bytes) -> str | None:
    """Text in UTF-16 has a zero in one half of its delimiters, digits and line ends, and never in the other."""
    if len(head) < 4:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > len(head) // 16 and even <= odd // 50 and _ends_lines_in(head, "<u2"):
        return "utf-16-le"
    if even > len(head) // 16 and odd <= even // 50 and _ends_lines_in(head, ">u2"):
        return "utf-16-be"
    return None


def _ends_lines_in(head: bytes, unit: str) -> bool:
    """Line ends are whole units of two bytes; in a small file a stray zero or two may look like every second byte."""
    units = np.frombuffer(head[: len(head) // 2 * 2], unit)
    ends = int(np.isin(units, (10, 13)).sum())
    return 2 * ends >= head.count(b"\n") + head.count(b"\r")


def _write_bytes(count: int) -> str:
    return "1 byte is" if count == 1 else f"{count:,} bytes are"


def _tally_as_utf8(file: BinaryIO) -> _Tally:
    tally = _Tally()
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    for block in _blocks(file):
        tally.switches_sets |= _ESCAPE in block and any(escape in block for escape in _ESCAPES_TO_JAPANESE)
        text = decoder.decode(block, False)
        if text.isascii():
            continue
        invalid = _count_escaped(text)
        tally.invalid += invalid
        tally.valid += len(text) - invalid - int(np.count_nonzero(np.frombuffer(block, np.uint8) < 0x80))
        if invalid and len(tally.sample) < SAMPLE_BYTES:
            tally.sample += _lines_beyond_ascii(block)
    rest = decoder.decode(b"", True)
    tally.invalid += len(rest)
    if rest and not tally.sample:
        tally.sample = rest.encode("utf-8", "surrogateescape")
    return tally


def _count_escaped(text: str) -> int:
    """How many of the characters stand for bytes that were not UTF-8 (PEP 383)."""
    try:
        text.encode()
    except UnicodeEncodeError:
        points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        return int(((points >= 0xDC80) & (points <= 0xDCFF)).sum())
    return 0


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while block := file.read(BLOCK_BYTES):
        yield block


def _lines_beyond_ascii(block: bytes) -> bytes:
    """The lines with bytes beyond ASCII, long ones in parts, from the head of the block."""
    found, size, end = [], 0, 0
    for place in np.flatnonzero(np.frombuffer(block, np.uint8) >= 0x80).tolist():
        if place < end:
            continue
        start = max(end, place - _AROUND)
        start = max(start, block.rfind(b"\n", start, place) + 1, block.rfind(b"\r", start, place) + 1)
        line_end = _LINE_END.search(block, place, place + _AROUND)
        end = line_end.start() if line_end else place + _AROUND
        found.append(block[start:end])
        size += len(found[-1])
        if size > _SAMPLE_OF_BLOCK:
            break
    return b"\n".join(found) + b"\n"


def _judge(tally: _Tally) -> tuple[str, str]:
    if tally.switches_sets and not tally.invalid and not tally.valid:
        return "iso2022_jp", "The file switches to Japanese and back with the escape sequences of ISO-2022-JP."
    if not tally.invalid:
        characters = "1 character" if tally.valid == 1 else f"{tally.valid:,} characters"
        what = f"{characters} beyond ASCII" if tally.valid else "plain ASCII only"
        return "utf-8", f"The whole file is valid UTF-8 ({what})."
    if tally.valid > tally.invalid:
        return "utf-8", (
            f"The file is UTF-8 ({tally.valid:,} characters beyond ASCII are valid), "
            f"but {_write_bytes(tally.invalid)} damaged."
        )
    found = plausible_encodings(tally.sample)
    if not found:
        return "utf-8", f"{_write_bytes(tally.invalid)} damaged; the rest of the file is valid UTF-8."
    return found[0].name, _why_legacy(found)


def _why_legacy(found: list[Plausible]) -> str:
    best, others = found[0], found[1:3]
    sentence = f"The file is not valid UTF-8; read as {best.name} its words make sense, such as “{best.example}”."
    near = [other for other in others if best.score - other.score <= _DOUBT]
    if near:
        readings = " or ".join(f"{other.name} (“{other.example}”)" for other in near)
        sentence += f" Next likeliest: {readings}; choose it if that is right."
    return sentence
