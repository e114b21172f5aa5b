"""A file imported from the command line: the same use cases as on the pages, with a worker of its own."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from lead_store import access, imports, worker
from lead_store.errors import Invalid, LeadStoreError, Unreadable
from lead_store.intake import mapping as columns_to_fields
from lead_store.storage import queue
from lead_store.storage.database import transaction

# How often the command looks without being told: for what long jobs report, and what other workers do.
POLL_SECONDS = 0.5
WHO = "command line"


@dataclass(frozen=True)
class Options:
    """What the command's options say."""

    organization: str
    region: str | None = None
    channel: str = "whatsapp"
    columns: dict[str, str] = field(default_factory=dict)
    on_existing: str | None = None
    reading: dict[str, Any] = field(default_factory=dict)
    """What is fixed of how the file is read, as for `imports.receive`."""
    rejected: Path | None = None
    is_dry_run: bool = False


def import_file(file: Path, options: Options, show: Callable[[str, int, int], None]) -> dict[str, Any]:
    """Receive, map, review and, unless it is a dry run, import; the import object of CONTRACTS.md.

    Args:
        show: told the step, the rows done and all rows, for a progress bar; step "end" at the end.

    Raises:
        LeadStoreError: with the sentence to show; nothing is half-written.
    """
    with transaction() as tx:
        organization = access.get_organization(tx, options.organization)
    if options.rejected:
        _require_writable(options.rejected)
    try:
        run = _receive(file, organization, options)
        with working(run.id) as job_ended:
            wait(organization.id, run.id, ("in_review",), "Reviewing", show, job_ended)
            if not options.is_dry_run:
                with transaction(organization.id) as tx:
                    imports.start(tx, run.id, WHO)
                wait(organization.id, run.id, ("imported",), "Importing", show, job_ended)
    finally:
        show("end", 0, 0)
    return _report(organization.id, run.id, options)


def as_text(outcome: dict[str, Any]) -> str:
    """The import object for a person at a terminal."""
    ledger = outcome["ledger"]
    lines = [f"Import {outcome['importId']}: {outcome['status'].replace('_', ' ')}"]
    lines += [f"  {bucket:<10}{rows:>12,}" for bucket, rows in ledger.items()]
    if outcome["problems"]:
        lines.append("Problems: " + ", ".join(f"{code} {rows:,}" for code, rows in outcome["problems"].items()))
    if "leftOut" in outcome:
        lines.append(outcome["leftOut"])
    if outcome["rejectedRows"]:
        lines.append(f"Rejected rows: {outcome['rejectedRows']}")
    return "\n".join(lines)


def _require_writable(target: Path) -> None:
    """Asked before the import, which would be done by the time the file cannot be written."""
    if target.is_dir() or not os.access(target if target.exists() else target.parent, os.W_OK):
        raise Invalid(f"The rejected rows cannot be written to {target}.", code="file_not_writable")


def _receive(file: Path, organization: access.Organization, options: Options) -> imports.Import:
    region = access.check_region(options.region) or organization.default_region
    try:
        content = file.open("rb")
    except OSError as cause:
        raise Unreadable(f"{file}: {cause.strerror}.", code="file_missing") from cause
    with content, transaction(organization.id) as tx:
        run = imports.receive(tx, organization, file.name, content, WHO, region=region, reading=options.reading)
        chosen = columns_to_fields.with_columns(imports.get_mapping(run), options.columns)
        run = imports.map_columns(
            tx,
            run.id,
            chosen,
            WHO,
            region=region if options.region or not run.region else run.region,
            channel=options.channel,
            on_existing=options.on_existing or "update",
        )
        return imports.prepare(tx, run.id, WHO)


@contextmanager
def working(import_id: UUID) -> Iterator[threading.Event]:
    """Meanwhile, work on this import's jobs here, beside whatever workers there are; set when a job has ended."""
    stop, job_ended = threading.Event(), threading.Event()
    queues = [queue.name_of(import_id)]
    thread = threading.Thread(target=worker.run_until, args=(stop, queues, job_ended.set), daemon=True)
    thread.start()
    try:
        yield job_ended
    finally:
        stop.set()
        thread.join()


def wait(
    organization_id: UUID,
    import_id: UUID,
    statuses: tuple[str, ...],
    step: str,
    show: Callable[[str, int, int], None],
    job_ended: threading.Event,
) -> None:
    """Wait until the import has one of the statuses. Raises LeadStoreError where it fails or is cancelled."""
    while True:
        job_ended.clear()
        with transaction(organization_id) as tx:
            run = imports.get_import(tx, import_id)
            done = run.rows_read or 0 if step == "Reviewing" else imports.count_done_rows(tx, run)
        show(step, done, (run.inspection or {}).get("rows", 0))
        if run.status in statuses:
            return
        if run.status == "failed":
            raise LeadStoreError((run.error or {}).get("detail", ""), code=(run.error or {}).get("code"))
        if run.status == "cancelled":
            raise Invalid("The import was cancelled by somebody else.", code="cancelled")
        job_ended.wait(POLL_SECONDS)


def _report(organization_id: UUID, import_id: UUID, options: Options) -> dict[str, Any]:
    with transaction(organization_id) as tx:
        run = imports.get_import(tx, import_id)
        outcome = imports.describe(tx, run)
        if options.rejected:
            try:
                with options.rejected.open("w", encoding="utf-8-sig", newline="") as target:
                    imports.write_rejected_rows(tx, run, target)
            except OSError as cause:
                raise Unreadable(f"{options.rejected}: {cause.strerror}.", code="file_not_writable") from cause
            outcome["rejectedRows"] = str(options.rejected)
    return outcome
