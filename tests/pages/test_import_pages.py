"""The pages of an import in each of its states."""

import io
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from lead_store import access, imports, leads
from lead_store.errors import Unreadable
from lead_store.imports import Import
from lead_store.intake.fields import Field
from lead_store.storage import database
from lead_store.storage.files import get_files
from tests.pages.conftest import OpenPage, texts

PEOPLE = "Nome,Celular,Cidade\nAna Souza,11 98888-0001,Recife\nAna S.,11 98888-0001,\nRui,123,Natal\n"

Make = Callable[..., Import]


def test_a_new_organization_is_invited_to_import(open_page: OpenPage) -> None:
    app = open_page("imports/list.py")
    assert "Bring in your contacts" in texts(app)
    assert [button.label for button in app.button] == ["New import"]


def test_the_list_shows_status_and_ledger_of_an_import(open_page: OpenPage, review: Make) -> None:
    review(PEOPLE, "spring.csv")
    app = open_page("imports/list.py")
    assert "3 rows: 1 created, 1 merged, 1 rejected" in texts(app)
    assert "Waits for your review" in texts(app)
    assert "Continue" in [button.label for button in app.button]


def test_the_tiles_of_the_review_add_up(open_page: OpenPage, review: Make) -> None:
    run = review(PEOPLE)
    app = open_page("imports/review.py", **{"import": run.id})
    assert "3 rows read = 1 created + 0 updated + 0 unchanged + 1 merged + 0 skipped + 1 rejected" in texts(app)


@pytest.mark.parametrize(
    ("view", "names"),
    [
        ("created", ["Ana S."]),
        ("merged", ["Ana Souza", "Ana S."]),
        ("rejected", ["Rui"]),
    ],
)
def test_each_tile_opens_its_rows(open_page: OpenPage, review: Make, view: str, names: list[str]) -> None:
    run = review(PEOPLE)
    app = open_page("imports/review.py", **{"import": run.id, "show": view})
    shown = " ".join(map(str, app.dataframe[0].value.to_numpy().ravel()))
    assert all(name in shown for name in names)


def test_updates_show_the_old_and_the_new_value(open_page: OpenPage, review: Make, finish: Callable) -> None:
    finish(review(PEOPLE))
    run = review(PEOPLE.replace("Recife", "Olinda"))
    app = open_page("imports/review.py", **{"import": run.id, "show": "updated"})
    table = app.dataframe[0].value
    assert table[["Field", "Now", "After the import"]].to_dict("records") == [
        {"Field": "Cidade", "Now": "Recife", "After the import": "Olinda"}
    ]


def test_a_chosen_field_is_kept_before_the_next_step(
    open_page: OpenPage, receive: Make, organization: access.Organization
) -> None:
    run = receive(PEOPLE)
    app = open_page("imports/columns.py", **{"import": run.id})
    app.selectbox(key=f"column:{run.id}:2").select("dropped").run()
    with database.transaction(organization.id) as tx:
        column = imports.get_mapping(imports.get_import(tx, run.id)).columns[2]
    assert (column.field, column.is_dropped) == (None, True)
    app.selectbox(key=f"column:{run.id}:2").select("tags").run()
    with database.transaction(organization.id) as tx:
        column = imports.get_mapping(imports.get_import(tx, run.id)).columns[2]
    assert (column.field, column.is_dropped) == (Field.TAGS, False)


def test_without_a_phone_column_the_next_step_is_closed_and_says_why(open_page: OpenPage, receive: Make) -> None:
    run = receive("Nome,Cidade\nAna,Recife\n")
    app = open_page("imports/columns.py", **{"import": run.id})
    assert "No column feeds Phone" in texts(app)
    assert next(button for button in app.button if button.label == "Check all rows").disabled


def test_columns_of_a_file_seen_before_say_so(open_page: OpenPage, review: Make, receive: Make) -> None:
    review(PEOPLE)
    run = receive(PEOPLE.replace("Rui", "Zoe"))
    app = open_page("imports/columns.py", **{"import": run.id})
    assert "Matched as last time" in texts(app)


def test_a_consent_column_is_shown_as_what_it_will_do(open_page: OpenPage, receive: Make) -> None:
    answers = ["no"] * 31 + ["yes"] * 40 + [""] * 9
    rows = "".join(f"Ana {n},11 9888{n:05d},{answer}\n" for n, answer in enumerate(answers))
    run = receive(f"Nome,Celular,Accepts marketing\n{rows}")
    app = open_page("imports/columns.py", **{"import": run.id})
    assert "“Accepts marketing” = no will opt out 31 people." in texts(app)
    chosen = next(box for box in app.selectbox if box.label == "What yes means in Accepts marketing")
    chosen.set_value(False).run()
    assert "“Accepts marketing” = yes will opt out 40 people." in texts(app)


def test_consents_that_differ_in_each_row_are_counted_for_the_first_rows(open_page: OpenPage, receive: Make) -> None:
    rows = "".join(f"Ana {n},11 9888{n:05d},2024-01-01 10:{n // 60:02d}:{n % 60:02d}\n" for n in range(600))
    run = receive(f"Nome,Celular,Unsubscribed at\n{rows}")
    app = open_page("imports/columns.py", **{"import": run.id})
    assert "“Unsubscribed at” = yes will opt out 20 people of the first 20 rows." in texts(app)


def test_checking_the_rows_leads_to_the_review(
    open_page: OpenPage, receive: Make, organization: access.Organization
) -> None:
    run = receive(PEOPLE)
    app = open_page("imports/columns.py", **{"import": run.id})
    next(button for button in app.button if button.label == "Check all rows").click().run()
    with database.transaction(organization.id) as tx:
        assert imports.get_import(tx, run.id).status == "preparing"
    assert "Checking every row" in texts(app)


def test_a_started_import_keeps_its_columns(open_page: OpenPage, review: Make, finish: Callable) -> None:
    run = review(PEOPLE)
    finish(run)
    app = open_page("imports/columns.py", **{"import": run.id})
    assert "its columns cannot be changed now" in texts(app)
    assert all(box.disabled for box in app.selectbox if str(run.id) in str(box.key))


def test_the_report_accounts_for_every_row(open_page: OpenPage, review: Make, finish: Callable) -> None:
    run = review(PEOPLE)
    finish(run)
    app = open_page("imports/report.py", **{"import": run.id})
    assert "3 rows read = 1 created + 0 updated + 0 unchanged + 1 merged + 0 skipped + 1 rejected" in texts(app)
    assert "1 × not a phone number" in texts(app)
    assert "tables" not in texts(app)


def test_the_report_tells_which_tables_were_not_read(open_page: OpenPage, review: Make, finish: Callable) -> None:
    run = review(f"{PEOPLE}\nEmail,Nome,Celular\neva@example.org,Eva,11 98888-0002\n")
    finish(run)
    app = open_page("imports/report.py", **{"import": run.id})
    assert "Only rows 1 to 4 are read" in texts(app)


def test_the_dispatch_is_locked_until_the_import_is_done(open_page: OpenPage, review: Make, finish: Callable) -> None:
    run = review(PEOPLE)
    assert "waits to be reviewed" in texts(open_page("dispatches/compose.py", **{"import": run.id}))
    finish(run)
    app = open_page("dispatches/compose.py", **{"import": run.id})
    assert [metric.value for metric in app.metric] == ["1 person"]


@pytest.mark.parametrize("page", ["upload", "columns", "review", "progress", "report"])
@pytest.mark.parametrize("import_id", [uuid4(), "nonsense"])
def test_an_import_that_is_not_there_is_told_in_a_sentence(
    open_page: OpenPage, page: str, import_id: UUID | str
) -> None:
    app = open_page(f"imports/{page}.py", **{"import": import_id})
    if page == "upload" and import_id == "nonsense":
        assert "Upload a spreadsheet" in texts(app)
    else:
        assert len(app.error) == 1
    assert not app.exception


@pytest.mark.parametrize("page", ["upload", "columns", "review"])
def test_an_object_that_could_not_be_read_says_so_wherever_one_looks(
    open_page: OpenPage, organization: access.Organization, page: str
) -> None:
    get_files().put(f"imports/{organization.slug}/empty.csv", io.BytesIO(b""))
    order = imports.Order(f"imports/{organization.slug}/empty.csv")
    with database.transaction(organization.id) as tx:
        requested = imports.request(tx, organization, order, "API key CRM")
        imports.refuse(tx, requested.id, Unreadable("This file is empty.", code="file_empty"))
    listed = open_page("imports/list.py")
    assert r"empty\.csv" in texts(listed)
    assert "Stopped by an error" in texts(listed)
    assert "This file is empty" in texts(listed)
    app = open_page(f"imports/{page}.py", **{"import": requested.id})
    assert "The file could not be read" in texts(app)
    assert "This file is empty" in texts(app)
    assert [button.label for button in app.button] == ["New import"]


@pytest.mark.parametrize(
    ("page", "name"),
    [
        ("imports/upload.py", "import"),
        ("imports/columns.py", "import"),
        ("imports/review.py", "import"),
        ("imports/progress.py", "import"),
        ("imports/report.py", "import"),
        ("dispatches/compose.py", "import"),
        ("leads/lead.py", "lead"),
    ],
)
def test_a_page_about_something_of_others_is_that_about_nothing(
    open_page: OpenPage, review: Make, finish: Callable, organization: access.Organization, page: str, name: str
) -> None:
    run = review(PEOPLE)
    finish(run)
    with database.transaction() as tx:
        other = access.create_organization(tx, f"other-{uuid4().hex[:8]}", "Other")
    with database.transaction(organization.id) as tx:
        theirs = run.id if name == "import" else leads.search_leads(tx, "", after=None, limit=1)[0].lead_id
    told = [texts(open_page(page, organization=other.slug, **{name: key})) for key in (theirs, uuid4())]
    assert "There is no such" in told[0]
    assert told[0] == told[1]


def test_numbers_with_two_readings_are_asked_about_once_for_all(
    open_page: OpenPage, review: Make, organization: access.Organization
) -> None:
    run = review("Nome,Celular\nAna,(11) 8765-4321\nRui,(11) 8765-4322\n")
    app = open_page("imports/review.py", **{"import": run.id})
    assert "2 numbers can be read in two ways" in texts(app)
    app.radio(key="pattern:ninth_digit:BR").set_value("add")
    next(button for button in app.button if button.label == "Check again with these answers").click().run()
    with database.transaction(organization.id) as tx:
        checked = imports.stage(tx, run.id)
        assert imports.get_ledger(tx, checked)["created"] == 2
    app = open_page("imports/review.py", **{"import": run.id})
    assert "+5511987654321" in list(app.dataframe[0].value["Reached at"])


def test_repaired_phones_show_the_cell_and_the_number(open_page: OpenPage, review: Make) -> None:
    run = review("Nome,Celular\nAna,p:+5511988880001\nRui,p:+5511988880002\n")
    app = open_page("imports/review.py", **{"import": run.id})
    assert "`p:+5511988880001` → `+5511988880001`" in texts(app)


def test_a_page_about_nothing_leads_back_to_the_imports(open_page: OpenPage) -> None:
    app = open_page("imports/report.py", **{"import": uuid4()})
    assert [title.value for title in app.title] == ["Not found"]
    next(button for button in app.button if button.label == "All imports").click().run()
    assert [title.value for title in app.title] == ["Imports"]
