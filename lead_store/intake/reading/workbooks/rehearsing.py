"""A workbook may say that it has a cell a million columns to the right, or a sector that is followed by itself, and a
reader that believes it takes its whole process along. So another process, with bounds on memory and time, is first."""

import shutil
import subprocess
import sys
import zipfile
from contextlib import suppress
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
    command = [sys.executable, "-I", rehearsal.__file__, f".{kind}"]
    nowhere = subprocess.DEVNULL
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=nowhere, stderr=nowhere) as process:
        assert process.stdin is not None
        with suppress(BrokenPipeError):  # It has ended already; its code tells how.
            shutil.copyfileobj(file, process.stdin)
            process.stdin.close()
        try:
            code = process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            code = process.wait()
    if code == rehearsal.HAS_PASSWORD:
        raise encrypted()
    if code:
        raise damaged()


def _size_of_parts(file: BinaryIO) -> int:
    with zipfile.ZipFile(file) as archive:
        return sum(info.file_size for info in archive.infolist())
