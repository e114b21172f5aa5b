"""The command line as CONTRACTS.md promises it, run as processes in a home of their own."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import phonenumbers
import psycopg
import pytest
import xlsxwriter

from lead_store.__main__ import main
from lead_store.intake.phones import variant_of
from tests.integration.conftest import trust_the_machine

MOBILES = ("({0}) 9{1}-{2}", "{0}9{1}{2}", "+55 {0} 9{1}-{2}", "55{0}9{1}{2}", "0{0} 9{1} {2}")
FORMATS = (*MOBILES, "{0} 3{2}-{2}", "{1}{2}")


@pytest.fixture(scope="module")
def command(tmp_path_factory):
    """Runs a command in a fresh home; the server is kept between the commands by `database-url`."""
    folder = tmp_path_factory.mktemp("commands")
    environment = {**os.environ, "LEAD_STORE_HOME": str(folder), "PYTHONWARNINGS": "ignore"}
    for name in ("DATABASE_URL", "STORAGE_URL"):
        environment.pop(name, None)

    def run(*arguments: object, **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "lead_store", *map(str, arguments)],
            env={**environment, **settings},
            check=False,
            capture_output=True,
            text=True,
            timeout=180,
        )

    run.url = run("database-url").stdout.strip()
    trust_the_machine(run.url)
    yield run
    stop = (
        "from lead_store.storage import embedded; import pathlib, os; h = pathlib.Path(os.environ['LEAD_STORE_HOME']);"
    )
    subprocess.run([sys.executable, "-c", stop + "embedded.start(h); embedded.stop(h)"], env=environment, check=True)


@pytest.fixture
def sheet(tmp_path) -> Path:
    path = tmp_path / "clientes.csv"
    path.write_bytes("Nome;Celular;Cidade\nJoão;(11) 98765-4321;São Paulo\nMaria;123;Natal\n".encode("cp1252"))
    return path


def test_a_fresh_home_has_the_organization_demo(command):
    listed = json.loads(command("organization", "list", "--json").stdout)
    assert [each["slug"] for each in listed["organizations"]] == ["demo"]


def test_inspect_tells_how_a_file_would_be_read_and_writes_what_it_read(command, sheet, tmp_path):
    done = command("inspect", sheet, "--json", "--region", "BR", "--tables", tmp_path / "tables")
    seen = json.loads(done.stdout)
    assert (seen["format"], seen["encoding"], seen["delimiter"], seen["headerRow"], seen["rows"]) == (
        "csv",
        "windows-1252",
        ";",
        1,
        2,
    )
    assert [column["field"] for column in seen["columns"]] == ["name", "phone", None]
    table = (tmp_path / "tables" / "clientes.csv.csv").read_text(encoding="utf-8")
    assert list(csv.reader(table.splitlines()))[1] == ["João", "(11) 98765-4321", "São Paulo"]


def test_inspect_writes_the_cells_of_a_row_that_goes_on_beyond_the_last_column(command, tmp_path):
    (tmp_path / "long.csv").write_text('a;b\n1;2\n3;4;5;"x, y"\n;7\n', encoding="utf-8")
    command("inspect", tmp_path / "long.csv", "--tables", tmp_path / "tables")
    table = (tmp_path / "tables" / "long.csv.csv").read_text(encoding="utf-8")
    assert list(csv.reader(table.splitlines())) == [["a", "b"], ["1", "2"], ["3", "4", "5", "x, y"], ["", "7"]]


def test_inspect_refuses_a_country_that_there_is_not(command, sheet):
    done = command("inspect", sheet, "--json", "--region", "ZZ")
    assert done.returncode == 1
    assert json.loads(done.stdout)["error"]["code"] == "region_invalid"


def test_inspect_goes_on_behind_a_file_that_cannot_be_read(command, sheet, tmp_path):
    (tmp_path / "empty.csv").touch()
    done = command("inspect", tmp_path / "empty.csv", tmp_path / "none.csv", sheet, "--json")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1
    assert [line.get("error", {}).get("code") for line in lines] == ["file_empty", "file_missing", None]


def test_import_dry_run_then_import_then_again(command, sheet, tmp_path):
    command("organization", "create", "acme", "--name", "Acme", "--region", "BR")
    rejected = tmp_path / "rejected.csv"
    arguments = ("import", sheet, "--organization", "acme", "--rejected", rejected, "--json")
    planned = json.loads(command(*arguments, "--dry-run").stdout)
    first = json.loads(command(*arguments).stdout)
    again = json.loads(command(*arguments).stdout)
    assert (planned["status"], first["status"]) == ("in_review", "imported")
    assert planned["ledger"] == first["ledger"]
    assert first["ledger"] == {
        "read": 2, "created": 1, "updated": 0, "unchanged": 0, "merged": 0, "skipped": 0, "rejected": 1
    }  # fmt: skip
    assert (again["ledger"]["unchanged"], again["ledger"]["rejected"]) == (1, 1)
    assert rejected.read_bytes().startswith(b"\xef\xbb\xbf")
    [row] = csv.DictReader(rejected.read_text("utf-8-sig").splitlines())
    assert (row["Nome"], row["Celular"], row["row"], row["problem_code"]) == ("Maria", "123", "3", "phone_invalid")


def test_what_is_not_read_of_several_tables_is_told(command, tmp_path):
    path = tmp_path / "two.csv"
    people = "Name,Phone\nAna,+55 11 98765-4321\nRui,+55 11 98765-4322\n"
    path.write_text(f"{people}\nEmail,Name,Phone\neva@example.org,Eva,+55 11 98765-4323\n")
    told = command("import", path, "--organization", "demo", "--dry-run", "--json")
    outcome = json.loads(told.stdout)
    assert outcome["ledger"]["read"] == 2
    assert "Only rows 1 to 3 are read" in outcome["leftOut"]
    assert outcome["leftOut"] in command("import", path, "--organization", "demo", "--dry-run").stdout


def test_all_sheets_with_the_same_columns_are_imported_or_one_of_them(command, tmp_path):
    path = tmp_path / "classes.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        for number, (name, people) in enumerate({"A": ["Ana", "Rui"], "B": ["Eva"]}.items()):
            sheet = workbook.add_worksheet(name)
            sheet.write_row(0, 0, ["Name", "Phone"])
            for place, person in enumerate(people, start=1):
                sheet.write_row(place, 0, [person, f"+55 11 98765-43{number}{place}"])
    arguments = ("import", path, "--organization", "demo", "--dry-run", "--json")
    one = json.loads(command(*arguments, "--sheet", "B").stdout)
    every = json.loads(command(*arguments, "--all-sheets").stdout)
    assert (one["ledger"]["read"], "“A” has the same columns" in one["leftOut"]) == (1, True)
    assert (every["ledger"]["read"], "leftOut" in every) == (3, False)
    assert "no sheet named" in command(*arguments, "--sheet", "C").stderr


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("import", "none.csv", "--organization", "demo"), 1),
        (("import", "{sheet}", "--organization", "nobody"), 1),
        (("import", "{sheet}", "--organization", "demo", "--region", "XX"), 1),
        (("import", "{sheet}", "--organization", "demo", "--column", "Apelido=name"), 1),
        (("import", "{sheet}", "--organization", "demo", "--column", "Nome"), 2),
        (("import", "{sheet}", "--organization", "demo", "--on-existing", "replace"), 2),
        (("import", "{sheet}"), 2),
        (("organization", "create", "demo", "--name", "Again"), 1),
        (("organization", "create", "Not A Slug", "--name", "X"), 1),
        (("fly",), 2),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_an_exit_code(monkeypatch, capfd, sheet, arguments, code):
    """In this process, as its entry point is called: starting one for each takes seconds and shows nothing more."""
    given = [str(sheet) if argument == "{sheet}" else argument for argument in arguments]
    monkeypatch.setattr(sys, "argv", ["lead_store", *given])
    with pytest.raises(SystemExit) as end:
        main()
    told = capfd.readouterr()
    assert end.value.code == code
    assert told.out == ""
    assert "Traceback" not in told.err
    if code == 1:
        assert len(told.err.strip().splitlines()) == 1


def test_ledger_of_a_brazilian_file_is_what_phonenumbers_says_row_by_row(command, tmp_path):
    path = tmp_path / "grande.csv"
    numbers = [
        FORMATS[n % 7].format((11, 21, 85, 10)[n // 7 % 4], f"{7000 + n * 37 % 3000:04d}", f"{n * 7919 % 10000:04d}")
        for n in range(20_000)
    ]
    rows = "".join(f"Pessoa Número {n};{number};Avaré\n" for n, number in enumerate(numbers))
    path.write_bytes(("Nome;Telefone;Município\n" + rows).encode("cp1252"))
    people: dict[str, str] = {}
    for number in numbers:
        parsed = phonenumbers.parse(number, "BR")
        if phonenumbers.is_valid_number(parsed):
            e164 = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
            people.setdefault(min(e164, variant_of(e164) or e164), e164)
    command("organization", "create", "grande", "--name", "Grande", "--region", "BR")
    first = json.loads(command("import", path, "--organization", "grande", "--json").stdout)["ledger"]
    again = json.loads(command("import", path, "--organization", "grande", "--json").stdout)["ledger"]
    with psycopg.connect(command.url) as connection:
        stored = connection.execute(
            "select phone from lead_organization l join organization o on o.id = organization_id where slug = 'grande'"
        ).fetchall()
    assert {phone for (phone,) in stored} == set(people.values())
    assert (first["read"], first["created"]) == (20_000, len(people))
    assert first["merged"] + first["rejected"] == 20_000 - len(people)
    assert again == {**first, "created": 0, "unchanged": len(people)}


def test_rejected_rows_that_cannot_be_written_are_told_before_anything_is_imported(command, sheet, tmp_path):
    command("organization", "create", "unwritten", "--name", "Unwritten")
    done = command("import", sheet, "--organization", "unwritten", "--rejected", tmp_path / "none" / "r.csv")
    assert (done.returncode, len(done.stderr.splitlines()), done.stdout) == (1, 1, "")
    with psycopg.connect(command.url) as connection:
        count = "select count(*) from import i join organization o on o.id = i.organization_id where slug = 'unwritten'"
        assert connection.execute(count).fetchone() == (0,)


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("DATABASE_URL", "nonsense", "DATABASE_URL"),
        ("DATABASE_URL", "postgresql://127.0.0.1:1/none", "refused"),
        ("STORAGE_URL", "ftp://files", "STORAGE_URL"),
        ("LEAD_STORE_ROWS_PER_BATCH", "many", "LEAD_STORE_ROWS_PER_BATCH"),
        ("LEAD_STORE_HOME", "/dev/null/home", "LEAD_STORE_HOME"),
    ],
)
def test_setting_that_cannot_be_used_is_one_sentence(command, name, value, word):
    done = command("organization", "list", **{name: value})
    assert (done.returncode, len(done.stderr.splitlines()), done.stdout) == (1, 1, "")
    assert word in done.stderr


def test_database_that_is_not_set_up_says_what_to_do(command):
    with psycopg.connect(command.url, autocommit=True) as connection:
        connection.execute("create database bare")
        connection.execute("create role stranger login")
    bare, stranger = command.url.replace("/lead_store?", "/bare?"), command.url.replace("//postgres:@", "//stranger:@")
    told = [command("organization", "list", DATABASE_URL=url) for url in (bare, stranger)]
    assert [(done.returncode, "lead_store migrate" in done.stderr) for done in told] == [(1, True), (1, True)]
    refused = command("migrate", DATABASE_URL=stranger)
    assert (refused.returncode, len(refused.stderr.splitlines())) == (1, 1)
    assert command("migrate", DATABASE_URL=bare).returncode == 0
    assert command("organization", "list", DATABASE_URL=bare).stdout.startswith("demo")
