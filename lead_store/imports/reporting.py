"""What an import says of itself: its object (CONTRACTS.md) and its rejected rows as a file to correct."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, TextIO

from sqlalchemy import Connection

from lead_store.errors import NotFound
from lead_store.imports.cells import with_cells
from lead_store.imports.reviewing import get_ledger
from lead_store.intake.problems import WORDING, Code
from lead_store.storage import review_queries
from lead_store.storage.import_queries import Import

ADDED_COLUMNS = ("row", "problem_code", "problem", "suggestion")
# A cell that begins like this is run as a formula by spreadsheet programs (OWASP, CSV injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
ROWS_PER_PAGE = 5_000


def describe(tx: Connection, run: Import) -> dict[str, Any]:
    """The import object of the API and of `import --json`; `rejectedRows` is for the edge to fill in."""
    review = run.review or {}
    ledger = get_ledger(tx, run)
    left_out = (run.inspection or {}).get("left_out")
    return {
        "importId": str(run.id),
        "status": run.status,
        "ledger": ledger,
        "problems": review.get("problems", {}),
        "repaired": {"phone": sum(review.get("repaired", {}).values())},
        "shared": review.get("shared", {field: {"groups": 0, "rows": 0} for field in ("email", "phone")}),
        "seconds": _seconds(run),
        "rejectedRows": None,
        "dispatchable": run.status == "imported" and ledger["rejected"] < ledger["read"],
        **({"error": run.error} if run.error else {}),
        **({"leftOut": left_out} if left_out else {}),
    }


def write_rejected_rows(tx: Connection, run: Import, target: TextIO) -> int:
    """Write the rejected rows as CSV: the file's own cells, then why each was rejected; how many there were.

    The cells are those of the file, but where one could run as a formula it gets an apostrophe before it.
    UTF-8; whoever opens `target` writes the byte order mark that Excel needs ("utf-8-sig").

    Raises:
        NotFound: `rows_removed`, after the organization's retention time.
    """
    if run.removed_at:
        raise NotFound(
            f"The file and the rows of this import were removed on {run.removed_at:%Y-%m-%d}, as your organization"
            " decided. Its ledger stays.",
            code="rows_removed",
        )
    writer = csv.writer(target, lineterminator="\r\n")
    headers = [column["header"] for column in (run.inspection or {}).get("columns", [])]
    writer.writerow([*map(as_safe_cell, headers), *ADDED_COLUMNS])
    count = 0
    for row in read_rejected(tx, run):
        writer.writerow([*map(as_safe_cell, row["cells"]), row["row_number"], *explain(row)])
        count += 1
    return count


def as_safe_cell(text: str | None) -> str:
    """The text, but never a formula. A plain phone number such as +5511987654321 is left as it is."""
    if not text:
        return ""
    is_number = text[0] in "+-" and text[1:].replace(" ", "").replace(".", "").replace("-", "").isdigit()
    return "'" + text if text.startswith(FORMULA_STARTS) and not is_number else text


def explain(row: dict[str, Any]) -> tuple[str, str, str]:
    """Code, sentence and suggestion of a rejected row."""
    code = Code(row["blocking"] or Code.REJECTED_BY_RULE)
    sentence, surplus = WORDING[code].sentence, find_surplus(row)
    if surplus:
        sentence += f" Beyond the last column stands: {surplus}"
    return code.value, sentence, WORDING[code].suggestion


def find_surplus(row: dict[str, Any]) -> str | None:
    """The text of a rejected row that stands beyond the last column."""
    problems = row["problems"] or ()
    return next((problem["value"] for problem in problems if problem["code"] == Code.ROW_TOO_LONG), None)


def read_rejected(tx: Connection, run: Import, *, code: str | None = None) -> Iterator[dict[str, Any]]:
    """All rejected rows, or those with one problem, in the file's order and with their cells."""
    return with_cells(run, _search_rejected(tx, run, code), review_queries.search_rejected_without_cells(tx, run))


def _search_rejected(tx: Connection, run: Import, code: str | None) -> Iterator[dict[str, Any]]:
    """A page at a time, so that many need no memory."""
    after = -1
    while rows := review_queries.search_rows(tx, run, bucket="rejected", code=code, after=after, limit=ROWS_PER_PAGE):
        yield from rows
        after = rows[-1]["row_number"]


def _seconds(run: Import) -> dict[str, float]:
    """Read and review took what they took; the import, from its start to its end or to now."""
    read, review = run.seconds.get("read", 0.0), run.seconds.get("review", 0.0)
    until = run.finished_at or datetime.now(UTC)
    importing = (until - run.started_at).total_seconds() if run.started_at else 0.0
    values = {"read": read, "review": review, "import": importing, "total": read + review + importing}
    return {name: round(value, 3) for name, value in values.items()}
