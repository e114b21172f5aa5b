"""How a file was read, on the page: each judgement can be changed, and the preview follows."""

from collections.abc import Callable

import pytest

from lead_store import access, imports
from lead_store.imports import Import
from lead_store.intake.reading import CellRange
from lead_store.storage import database
from pages.parts import reading
from tests.pages.conftest import OpenPage, texts

Make = Callable[..., Import]


def test_the_delimiter_is_changed_with_one_click(
    open_page: OpenPage, receive: Make, organization: access.Organization
) -> None:
    run = receive("Nome;Celular\nAna;11 98888-0001\n")
    app = open_page("imports/upload.py", **{"import": run.id})
    app.selectbox(key=f"reading:{run.id}:delimiter").select(",").run()
    app.selectbox(key=f"reading:{run.id}:header_row").select(None).run()
    with database.transaction(organization.id) as tx:
        dialect = imports.get_import(tx, run.id).dialect or {}
    assert (dialect["delimiter"], dialect["headerRow"]) == (",", None)


@pytest.mark.parametrize(
    ("name", "choice", "first_row"),
    [
        ("encoding", "windows-1252", [2, "JosÃ©, o primo", "11 98888-0001"]),
        ("delimiter", ",", [2, "José"]),
        ("header_row", 2, [3, "Rui", "11 98888-0002"]),
        ("header_row", None, [1, "Nome", "Celular"]),
    ],
)
def test_the_preview_follows_each_choice_at_once(
    open_page: OpenPage, receive: Make, name: str, choice: object, first_row: list[object]
) -> None:
    run = receive("Nome;Celular\nJosé, o primo;11 98888-0001\nRui;11 98888-0002\n")
    app = open_page("imports/upload.py", **{"import": run.id})
    app.selectbox(key=f"reading:{run.id}:{name}").select(choice).run()
    preview = app.dataframe[0].value
    assert [preview.index[0], *preview.iloc[0]][: len(first_row)] == first_row
    assert "chosen by you" in texts(app)


LINE = ", ".join(f"+55 11 98765-43{number}" for number in range(21, 33))
ALIGNED = "NOME       FONE\nAna Souza  11987654321\nRui        11987654322\nEva        11987654323\n"


@pytest.mark.parametrize(
    ("text", "name", "choices"),
    [
        ('Nome;Celular\nAna;="11987654321"\nRui;="11987654322"\n', "formulas_are_texts", [False, True]),
        ('"Nome,Celular"\n"Ana,11987654321"\n"Rui,11987654322"\n', "unwraps_lines", [False, True]),
        ('Celular;Nome\n1;"Ana \\"A\\" Lima"\n2;"Rui \\"B\\" Reis"\n', "escape", [None, "\\"]),
        (LINE, "breaks_at", [None, ","]),
        (ALIGNED, "cuts", [False, True]),
    ],
)
def test_a_judgement_that_few_files_ask_for_is_changed_there_and_back(
    open_page: OpenPage, receive: Make, text: str, name: str, choices: list[object]
) -> None:
    run = receive(text)
    app = open_page("imports/upload.py", **{"import": run.id})
    before = app.dataframe[0].value
    changed, back = choices
    app.selectbox(key=f"reading:{run.id}:{name}").select(changed).run()
    assert app.dataframe[0].value.values.tolist() != before.values.tolist()
    assert "chosen by you" in texts(app)
    app.selectbox(key=f"reading:{run.id}:{name}").select(back).run()
    assert app.dataframe[0].value.values.tolist() == before.values.tolist()


def test_another_table_of_the_sheet_is_read_with_one_click(open_page: OpenPage, receive: Make) -> None:
    run = receive(
        "Nome;Celular\nJosé;11 98888-0001\nAna;11 98888-0003\n\nEmail;Nome;Celular\nrui@example.org;Rui;11 98888-0002\n"
    )
    app = open_page("imports/upload.py", **{"import": run.id})
    key = f"reading:{run.id}:cell_range"
    assert app.selectbox(key=key).options == [
        "All as one",
        "Rows 1 to 3: Nome, Celular",
        "Rows 5 to 6: Email, Nome, Celular",
    ]
    assert ":material/warning: There are 2 tables" in texts(app)
    app.selectbox(key=key).select(CellRange(5, 6)).run()
    assert app.dataframe[0].value.values.tolist() == [["rui@example.org", "Rui", "11 98888-0002"]]
    app.selectbox(key=key).select(None).run()
    assert len(app.dataframe[0].value) == 4
    assert "There are 2 tables" not in texts(app)


CLASS = "<table><tr><th>Nome<th>Celular</tr><tr><td>{}<td>11 98888-000{}</tr></table>"


def test_tables_of_a_page_that_have_the_same_columns_are_read_as_one_with_a_click(
    open_page: OpenPage, receive: Make
) -> None:
    run = receive(f"<html>{CLASS.format('Ana', 1)}{CLASS.format('Rui', 2)}</html>", "classes.xls")
    app = open_page("imports/upload.py", **{"import": run.id})
    assert ":material/warning: The table “Table 2” has the same columns" in texts(app)
    choice = app.selectbox(key=f"reading:{run.id}:sheet")
    assert (choice.label, choice.options) == ("Table", ["Table 1", "Table 2", "All with these columns"])
    choice.select(reading.ALL_ALIKE).run()
    preview = app.dataframe[0].value
    assert preview.values.tolist() == [["Ana", "11 98888-0001", "Table 1"], ["Rui", "11 98888-0002", "Table 2"]]
    assert list(preview.index) == [2, 1002]
    assert ":material/warning: The table" not in texts(app)
    assert app.selectbox(key=f"reading:{run.id}:sheet").value is reading.ALL_ALIKE
    app.selectbox(key=f"reading:{run.id}:sheet").select("Table 2").run()
    assert app.dataframe[0].value.values.tolist() == [["Rui", "11 98888-0002"]]


def test_what_was_chosen_for_the_last_such_file_is_told_and_can_be_changed(open_page: OpenPage, receive: Make) -> None:
    page = f"<html>{CLASS.format('Ana', 1)}{CLASS.format('Rui', 2)}</html>"
    run = receive(page, "classes.xls")
    app = open_page("imports/upload.py", **{"import": run.id})
    app.selectbox(key=f"reading:{run.id}:sheet").select(reading.ALL_ALIKE).run()
    open_page("imports/columns.py", **{"import": run.id}).button[0].click().run()
    run = receive(page, "classes.xls")
    app = open_page("imports/upload.py", **{"import": run.id})
    assert "Read as last time: " in texts(app)
    assert "All that have these columns were chosen last time" in texts(app)
    assert "all sheets with these columns" in texts(open_page("settings/mappings.py"))
    app.selectbox(key=f"reading:{run.id}:sheet").select("Table 2").run()
    assert "last time" not in texts(app)


def test_a_choice_with_which_nothing_can_be_read_leaves_all_as_it_was(open_page: OpenPage, receive: Make) -> None:
    run = receive("Nome;Celular\nAna;11 98888-0001\n")
    app = open_page("imports/upload.py", **{"import": run.id})
    app.selectbox(key=f"reading:{run.id}:header_row").select(2).run()
    assert "still read as before" in texts(app)
    assert app.selectbox(key=f"reading:{run.id}:header_row").value == 1
    assert list(app.dataframe[0].value["Nome"]) == ["Ana"]


def test_a_column_called_row_is_shown_beside_the_row_numbers(open_page: OpenPage, receive: Make) -> None:
    run = receive("Row;Celular\nA7;11 98888-0001\n")
    preview = open_page("imports/upload.py", **{"import": run.id}).dataframe[0].value
    assert (preview.index[0], list(preview["Row"])) == (2, ["A7"])


def test_rows_that_cannot_be_used_are_told_as_a_warning(open_page: OpenPage, receive: Make) -> None:
    run = receive("Nome;Celular\nJosé;11 98888-0001;2\nRui;11 98888-0002\n")
    shown = texts(open_page("imports/upload.py", **{"import": run.id}))
    assert ":material/warning: 1 of 2 rows cannot be used as they are" in shown
    assert ":material/check: Row 1 is the header" in shown


def test_a_list_in_one_long_line_is_broken_at_the_mark_that_is_chosen(open_page: OpenPage, receive: Make) -> None:
    run = receive(LINE)
    key = f"reading:{run.id}:breaks_at"
    app = open_page("imports/upload.py", **{"import": run.id})
    assert app.selectbox(key=key).value == ","
    app.selectbox(key=key).select(None).run()
    assert len(app.dataframe[0].value) == 1
    app.selectbox(key=key).select(" ").run()
    assert app.dataframe[0].value.iloc[1].tolist() == ["11"]
    app.selectbox(key=key).select(",").run()
    assert len(app.dataframe[0].value) == 12
