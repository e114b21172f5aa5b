"""Rows that cannot be used, corrected: in cells, all alike, or in a spreadsheet that is uploaded again."""

import csv
import io
from uuid import UUID

import openpyxl
import pytest

from lead_store import imports
from lead_store.errors import Conflict, Invalid
from lead_store.imports import cells, reporting
from lead_store.intake.reading import read_batches
from lead_store.storage import database
from tests.integration.flows import get_store, run_sql, undo

PEOPLE = (
    "Nome,Telefone,E-mail\n"
    "Ana Lima,+5511987652001,ana@x.io\n"
    "Bo Reis,123,bo@x.io\n"
    "Cy Dias,,cy@x.io\n"
    'Di Melo,"=1+1",di@x.io\n'
)
PHONE = 1  # The column.


class Flow:
    """A reviewed import and what a person does with it, each in a transaction of its own."""

    def __init__(self, organization, import_id):
        self.organization, self.id = organization, UUID(str(import_id))

    def call(self, use_case, *arguments, **options):
        with database.transaction(self.organization.id) as tx:
            return use_case(tx, self.id, *arguments, **options)

    def get(self):
        return self.call(imports.get_import)

    def counts(self):
        with database.transaction(self.organization.id) as tx:
            ledger = imports.get_ledger(tx, imports.get_import(tx, self.id))
        return {bucket: rows for bucket, rows in ledger.items() if rows}

    def correct(self, cells):
        return self.call(imports.correct_cells, cells, "ana")

    def carry_out(self):
        if self.get().status == "in_review":
            self.call(imports.start, "test")
        while self.call(imports.run_next_batch):
            pass
        self.call(imports.finish)
        assert self.get().status == "imported"

    def rejected_csv(self):
        with database.transaction(self.organization.id) as tx:
            target = io.StringIO(newline="")
            imports.write_rejected_rows(tx, imports.get_import(tx, self.id), target)
            return list(csv.reader(io.StringIO(target.getvalue(), newline="")))

    def rejected_workbook(self):
        with database.transaction(self.organization.id) as tx:
            target = io.BytesIO()
            imports.write_rejected_workbook(tx, imports.get_import(tx, self.id), target)
            return openpyxl.load_workbook(io.BytesIO(target.getvalue())).active

    def send_back(self, rows):
        text = io.StringIO(newline="")
        csv.writer(text).writerows(rows)
        content = io.BytesIO(text.getvalue().encode("utf-8-sig"))
        return self.call(imports.receive_corrections, content, "rejected.csv", "ana")


@pytest.fixture
def review(run_import, organization):
    def start(content, **options):
        return Flow(organization, run_import(content, is_dry_run=True, **options)["importId"])

    return start


def names(organization):
    rows = run_sql(
        organization,
        "select name from lead_organization where organization_id = current_organization() order by name",
    )
    return [row.name for row in rows]


def test_a_corrected_cell_is_checked_at_once_and_the_row_moves(review, organization):
    flow = review(PEOPLE)
    assert flow.counts() == {"read": 4, "created": 1, "rejected": 3}
    assert flow.correct({3: {PHONE: "+55 11 98765-2002"}}) == imports.Correction(rows=1, usable=1)
    assert flow.correct({4: {PHONE: "99"}}) == imports.Correction(rows=1, usable=0)
    assert flow.counts() == {"read": 4, "created": 2, "rejected": 2}
    assert flow.call(imports.get_import).review["problems"] == {"phone_invalid": 2}
    flow.carry_out()
    assert flow.counts() == {"read": 4, "created": 2, "rejected": 2}
    assert names(organization) == ["Ana Lima", "Bo Reis"]


def test_edits_are_recorded_with_who_and_what(review):
    flow = review(PEOPLE)
    flow.correct({3: {PHONE: "+5511987652002"}})
    edits = flow.call(imports.search_edits)
    assert [(e["row_number"], e["column_index"], e["old"], e["new"], e["edited_by"]) for e in edits] == [
        (3, PHONE, "123", "+5511987652002", "ana")
    ]
    assert "corrected cells" in [entry["what"] for entry in flow.call(imports.search_history)]


def test_a_corrected_number_may_turn_out_to_be_shared(review):
    flow = review(PEOPLE)
    flow.correct({3: {PHONE: "+5511987652001"}})  # Ana's, under another name.
    assert flow.counts() == {"read": 4, "created": 1, "rejected": 3}
    flow.call(imports.decide_groups, ["+551187652001"], "one_person", "ana")
    assert flow.counts() == {"read": 4, "created": 1, "merged": 1, "rejected": 2}
    flow.carry_out()


def test_a_corrected_row_leaves_the_group_it_was_in(review, organization):
    flow = review("Nome,Telefone\nAna Lima,+5511987652001\nBo Reis,+5511987652001\n")
    assert flow.counts() == {"read": 2, "created": 1, "rejected": 1}
    flow.correct({3: {PHONE: "+5511987652002"}})
    assert flow.counts() == {"read": 2, "created": 2}
    flow.carry_out()
    assert names(organization) == ["Ana Lima", "Bo Reis"]


def test_a_corrected_row_may_update_a_lead_whom_we_know(review, run_import, organization):
    run_import("Nome,Telefone\nBo Antigo,+5511987652002\n")
    flow = review(PEOPLE)
    flow.correct({3: {PHONE: "+5511987652002"}})
    assert flow.counts() == {"read": 4, "created": 1, "updated": 1, "rejected": 2}
    flow.carry_out()
    assert names(organization) == ["Ana Lima", "Bo Reis"]


def test_rows_corrected_after_the_import_are_imported_and_the_ledger_moves_on(review, organization):
    before = get_store(organization)
    flow = review(PEOPLE)
    flow.carry_out()
    assert flow.correct({3: {PHONE: "+5511987652002"}, 4: {PHONE: "+5511987652002"}}).usable == 1
    assert flow.get().status == "importing"
    flow.carry_out()
    assert flow.counts() == {"read": 4, "created": 2, "rejected": 2}  # Cy has Bo's number, and is rejected for it.
    assert flow.correct({4: {PHONE: "+5511987652003"}}).usable == 1
    flow.carry_out()
    assert flow.counts() == {"read": 4, "created": 3, "rejected": 1}
    assert names(organization) == ["Ana Lima", "Bo Reis", "Cy Dias"]
    assert undo(organization, flow.id)["kept"] == 0
    assert get_store(organization) == before


def test_after_the_import_a_number_of_another_person_in_the_file_is_refused(review):
    flow = review(PEOPLE)
    flow.carry_out()
    assert flow.correct({3: {PHONE: "+5511987652001"}}).usable == 0
    assert flow.get().status == "imported"
    assert {row[-3] for row in flow.rejected_csv() if row[0] == "Bo Reis"} == {"shared_identifier"}


def test_a_row_corrected_twice_updates_its_own_lead_and_undo_takes_all_back(review, organization):
    flow = review(PEOPLE.replace("Bo Reis,123", "Ana L.,123"))
    before = get_store(organization)
    flow.carry_out()
    flow.correct({3: {PHONE: "+5511987652001"}})
    flow.carry_out()
    assert flow.counts() == {"read": 4, "created": 1, "updated": 1, "rejected": 2}
    assert names(organization) == ["Ana L."]
    undo(organization, flow.id)
    assert get_store(organization) == before


def test_the_rejected_rows_come_back_corrected_and_match_their_rows(review, organization):
    flow = review(PEOPLE)
    header, *rows = flow.rejected_csv()
    rows[0][PHONE], rows[2][PHONE] = "+5511987652002", "+5511987652004"
    done = flow.send_back([header, rows[2], rows[0]])  # Sorted otherwise, one row left out.
    assert done == imports.Correction(rows=2, usable=2, unknown=0)
    assert flow.counts() == {"read": 4, "created": 3, "rejected": 1}
    flow.carry_out()
    header, *rows = flow.rejected_csv()
    assert [row[0] for row in rows] == ["Cy Dias"]
    rows[0][PHONE] = "+5511987652003"
    assert flow.send_back([header, *rows]).usable == 1
    flow.carry_out()
    assert flow.counts() == {"read": 4, "created": 4}
    assert names(organization) == ["Ana Lima", "Bo Reis", "Cy Dias", "Di Melo"]


def test_rejected_rows_come_back_with_their_columns_in_any_order(review):
    flow = review(PEOPLE)
    header, *rows = flow.rejected_csv()
    rows[0][PHONE] = "+5511987652002"
    done = flow.send_back([line[::-1] for line in (header, *rows)])
    assert done == imports.Correction(rows=1, usable=1, unknown=0)
    assert flow.counts() == {"read": 4, "created": 2, "rejected": 2}


def test_rejected_rows_of_a_file_with_a_column_of_that_name_match_their_rows(review):
    flow = review("row,Telefone\n7,+5511987652001\n2,123\n")
    header, row = flow.rejected_csv()
    row[PHONE] = "+5511987652002"
    assert flow.send_back([header, row]) == imports.Correction(rows=1, usable=1, unknown=0)


def test_what_comes_back_untouched_changes_nothing(review):
    flow = review(PEOPLE)
    assert flow.send_back(flow.rejected_csv()) == imports.Correction(rows=0, usable=0, unknown=0)
    assert flow.call(imports.search_edits) == []


def test_rows_of_other_files_and_foreign_columns_are_refused(review):
    flow = review(PEOPLE)
    header, *rows = flow.rejected_csv()
    rows[0][-4] = "77"
    assert flow.send_back([header, rows[0]]).unknown == 1
    with pytest.raises(Invalid) as refused:
        flow.send_back([["Nome", "Telefone"], ["Ana", "+5511987652001"]])
    assert refused.value.code == "not_the_rejected_rows"


def test_the_workbook_marks_the_cell_and_comes_back(review, organization):
    flow = review(PEOPLE)
    sheet = flow.rejected_workbook()
    wrong = sheet.cell(row=2, column=PHONE + 1)
    assert (wrong.value, wrong.fill.fgColor.rgb) == ("123", "FFFFD9D6")
    assert "numbering plan" in wrong.comment.text
    assert sheet.cell(row=4, column=PHONE + 1).data_type == "s", "a formula in the file is a text here"
    wrong.value = "+55 11 98765-2002"
    content = io.BytesIO()
    sheet.parent.save(content)
    content.seek(0)
    done = flow.call(imports.receive_corrections, content, "rejected.xlsx", "ana")
    assert done == imports.Correction(rows=1, usable=1, unknown=0)


def test_the_same_fix_for_all_alike(review):
    rows = "".join(f"P{n},{n}98765{n:04d},\n" for n in range(11, 41))
    flow = review("Nome,Telefone,E-mail\n" + "".join(f"P{n},55{n}1,\n" for n in range(3)) + "Mex,5512345678,\n" + rows)
    before = flow.counts()
    preview = flow.call(imports.preview_fix, "phone_invalid", region="MX")
    assert ("5512345678", "+525512345678") in preview
    done = flow.call(imports.fix_alike, "phone_invalid", "ana", region="MX")
    assert done.usable == done.rows >= 1
    assert flow.counts()["rejected"] == before["rejected"] - done.usable


def test_a_prefix_makes_numbers_whole(review):
    flow = review("Nome,Telefone\nAna,11987652001\nBo,11987652002\n", columns={}, rules=None)
    run = flow.get()
    assert run.region == "BR"
    flow = review("Nome,Telefone\nAna,+98 987652001\nBo,447400123456\n")
    before = flow.counts()
    done = flow.call(imports.fix_alike, "phone_invalid", "ana", prefix="+")
    assert flow.counts().get("rejected", 0) == before["rejected"] - done.usable


def test_corrections_outlive_a_review_made_anew(review, organization):
    flow = review(PEOPLE)
    flow.correct({3: {PHONE: "+5511987652002"}})
    flow.call(imports.prepare, "test")
    with database.transaction(organization.id) as tx:
        imports.apply_edits_again(tx, imports.stage(tx, flow.id))
    assert flow.counts() == {"read": 4, "created": 2, "rejected": 2}


def test_rows_that_are_not_rejected_cannot_be_corrected(review):
    flow = review(PEOPLE)
    for refused in ({2: {PHONE: "+5511987652009"}}, {99: {PHONE: "+5511987652009"}}):
        with pytest.raises(Conflict):
            flow.correct(refused)
    with pytest.raises(Invalid):
        flow.correct({3: {9: "x"}})


def test_a_file_of_rejected_rows_is_recognised_among_uploads(review, organization):
    flow = review(PEOPLE)
    text = io.StringIO(newline="")
    csv.writer(text).writerows(flow.rejected_csv())
    from lead_store.intake.reading import inspect

    inspection = inspect(io.BytesIO(text.getvalue().encode("utf-8-sig")), "rejected.csv")
    with database.transaction(organization.id) as tx:
        assert imports.find_corrected_import(tx, inspection).id == flow.id
        assert imports.find_corrected_import(tx, inspect(io.BytesIO(PEOPLE.encode()), "people.csv")) is None


def test_what_stands_beyond_the_last_column_is_told_where_the_row_is_corrected(review):
    flow = review("Nome,Telefone,E-mail\nAna Lima,+5511987652001,ana@x.io\nLima, José,+5511987652002,jo@x.io\n")
    header, row = flow.rejected_csv()
    assert row[:3] == ["Lima", " José", "+5511987652002"]
    assert "jo@x.io" in row[header.index("problem")]
    flow.send_back([header, ["Lima, José", "+5511987652002", "jo@x.io", *row[3:]]])
    assert flow.counts() == {"read": 2, "created": 2}


def test_cells_of_rejected_rows_are_kept_so_that_the_file_is_not_read_again(review, organization, monkeypatch):
    shared = "".join(f"{name},+55119876520{place:02d},\n" for place in range(40) for name in ("Ana Lima", "Bo Reis"))
    flow = review("Nome,Telefone,E-mail\n" + shared)
    before = flow.rejected_csv()
    flow.call(imports.keep_cells)

    def refuse(*_):
        raise AssertionError("the file was read")

    monkeypatch.setattr(cells, "read_batches", refuse)
    assert flow.rejected_csv() == before
    assert len(before) == 1 + 40


def test_the_file_is_read_once_for_all_rejected_rows(run_import, organization, monkeypatch):
    shared = "+5511987652009"
    others = "".join(f"Di {place},{shared}\nEva {place},12{place}\n" for place in range(5))
    content = f"Nome,Telefone\nAna Lima,{shared}\nBo Reis,{shared}\n{others}"
    import_id = UUID(run_import(content, is_dry_run=True)["importId"])
    readings = []
    monkeypatch.setattr(reporting, "ROWS_PER_PAGE", 3)
    monkeypatch.setattr(cells, "read_batches", lambda *given: readings.append(given) or read_batches(*given))
    with database.transaction(organization.id) as tx:
        rows = list(reporting.read_rejected(tx, imports.get_import(tx, import_id)))
    lines = f"\n{content}".splitlines()
    assert [row["row_number"] for row in rows] == list(range(3, 14))
    assert all(row["cells"] == lines[row["row_number"]].split(",") for row in rows)
    assert len(readings) == 1
