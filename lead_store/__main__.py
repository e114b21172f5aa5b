"""The command line (CONTRACTS.md): python -m lead_store COMMAND.

Exit 0: done. 1: cannot go on, with one sentence on stderr. 2: wrong usage.
"""

import gc
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from lead_store.commands import api_keys, members, people, webhooks
from lead_store.errors import LeadStoreError, Unavailable

app = typer.Typer(add_completion=False, no_args_is_help=True, help=__doc__, pretty_exceptions_enable=False)
organization_app = typer.Typer(no_args_is_help=True, help="Tenants.")
app.add_typer(organization_app, name="organization")
app.add_typer(api_keys.app, name="api-key")
app.add_typer(webhooks.app, name="webhook")
app.add_typer(members.app, name="member")
app.add_typer(people.app, name="person")


@contextmanager
def _loading() -> Iterator[None]:
    """Within: modules are loaded, and stay. To look through them for what can go, again and again, takes a fifth of the
    time."""
    gc.disable()
    yield
    gc.freeze()
    gc.enable()


Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout.")]


@app.command()
def inspect(
    files: list[Path],
    as_json: Json = False,
    region: Annotated[str | None, typer.Option(help="Country in which phones are read, such as BR.")] = None,
    tables: Annotated[Path | None, typer.Option(help="Folder for each file's rows, exactly as read.")] = None,
) -> None:
    """Tell how each file would be read, and the suggested mapping. Needs no database."""
    with _loading():
        from lead_store.commands import inspecting  # Other commands start quicker without it.

    any_failed = False
    for file in files:
        try:
            seen = inspecting.inspect_file(file, region, tables)
        except LeadStoreError as error:
            any_failed = True
            seen = {"file": str(file), "error": {"code": error.code, "detail": error.detail}}
        except OSError as error:
            any_failed = True
            seen = {
                "file": str(file),
                "error": {"code": "file_missing", "detail": f"{file}: {error.strerror}."},
            }
        typer.echo(json.dumps(seen, ensure_ascii=False) if as_json else inspecting.as_text(seen))
    if any_failed:
        raise typer.Exit(1)


@app.command("import")
def import_file(
    file: Path,
    organization: Annotated[str, typer.Option(help="Short name of the organization.")],
    region: Annotated[str | None, typer.Option(help="Country in which phones are read, such as BR.")] = None,
    channel: Annotated[str, typer.Option(help="whatsapp, sms or email.")] = "whatsapp",
    column: Annotated[list[str] | None, typer.Option(help='"HEADER=FIELD", may be repeated.')] = None,
    on_existing: Annotated[str | None, typer.Option(help="update, fill or skip.")] = None,
    sheet: Annotated[str | None, typer.Option(help="Sheet of a workbook, if not the likeliest.")] = None,
    all_sheets: Annotated[bool, typer.Option("--all-sheets", help="Read all sheets that have its columns.")] = False,
    rejected: Annotated[Path | None, typer.Option(help="Where to write the rejected rows.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Review only; nothing is written.")] = False,
    as_json: Json = False,
) -> None:
    """The whole flow without a browser; waits for the end."""
    with _loading():
        from lead_store.commands import importing

    _require(channel in ("whatsapp", "sms", "email"), "--channel", "whatsapp, sms or email")
    _require(on_existing in (None, "update", "fill", "skip"), "--on-existing", "update, fill or skip")
    columns = {}
    for choice in column or []:
        header, separator, field = choice.rpartition("=")
        _require(bool(separator), "--column", "HEADER=FIELD")
        columns[header] = field
    options = importing.Options(
        organization=organization,
        region=region,
        channel=channel,
        columns=columns,
        on_existing=on_existing,
        reading={**({"sheet": sheet} if sheet else {}), **({"sheets_as_one": True} if all_sheets else {})},
        rejected=rejected,
        is_dry_run=dry_run,
    )
    outcome = importing.import_file(file, options, _show_progress())
    typer.echo(json.dumps(outcome, ensure_ascii=False) if as_json else importing.as_text(outcome))


@app.command()
def undo(import_id: str, as_json: Json = False) -> None:
    """Take an import back; what was changed since is kept, and named. Waits for the end."""
    from lead_store.commands import undoing

    outcome = undoing.undo_import(import_id, _show_progress())
    typer.echo(json.dumps(outcome, ensure_ascii=False) if as_json else undoing.as_text(outcome))


@organization_app.command("create")
def create_organization(
    slug: str,
    name: Annotated[str, typer.Option(help="The name that people see.")],
    region: Annotated[str | None, typer.Option(help="Default country of its phones, such as BR.")] = None,
) -> None:
    """Create a tenant."""
    from lead_store import access
    from lead_store.storage.database import transaction

    with transaction() as tx:
        organization = access.create_organization(tx, slug, name, region)
    typer.echo(f"{organization.slug}  {organization.id}")


@organization_app.command("list")
def list_organizations(as_json: Json = False) -> None:
    """Show the tenants."""
    from lead_store import access
    from lead_store.storage.database import transaction

    with transaction() as tx:
        organizations = access.search_organizations(tx)
    if as_json:
        rows = [
            {"id": str(each.id), "slug": each.slug, "name": each.name, "region": each.default_region}
            for each in organizations
        ]
        typer.echo(json.dumps({"organizations": rows}, ensure_ascii=False))
    else:
        for each in organizations:
            typer.echo(f"{each.slug}\t{each.name}\t{each.default_region or '-'}\t{each.id}")


@app.command()
def worker(
    until_stdin_closes: Annotated[
        bool, typer.Option("--until-stdin-closes", help="Stop, too, when whoever started it closes its input or dies.")
    ] = False,
) -> None:
    """Run jobs until stopped; on SIGTERM the batch at hand is finished first."""
    with _loading():
        from lead_store import companions, worker

    # While it starts, or waits for the database; once it works, the worker has its own way to stop.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    if until_stdin_closes:
        companions.end_with_parent()
    try:
        worker.run()
    finally:
        companions.release()


@app.command()
def migrate() -> None:
    """Bring the database up to date."""
    from lead_store.storage import database
    from lead_store.storage.migrations import migrate

    database.create_embedded_database()
    migrate(database.get_driver_url())
    typer.echo("The database is up to date.", err=True)


@app.command("database-url")
def database_url() -> None:
    """Print the URL of the database in use; the embedded server is started, and keeps running."""
    from lead_store.settings import get_settings
    from lead_store.storage import database, embedded

    if get_settings().is_embedded:
        embedded.start(get_settings().home, keep_running=True)
        database.get_engine()
    typer.echo(database.get_url())


def _require(holds: bool, option: str, allowed: str) -> None:
    if not holds:
        raise typer.BadParameter(f"use {allowed}", param_hint=option)


def _show_progress() -> Callable[[str, int, int], None]:
    """A bar on stderr where a person watches; silence in a pipe."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    bar = Progress(
        TextColumn("{task.description:<10}"),
        BarColumn(),
        TextColumn("{task.completed:,} of {task.total:,} rows"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    )
    tasks: dict[str, Any] = {}
    bar.start()

    def show(step: str, done: int, total: int) -> None:
        if step == "end":
            bar.stop()
            return
        if step not in tasks:
            tasks[step] = bar.add_task(step, total=max(total, 1))
        bar.update(tasks[step], completed=done, total=max(total, 1))

    return show


def _tell_cause(error: LeadStoreError) -> str:
    """Why something is away, in its own words: on the command line, these are for whoever runs it."""
    cause = getattr(error.__cause__, "orig", error.__cause__)
    words = str(cause).splitlines() if isinstance(error, Unavailable) and cause else []
    return f" ({words[0]})" if words else ""


def main() -> None:
    """Run the command line; an error becomes its sentence and exit code 1, never a traceback."""
    try:
        app(prog_name="python -m lead_store")
    except LeadStoreError as error:
        typer.echo(f"{error.detail}{_tell_cause(error)}", err=True)
        sys.exit(1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    finally:
        gc.freeze()  # All goes with the process: nothing has to be looked through once more.


if __name__ == "__main__":
    main()
