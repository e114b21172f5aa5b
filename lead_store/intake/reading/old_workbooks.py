"""XLS, the binary workbook: its lengths and addresses may point anywhere, and a reader that follows those of a damaged
one takes its whole process along. So it is opened by a process of its own first, with bounds on memory and time."""

import shutil
import subprocess
import sys
from contextlib import suppress
from typing import BinaryIO

from lead_store.errors import Unreadable
from lead_store.intake.reading import rehearsal
from lead_store.intake.reading.kinds import encrypted

SECONDS = 60


def require_bounded(file: BinaryIO) -> None:
    """Raises Unreadable for an XLS that has a password (file_encrypted), or cannot be read within the bounds of
    `rehearsal` (file_damaged)."""
    file.seek(0)
    command = [sys.executable, "-I", rehearsal.__file__]
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


def damaged() -> Unreadable:
    """The error of a workbook that starts like one and cannot be opened."""
    return Unreadable(
        "This workbook is damaged and cannot be opened. Open it in a spreadsheet program, save it again as .xlsx, "
        "and upload that file.",
        code="file_damaged",
    )
