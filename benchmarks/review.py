"""How long the review's screens and decisions take on a large file full of shared data, beside the import itself.

    python -m benchmarks.review [--rows N] [--groups N] [--json FILE]

The file has as many groups of rows with one number (half of them of one person, half of several people) and as many
e-mails that three people share. Reviewed first, then each screen's query is timed once warm, each decision for all
groups, one corrected cell, the import, and the undo.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

HEADER = "Nome,Telefone,E-mail,Cidade\n"
FIRST = ("Ana", "Bia", "Caio", "Davi", "Elis", "Fábio", "Gabi", "Hugo", "Íris", "João", "Karina")
LAST = ("Lima", "Reis", "Dias", "Melo", "Vaz", "Prado", "Souza", "Rocha", "Alves", "Farias", "Nunes", "Costa", "Pinto")
CITIES = ("Rio", "Santos", "Recife", "Natal", "Manaus")
WHO = "benchmark"


def write_file(path: Path, rows: int, groups: int) -> None:
    """`rows` rows: the first 2 x `groups` share numbers in pairs, the next 3 x `groups` share e-mails in threes."""
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER)
        for row in range(rows):
            number, email = row, f"p{row}@example.com"
            name = f"{FIRST[row % 11]} {LAST[row // 11 % 13]} {row}"
            if row < 2 * groups:
                number = row // 2
                name = f"{FIRST[number % 11]} {LAST[number % 13]}" if number % 2 else name
            elif row < 5 * groups:
                email = f"family{(row - 2 * groups) // 3}@example.com"
            elif row % 100 == 0:
                number = -1
            phone = f"+55119{80_000_000 + number * 7 % 19_999_999:08d}" if number >= 0 else "1234"
            file.write(f"{name},{phone},{email},{CITIES[row % 5]}\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--groups", type=int, default=50_000)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["LEAD_STORE_HOME"] = str(Path(folder) / "home")
        os.environ.pop("DATABASE_URL", None)
        file = Path(folder) / "people.csv"
        write_file(file, options.rows, options.groups)
        seconds = measure(file)
    if options.json:
        options.json.write_text(json.dumps(seconds, indent=1))


def measure(file: Path) -> dict[str, float]:
    """Seconds of each step, printed as they are measured."""
    from lead_store import access, imports
    from lead_store.commands import importing, undoing
    from lead_store.storage import database

    seconds: dict[str, float] = {}

    def timed(step: str, do: Callable[[], Any]) -> Any:
        began = time.monotonic()
        done = do()
        seconds[step] = time.monotonic() - began
        print(f"{step:<44}{seconds[step]:8.2f} s", file=sys.stderr)
        return done

    def ask(step: str, use_case: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        def do() -> Any:
            with database.transaction(organization.id) as tx:
                first = imports.get_import(tx, import_id) if use_case in BY_IMPORT else import_id
                return use_case(tx, first, *arguments, **options)

        return timed(step, do)

    from lead_store.storage import queue
    from lead_store.storage.drifting import search_drift

    BY_IMPORT = {  # noqa: N806 - these take the import itself, not its id.
        imports.search_rows,
        imports.search_updates,
        imports.search_group_rows,
        imports.search_addresses,
        imports.search_conflicts,
        imports.search_hints,
        imports.get_ledger,
        search_drift,
    }
    with database.transaction() as tx:
        organization = access.get_organization(tx, "demo")
    options = importing.Options("demo", is_dry_run=True)
    reviewed = timed("review ready", lambda: importing.import_file(file, options, lambda *_: None))
    import_id = importing.UUID(reviewed["importId"])
    _screens(ask, imports, organization, database, import_id)
    ask("screen: drift", search_drift)
    ask("closer look (by a worker)", imports.look_closer)
    ask("screen: hints", imports.search_hints)
    ask("decide all: merge_first", imports.set_rule, "duplicates", "merge_first", WHO)
    ask("decide all: one_person", imports.set_rule, "shared_identifier", "one_person", WHO)
    ask("decide all: back to first_owner", imports.set_rule, "shared_identifier", "first_owner", WHO)
    ask("decide all: one owner of each e-mail", imports.set_rule, "shared_address", "one_owner", WHO)
    ask("decide all: back to keep_apart", imports.set_rule, "shared_address", "keep_apart", WHO)
    group = ask("screen: shared numbers again", imports.search_groups, with_other_people=True)[0]
    ask("decide one group", imports.decide_groups, [group["identifier"]], "one_person", WHO)
    ask("decide one e-mail", imports.decide_addresses, ["family7@example.com"], "drop", WHO)
    ask("a rule for one field", imports.set_field_rule, "name", "fill", WHO)
    rejected = ask("screen: rejected again", imports.search_rows, bucket="rejected", code="phone_invalid")
    ask("correct one cell", imports.correct_cells, {rejected[0]["row_number"]: {1: "+5521998765432"}}, WHO)
    ask("the same fix for all alike", imports.fix_alike, "phone_invalid", WHO, prefix="+552133")

    def carry_out() -> None:
        with importing.working(import_id):
            with database.transaction(organization.id) as tx:
                imports.start(tx, import_id, WHO)
            importing.wait(organization.id, import_id, ("imported",), "Importing", lambda *_: None)

    timed("import", carry_out)
    done = timed("undo", lambda: undoing.undo_import(str(import_id), lambda *_: None))
    print(f"ledger {done['ledger']}, undo {done['undo']['removed']:,} removed", file=sys.stderr)
    assert queue.name_of(import_id)
    return seconds


def _screens(ask: Any, imports: Any, organization: Any, database: Any, import_id: Any) -> None:
    ask("screen: tiles", imports.get_ledger)
    for bucket in imports.BUCKETS:
        ask(f"screen: rows {bucket}", imports.search_rows, bucket=bucket)
    ask("screen: rows created, far down", imports.search_rows, bucket="created", after=900_000)
    ask("screen: rows rejected with one problem", imports.search_rows, bucket="rejected", code="phone_invalid")
    ask("screen: updates", imports.search_updates)
    ask("screen: duplicates", imports.search_groups, with_other_people=False)
    ask("screen: duplicates, far down", imports.search_groups, with_other_people=False, after=49_900)
    groups = ask("screen: shared numbers", imports.search_groups, with_other_people=True)
    ask("screen: rows of 20 groups", imports.search_group_rows, [group["group_number"] for group in groups])
    ask("screen: shared e-mails", imports.search_addresses)
    ask("screen: shared e-mails, far down", imports.search_addresses, offset=49_900)
    ask("screen: conflicts", imports.search_conflicts)


if __name__ == "__main__":
    main()
