"""What people would use instead, on the same raw file and the same kind of server, each as a multiple of ours.

    python -m benchmarks.others [--rows N] [--only NAME]... [--runs N] [--json FILE] [--keep]

Each run gives each program a fresh home with an embedded server of its own and the product's empty tables. Asked of
all: read the file, phones to E.164 by phonenumbers, rows of one person merged, upsert by (channel, identifier) into
lead, channel_identity and lead_organization. What one leaves out stands in its remark. A program that would take
hours gets a shorter file, and is compared by seconds a row. Those that are run once are run only if named by --only
or with --keep, which writes their figures to benchmarks/others/results; the report shows the kept ones.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.imports import a_home
from benchmarks.others.environments import NotInstallable
from benchmarks.others.outcome import Store
from benchmarks.others.programs import OURS, PROGRAMS, Program
from benchmarks.people import write_people

KEPT = Path(__file__).parent / "results"
ORGANIZATION = "select id::text from organization where slug = 'demo'"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--only", action="append", choices=[program.name for program in PROGRAMS], metavar="NAME")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--keep", action="store_true", help="run those that are run once, and keep their figures")
    options = parser.parse_args()
    chosen = [program for program in PROGRAMS if is_chosen(program, options)]
    figures: dict[str, list[dict[str, Any]]] = {}
    missing: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as folder:
        for place in range(options.runs):
            for program in chosen:
                if program.name in missing or (program.is_run_once and place):
                    continue
                try:
                    figures.setdefault(program.name, []).append(measure(program, options.rows, Path(folder)))
                except NotInstallable as cause:
                    missing[program.name] = str(cause)
    compare(figures)
    measured = {"rows": options.rows, "when": time.strftime("%Y-%m-%d"), "machine": describe_machine(), "runs": figures}
    if options.keep:
        keep(measured)
    report(figures, missing, read_kept(figures))
    if options.json:
        options.json.write_text(json.dumps(measured, indent=1))


def is_chosen(program: Program, options: argparse.Namespace) -> bool:
    """Ours is always there: all others are told as multiples of it."""
    if options.only:
        return program.name == OURS or program.name in options.only
    return options.keep or not program.is_run_once


def measure(program: Program, rows: int, folder: Path) -> dict[str, Any]:
    """One run of one program in a home of its own."""
    rows = min(rows, program.most_rows or rows)
    file = folder / f"people-{rows}.csv"
    if not file.exists():
        write_people(file, rows)
    with a_home() as environment:
        url = get_url(environment)
        with psycopg.connect(url) as connection:
            organization_id = connection.execute(ORGANIZATION).fetchone()[0]
        # Two figures compare only where the machine was as busy with other things.
        load = os.getloadavg()[0]
        outcome = program.run(file, Store(url, organization_id, environment))
        with psycopg.connect(url) as connection:
            leads = connection.execute(program.leads).fetchone()[0]
    figure = {
        "rows": rows,
        "seconds": round(outcome.seconds, 2),
        "leads": leads,
        "megabytes": round(outcome.peak_megabytes),
        "load before": round(load, 1),
        "version": outcome.version,
    }
    print(f"{program.name}: {figure}", file=sys.stderr)
    return figure


def get_url(environment: dict[str, str]) -> str:
    command = [sys.executable, "-m", "lead_store", "database-url"]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.strip()


def compare(figures: dict[str, list[dict[str, Any]]]) -> None:
    """Adds `times`: seconds a row as a multiple of ours in the same run."""
    for runs in figures.values():
        for place, figure in enumerate(runs):
            ours = figures[OURS][place]
            figure["times"] = round((figure["seconds"] / figure["rows"]) / (ours["seconds"] / ours["rows"]), 2)


def keep(measured: dict[str, Any]) -> None:
    """Each program that is run once has a file with its run, and ours beside it."""
    for program in PROGRAMS:
        if program.is_run_once and program.name in measured["runs"]:
            runs = {name: measured["runs"][name] for name in (OURS, program.name)}
            text = json.dumps({**measured, "runs": runs}, indent=1)
            (KEPT / f"{program.name}.json").write_text(text + "\n")


def read_kept(figures: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The kept figures of programs that did not run now, with their date."""
    kept = {}
    for program in PROGRAMS:
        file = KEPT / f"{program.name}.json"
        if program.name not in figures and file.exists():
            measured = json.loads(file.read_text())
            kept[program.name] = {**measured["runs"][program.name][0], "when": measured["when"]}
    return kept


def report(figures: dict[str, list[dict[str, Any]]], missing: dict[str, str], kept: dict[str, dict[str, Any]]) -> None:
    """Medians over the runs; the multiple of ours is taken within each run."""
    print(f"\n{'program':<28}{'rows':>10}{'seconds':>10}{'rows/s':>9}{'times ours':>12}{'':<16}{'leads':>10}{'MB':>7}")
    for program in PROGRAMS:
        runs = figures.get(program.name, [])
        if runs:
            print(line(program.title, runs) + f"  {runs[0]['version']}")
        if program.name in kept:
            print(line(program.title, [kept[program.name]]) + f"  {kept[program.name]['version']},"
                  f" measured on {kept[program.name]['when']}")  # fmt: skip
        if program.name in missing:
            print(f"{program.title:<28} not measured: {missing[program.name]}")
    for program in PROGRAMS:
        if program.remark and (program.name in figures or program.name in kept):
            print(f"  {program.title}: {program.remark}")


def line(title: str, runs: Sequence[dict[str, Any]]) -> str:
    rows, seconds = runs[0]["rows"], statistics.median(run["seconds"] for run in runs)
    times = [run["times"] for run in runs]
    spread = f" ({min(times):.1f} to {max(times):.1f})" if len(runs) > 1 else ""
    leads, megabytes = runs[0]["leads"], max(run["megabytes"] for run in runs)
    return (
        f"{title:<28}{rows:>10,}{seconds:>10.1f}{rows / seconds:>9,.0f}{statistics.median(times):>12.1f}{spread:<16}"
        f"{leads:>10,}{megabytes:>7,}"
    )


def describe_machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()}"


if __name__ == "__main__":
    main()
