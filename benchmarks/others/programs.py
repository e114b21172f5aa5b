"""The compared programs: what each is, how it is run on a file and a fresh store, and what it leaves undone."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks import processes
from benchmarks.others import directus, environments, nocodb
from benchmarks.others.outcome import Outcome, Store

OURS = "ours"


@dataclass(frozen=True)
class Program:
    """`leads` counts what it made; `remark` says what it leaves out, so that its time is read for what it is.

    Where `most_rows` is given, it runs on a file of at most as many rows: it would take hours, or all the memory.
    One that does not read phones (`reads_phones`) cannot know a person by their number: it does less of the work.
    """

    name: str
    title: str
    run: Callable[[Path, Store], Outcome]
    leads: str
    remark: str = ""
    most_rows: int | None = None
    is_run_once: bool = False
    reads_phones: bool = True


def run_ours(file: Path, store: Store) -> Outcome:
    """The command that users run, review and ledger included."""
    command = [sys.executable, "-m", "lead_store", "import", str(file), "--organization", "demo", "--json"]
    ran = processes.run(command, environment=store.environment)
    return Outcome(ran.seconds, ran.peak_megabytes, "this commit")


def run_script(name: str, package: str) -> Callable[[Path, Store], Outcome]:
    """The script of this name in its own environment; `package` is the one whose version is told."""

    def run(file: Path, store: Store) -> Outcome:
        python = str(environments.get_python(name))
        version = f"import importlib.metadata as m; print(m.version({package!r}))"
        told = subprocess.run([python, "-c", version], check=True, capture_output=True, text=True).stdout.strip()
        command = [python, "-m", f"benchmarks.others.{name}", str(file), store.url, store.organization_id]
        ran = processes.run(command, environment=store.environment, folder=Path(__file__).parents[2])
        return Outcome(ran.seconds, ran.peak_megabytes, f"{package} {told}")

    return run


def run_pgloader(file: Path, store: Store) -> Outcome:
    """Debian's package, which is installed where it is missing."""
    environments.require_command("pgloader", "pgloader")
    told = subprocess.run(["pgloader", "--version"], check=True, capture_output=True, text=True).stdout
    outcome = run_script("pgloader", "psycopg")(file, store)
    return Outcome(
        outcome.seconds, outcome.peak_megabytes, told.splitlines()[0].replace("version ", "").replace('"', "")
    )


OUR_LEADS = "select count(*) from lead"

PROGRAMS = (
    Program(OURS, "Lead Store", run_ours, OUR_LEADS, "review of all rows, ledger, undo, drift"),
    Program(
        "pgloader",
        "pgloader, load only",
        run_pgloader,
        "select count(*) from contact",
        "loads text only: no phones, no duplicates, no upsert, one table without a key",
        reads_phones=False,
    ),
    Program(
        "dlt_merge",
        "dlt, merge",
        run_script("dlt_merge", "dlt"),
        "select count(*) from loaded.lead",
        "no foreign keys; a lead's id follows from its number; tags stay one text",
    ),
    Program("careful", "the careful version", run_script("careful", "sqlalchemy"), OUR_LEADS),
    Program(
        "django_import_export",
        "django-import-export, bulk",
        run_script("django_import_export", "django-import-export"),
        OUR_LEADS,
        most_rows=200_000,
    ),
    Program(
        "first_loop", "the loop written first", run_script("first_loop", "sqlalchemy"), OUR_LEADS, most_rows=20_000
    ),
    Program(
        "nocodb",
        "NocoDB, CSV import",
        nocodb.run,
        nocodb.ROWS,
        "text columns of one table: no phones, no duplicates, no upsert; without the browser that reads the file;"
        " an audit entry for each row, as it comes",
        most_rows=50_000,
        is_run_once=True,
        reads_phones=False,
    ),
    Program(
        "directus",
        "Directus, CSV import",
        directus.run,
        directus.ROWS,
        "text columns of one table: no phones; upsert by the file's own code; activity and a revision for each row,"
        " as it comes",
        most_rows=10_000,
        is_run_once=True,
        reads_phones=False,
    ),
    Program(
        "directus_bare",
        "Directus, no revisions",
        directus.run_without_revisions,
        directus.ROWS,
        "the same without activity and revisions, which are turned off for the collection",
        most_rows=10_000,
        is_run_once=True,
        reads_phones=False,
    ),
)
