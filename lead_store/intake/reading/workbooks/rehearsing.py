"""A workbook may say that it has a cell a million columns to the right, or a sector that is followed by itself, and a
reader that believes it takes its whole process along. So another process, with bounds on memory and time, is first."""

import shutil
import subprocess
import sys
import zipfile
from tempfile import NamedTemporaryFile
from typing import BinaryIO

from lead_store.intake.reading.refusals import damaged, encrypted
from lead_store.intake.reading.workbooks import rehearsal

LARGEST_PARTS_BYTES = 8 * 1024 * 1024
"""Of an XLSX or ODS that is rehearsed, unpacked: quick. What is known to harm is seen by `expansion`."""

SECONDS = 30


def rehearse(file: BinaryIO, kind: str) -> None:
    """Raises Unreadable for a workbook that has a password (file_encrypted), or cannot be read within the bounds of
    `rehearsal` (file_damaged)."""
    if kind != "xls" and _size_of_parts(file) > LARGEST_PARTS_BYTES:
        return
    file.seek(0)
    # By its name calamine knows the kind. What is killed removes nothing, so the copy is this process's own.
    with NamedTemporaryFile(suffix=f".{kind}") as copy:
        shutil.copyfileobj(file, copy)
        copy.flush()
        command = [sys.executable, "-I", rehearsal.__file__, copy.name]
        nowhere = subprocess.DEVNULL
        try:
            code = subprocess.run(command, check=False, timeout=SECONDS, stdout=nowhere, stderr=nowhere).returncode
        except subprocess.TimeoutExpired:
            raise damaged() from None
    if code == rehearsal.HAS_PASSWORD:
        raise encrypted()
    if code:
        raise damaged()


def _size_of_parts(file: BinaryIO) -> int:
    with zipfile.ZipFile(file) as archive:
        return sum(info.file_size for info in archive.infolist())
