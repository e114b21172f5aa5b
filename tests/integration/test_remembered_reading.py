"""How people had a file read is remembered for the next one that would be misread in the same way."""

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from sqlalchemy import Connection

from lead_store import access, imports
from lead_store.imports import Import
from tests.unit.intake.reading.sheets import workbook

COLUMNS = ["Nome", "Celular"]
JANUARY = {"Turma A": [COLUMNS, ["Ana Lima", "11987650001"]], "Turma B": [COLUMNS, ["Rui Reis", "11987650002"]]}
FEBRUARY = {**JANUARY, "Turma C": [COLUMNS, ["Bia Sá", "11987650003"], ["Caio Luz", "11987650004"]]}

Receive = Callable[..., Import]
Match = Callable[[Import], None]


@pytest.fixture
def receive(tx: Connection, organization: access.Organization) -> Receive:
    def receive(content: str | Mapping[str, Sequence[Sequence[str]]], **reading: Any) -> Import:
        file = io.BytesIO(content.encode()) if isinstance(content, str) else workbook(content)
        return imports.receive(tx, organization, "people", file, "eve", reading=reading)

    return receive


@pytest.fixture
def receive_bytes(tx: Connection, organization: access.Organization) -> Receive:
    return lambda content: imports.receive(tx, organization, "people", io.BytesIO(content), "eve")


@pytest.fixture
def match(tx: Connection) -> Match:
    def match(run: Import) -> None:
        mapping = imports.get_mapping(run)
        imports.map_columns(tx, run.id, mapping, "ana", region="BR", channel="whatsapp", on_existing="update")

    return match


def rows_read(run: Import) -> int:
    return (run.inspection or {})["rows"]


def test_sheets_that_were_read_as_one_are_so_again_with_those_that_came_since(tx, receive: Receive, match: Match):
    match(imports.change_reading(tx, receive(JANUARY).id, {"sheets_as_one": True}, "ana"))
    run = receive(FEBRUARY)
    assert rows_read(run) == 4
    inspection = run.inspection or {}
    assert inspection["read_as_last_time"]["saved_by"] == "ana"
    assert inspection["saved_mapping"]["saved_by"] == "ana"
    assert "All that have these columns were chosen last time." in inspection["evidence"]
    assert imports.search_history(tx, run.id)[-1]["details"] == {"sheets_as_one": True}


def test_who_reads_it_differently_again_is_remembered_instead(tx, receive: Receive, match: Match):
    match(imports.change_reading(tx, receive(JANUARY).id, {"sheets_as_one": True}, "ana"))
    match(imports.change_reading(tx, receive(FEBRUARY).id, {"sheet": "Turma B"}, "rui"))
    run = receive(FEBRUARY)
    assert not (run.inspection or {})["read_as_last_time"]
    assert rows_read(run) == 2


def test_what_gives_other_columns_now_is_not_repeated(tx, receive: Receive, match: Match):
    first = "Nome;Celular\nNome do aluno;Celular do aluno\nAna;11987650001\n"
    match(imports.change_reading(tx, receive(first).id, {"header_row": 2}, "ana"))
    assert (receive(first).dialect or {})["headerRow"] == 2
    assert (receive("Nome;Celular\nRui;11987650002\nBia;11987650003\n").dialect or {})["headerRow"] == 1


def test_a_reading_of_the_same_columns_is_remembered_and_given_up(tx, receive: Receive, match: Match):
    content = 'Nome;Celular\nAna;="11987650001"\nRui;="11987650002"\n'
    match(imports.change_reading(tx, receive(content).id, {"formulas_are_texts": False}, "ana"))
    again = receive(content)
    assert not (again.dialect or {})["formulasAreTexts"]
    match(imports.change_reading(tx, again.id, {"formulas_are_texts": True}, "ana"))
    assert (receive(content).dialect or {})["formulasAreTexts"]


def test_another_encoding_is_chosen_again_only_where_it_is_misjudged_again(receive_bytes: Receive, tx, match: Match):
    content = "Nome;Celular\nZoë;11987650001\n"
    match(imports.change_reading(tx, receive_bytes(content.encode("cp1252")).id, {"encoding": "cp850"}, "ana"))
    assert (receive_bytes(content.encode("cp1252")).dialect or {})["encoding"] == "cp850"
    run = receive_bytes(content.encode())
    assert (run.dialect or {})["encoding"] == "utf-8"
    assert not (run.inspection or {})["read_as_last_time"]


def test_which_sheet_or_rows_were_read_is_another_matter_in_each_file(tx, receive: Receive, match: Match):
    match(imports.change_reading(tx, receive(JANUARY).id, {"sheet": "Turma B"}, "ana"))
    run = receive(FEBRUARY)
    assert not (run.inspection or {})["read_as_last_time"]
    assert (run.dialect or {})["sheet"] != "Turma B"


def test_what_a_program_fixes_counts_and_is_not_remembered(tx, receive: Receive, match: Match):
    match(imports.change_reading(tx, receive(JANUARY).id, {"sheets_as_one": True}, "ana"))
    fixed = receive(FEBRUARY, sheet="Turma C")
    assert rows_read(fixed) == 2
    match(fixed)
    assert rows_read(receive(FEBRUARY)) == 4
    assert (receive(FEBRUARY, sheets_as_one=False).inspection or {})["reading"] == {}


def test_a_forgotten_mapping_takes_the_reading_with_it(tx, receive: Receive, match: Match):
    run = imports.change_reading(tx, receive(JANUARY).id, {"sheets_as_one": True}, "ana")
    match(run)
    imports.forget_mapping(tx, run.fingerprint or "")
    assert rows_read(receive(FEBRUARY)) == 2
