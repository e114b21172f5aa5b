"""ZIP and GZIP files -> the one spreadsheet inside, and the limits that hold for everything that expands.

A bomb is refused before it costs anything: sizes that an archive declares are checked first, and since they may lie,
expansion is counted as it happens.
"""

import gzip
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, BinaryIO, cast
from xml.parsers import expat

from lead_store.errors import Unreadable
from lead_store.intake.reading.kinds import kind_of_file
from lead_store.intake.reading.refusals import encrypted, entities
from lead_store.intake.reading.workbooks.expansion import refuse_expansion, require_dense_sheet, require_dense_tables
from lead_store.intake.reading.workbooks.shared_texts import require_modest_texts

GIB = 1024**3
LARGEST_FILE_BYTES = GIB

LARGEST_EXPANDED_BYTES = 4 * GIB
"""A workbook of Excel's full 1,048,576 rows and 60 filled columns stays below this."""

LARGEST_RATIO = 200
_RATIO_COUNTS_FROM_BYTES = 64 * 1024 * 1024
"""Spreadsheet XML shrinks 10 to 40 times. Small files may be more regular than that and do no harm."""

_COPY_BYTES = 1024 * 1024
_IN_MEMORY_BYTES = 32 * 1024 * 1024
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    LookupError,  # Of an encoding that nobody knows.
    EOFError,
    OSError,
    NotImplementedError,
    ValueError,
    RuntimeError,
)


def require_size(file: BinaryIO, largest_bytes: int = LARGEST_FILE_BYTES) -> int:
    """The size of the file in bytes; raises Unreadable (file_too_large) above the limit."""
    size = file.seek(0, 2)
    if size > largest_bytes:
        raise Unreadable(
            f"The file has {size / GIB:.1f} GB, and {largest_bytes / GIB:.1f} GB is the most that can be read. "
            "Split it into several files.",
            code="file_too_large",
            size=size,
        )
    return size


@contextmanager
def open_member(file: BinaryIO, kind: str, member: str | None, largest_bytes: int) -> Iterator[tuple[BinaryIO, str]]:
    """The spreadsheet inside a `zip` or `gzip`, expanded, and its name. Raises Unreadable."""
    packed = require_size(file, 64 * GIB)
    file.seek(0)
    with tempfile.SpooledTemporaryFile(_IN_MEMORY_BYTES) as target:
        try:
            name = _expand(file, kind, member, _Expansion(cast(BinaryIO, target), packed, largest_bytes))
        except _BROKEN as error:
            raise Unreadable(
                "The archive is damaged and cannot be unpacked. Unpack it yourself, and upload the spreadsheet inside.",
                code="file_damaged",
            ) from error
        target.seek(0)
        yield cast(BinaryIO, target), name


def _expand(file: BinaryIO, kind: str, member: str | None, expansion: "_Expansion") -> str:
    if kind == "gzip":
        with gzip.GzipFile(fileobj=file) as stream:
            expansion.copy(cast(IO[bytes], stream))
        return member or "content"
    with zipfile.ZipFile(file) as archive:
        info = _spreadsheet_in(archive, member)
        with archive.open(info) as stream:
            expansion.copy(stream)
    return info.filename


@dataclass
class _Expansion:
    """A copy that is refused as soon as it grows beyond the limits."""

    target: BinaryIO
    packed: int
    largest_bytes: int

    def copy(self, stream: IO[bytes]) -> None:
        size = 0
        while piece := stream.read(_COPY_BYTES):
            size += len(piece)
            _require_expansion(size, self.packed, self.largest_bytes)
            self.target.write(piece)


def _spreadsheet_in(archive: zipfile.ZipFile, member: str | None) -> zipfile.ZipInfo:
    infos = [
        info
        for info in archive.infolist()
        if not info.is_dir()
        and not PurePosixPath(info.filename).name.startswith((".", "__MACOSX"))
        and not info.filename.startswith("__MACOSX/")
    ]
    if member is not None:
        infos = [info for info in infos if info.filename == member]
    if len(infos) > 1:
        endings = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods")
        infos = [info for info in infos if info.filename.lower().endswith(endings)] or infos
    if len(infos) != 1:
        found = "no file" if not infos else f"{len(infos)} files"
        raise Unreadable(
            f"The archive holds {found}, and one spreadsheet was expected. Upload the spreadsheets one by one.",
            code="file_kind",
            members=[info.filename for info in infos[:20]],
        )
    if infos[0].flag_bits & 1:
        raise encrypted()
    return infos[0]


def _require_expansion(size: int, packed: int, largest_bytes: int) -> None:
    is_bomb = size > _RATIO_COUNTS_FROM_BYTES and size > packed * LARGEST_RATIO
    if is_bomb or size > largest_bytes:
        raise refuse_expansion(size)


def require_honest_workbook(file: BinaryIO) -> None:
    """Checks the parts of an XLSX or ODS: their declared and true sizes, and that no XML part defines entities.

    Raises Unreadable (file_expands, file_damaged, file_encrypted). Reading every part costs less than parsing it.
    """
    packed = require_size(file, 64 * GIB)
    try:
        with zipfile.ZipFile(file) as archive:
            infos = archive.infolist()
            if any(info.flag_bits & 1 for info in infos) or _is_encrypted_ods(archive):
                raise encrypted()
            _require_expansion(sum(info.file_size for info in infos), packed, LARGEST_EXPANDED_BYTES)
            for info in infos:
                if info.filename.endswith((".xml", ".rels")):
                    _require_harmless_xml(archive, info)
            require_modest_texts(archive)
    except _BROKEN as error:
        raise Unreadable(
            "This workbook is damaged and cannot be opened. Open it in a spreadsheet program, save it again as "
            ".xlsx, and upload that file.",
            code="file_damaged",
        ) from error
    file.seek(0)


def _is_encrypted_ods(archive: zipfile.ZipFile) -> bool:
    """Its archive is open, and the parts are encrypted each by itself; a list tells."""
    manifest = "META-INF/manifest.xml"
    return manifest in archive.namelist() and b":encryption-data" in archive.read(manifest)


def _require_harmless_xml(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
    with archive.open(info) as part:
        head = part.read(16 * 1024)
        if b"<!ENTITY" in head.upper():
            raise entities()
        is_sheet, is_ods = b"sheetData" in head, info.filename == "content.xml"
    if is_sheet:
        require_dense_sheet(lambda: archive.open(info))
    elif is_ods:
        with archive.open(info) as part:
            require_dense_tables(part)


def kind_inside(file: BinaryIO) -> str:
    """The kind of a file that was unpacked; an archive in an archive is refused."""
    kind = kind_of_file(file)
    if kind in ("zip", "gzip"):
        raise Unreadable(
            "The archive holds another archive. Unpack it, and upload the spreadsheet inside.", code="file_kind"
        )
    return kind
