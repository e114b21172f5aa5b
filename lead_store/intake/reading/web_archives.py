"""Web archives (MHTML, RFC 2557) -> the pages in them. Report servers, and Excel by "single file web page", write them
under the name of a workbook, a page for each sheet."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from email import policy
from email.message import Message
from email.parser import BytesParser
from typing import BinaryIO, cast

from lead_store.errors import Unreadable
from lead_store.intake.reading.refusals import damaged

LARGEST_BYTES = 16 * 1024 * 1024
"""It is taken apart in memory; who has a longer list saves it as a workbook."""

MOST_PARTS = 5_000
"""A page for each sheet, and pictures. Each part costs as much as a thousand lines."""

_TABLE = re.compile(rb"<table\b", re.IGNORECASE)


@contextmanager
def open_pages(file: BinaryIO) -> Iterator[BinaryIO]:
    """The pages that have tables, one after the other, as they are encoded. Raises Unreadable."""
    if file.seek(0, 2) > LARGEST_BYTES:
        raise Unreadable(
            f"This file is a web archive of more than {LARGEST_BYTES // 1024**2} MB. Open it in a spreadsheet program, "
            "save it as .xlsx or .csv, and upload that file.",
            code="file_too_large",
        )
    file.seek(0)
    content = file.read()
    if content.count(b"\n--") > MOST_PARTS:
        raise damaged()
    with tempfile.TemporaryFile() as target:
        try:
            # Of the older policy: the newer one judges headers that nobody asks for, and fails at damaged ones.
            for page in _pages(BytesParser(policy=policy.compat32).parsebytes(content)):
                target.write(page + b"\n")
        except (RecursionError, ValueError, LookupError) as error:
            raise damaged() from error
        if not target.tell():
            raise Unreadable(
                "This file is a web archive without a table. Export the list as .csv or .xlsx, and upload that file.",
                code="file_kind",
                kind="a web archive",
            )
        target.seek(0)
        yield cast(BinaryIO, target)


def _pages(message: Message) -> Iterator[bytes]:
    for part in message.walk():
        content = part.get_payload(decode=True) if part.get_content_type() == "text/html" else None
        if isinstance(content, bytes) and _TABLE.search(content):
            yield content
