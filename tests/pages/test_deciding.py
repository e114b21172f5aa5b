"""What people decide, correct and take back on the pages."""

from lead_store import imports
from lead_store.storage import database
from tests.integration.conftest import start_and_finish
from tests.integration.flows import run_sql

REVIEW, REPORT = "imports/review.py", "imports/report.py"
FAMILY = (
    "Nome,Telefone,E-mail\nAna Lima,+5511987655001,na@na.com\nBo Reis,+5511987655001,na@na.com\n"
    "Cy Dias,+5511987655002,na@na.com\nCy D.,+5511987655002,cy@x.io\nDi Melo,123,di@x.io\n"
)


def _counts(organization, run):
    with database.transaction(organization.id) as tx:
        ledger = imports.get_ledger(tx, imports.get_import(tx, run.id))
    return {bucket: rows for bucket, rows in ledger.items() if rows and bucket != "read"}


def _box(page, label):
    return next(box for box in page.selectbox if box.label == label)


def _button(page, label):
    return next(button for button in page.button if button.label == label)


def test_a_rule_moves_the_tiles_at_once(open_page, review, organization):
    run = review(FAMILY)
    page = open_page(REVIEW, **{"import": run.id, "show": "shared"})
    assert not page.exception
    assert _counts(organization, run) == {"created": 2, "merged": 1, "rejected": 2}
    _box(page, "When several people have one phone number").set_value("one_person").run()
    assert _counts(organization, run) == {"created": 2, "merged": 2, "rejected": 1}


def test_rows_of_one_person_can_be_kept_instead_of_merged(open_page, review, organization):
    run = review(FAMILY)
    page = open_page(REVIEW, **{"import": run.id, "show": "merged"})
    _box(page, "Rows of the same person").set_value("keep_last").run()
    assert not page.exception
    assert _counts(organization, run) == {"created": 2, "skipped": 1, "rejected": 2}


def test_placeholders_are_dropped_with_one_click(open_page, review, organization):
    run = review(FAMILY)
    page = open_page(REVIEW, **{"import": run.id, "show": "shared"})
    _button(page, "Drop them from the profiles").click().run()
    assert not page.exception
    with database.transaction(organization.id) as tx:
        assert imports.get_import(tx, run.id).rules["placeholder"] == "drop"


def test_all_numbers_alike_are_corrected(open_page, review, organization):
    run = review("Nome,Telefone\nAna,5512345678\nBo,5512345679\n")
    page = open_page(REVIEW, **{"import": run.id, "show": "rejected"})
    _box(page, "Country").set_value("MX").run()
    _button(page, "Correct all that become valid").click().run()
    assert not page.exception
    assert _counts(organization, run) == {"created": 2}


def test_a_rule_for_one_field_turns_updates_into_unchanged(open_page, review, run_import, organization):
    run_import("Nome,Telefone\nAna,+5511987655001\n")
    run = review("Nome,Telefone\nAnita,+5511987655001\n")
    page = open_page(REVIEW, **{"import": run.id, "show": "updated"})
    _box(page, "Name").set_value("keep").run()
    assert _counts(organization, run) == {"unchanged": 1}


def test_hints_and_anomalies_are_shown_once_a_worker_has_looked(open_page, review, run_import, organization):
    run_import("Nome,Telefone,E-mail\nAna Lima,+5511987641771,ana@hints.io\n")
    run = review(
        "Nome,Telefone,E-mail\nAna Lima,+5521998741772,ana@hints.io\n"
        + "".join(f"P{n} Lima,+3361277{n:04d},\n" for n in range(0, 300, 9))
    )
    page = open_page(REVIEW, **{"import": run.id})
    assert any("looking for people whom you may know" in caption.value for caption in page.caption)
    with database.transaction(organization.id) as tx:
        imports.look_closer(tx, run.id)
    page.run()
    assert not any("looking for people whom you may know" in caption.value for caption in page.caption)
    assert any("from another country" in warning.value for warning in page.warning)
    page = open_page(REVIEW, **{"import": run.id, "show": "hints"})
    assert not page.exception
    assert any("from another country" in warning.value for warning in page.warning)
    _button(page, "Apply").click().run()
    assert _counts(organization, run)["updated"] == 1


def test_cells_that_were_noted_are_told_once_a_worker_has_looked(open_page, review, organization):
    run = review("Nome,Telefone,E-mail\nUREÃ‘A,+5511987641771,ana@\nBo,+5511987641772,\n")
    page = open_page(REVIEW, **{"import": run.id})
    assert not page.expander
    with database.transaction(organization.id) as tx:
        imports.look_closer(tx, run.id)
    page.run()
    assert [expander.label for expander in page.expander] == ["2 cells to know about"]
    told = page.expander[0].markdown[0].value
    assert "Garbled letters" in told
    assert "`UREÃ‘A`" in told
    assert "`ana@`" in told


def test_the_report_offers_drift_and_tells_its_history(open_page, review, run_import, organization):
    run_import("Nome,Telefone\nAna,+5511987655001\n")
    run = review("Nome,Telefone\nAnita,+5511987655001\n")
    run_sql(
        organization,
        "update lead_organization set name = 'Annie', version = default, updated_at = clock_timestamp()"
        " where organization_id = current_organization()",
    )
    from tests.integration.conftest import start_and_finish

    start_and_finish(organization, run.id)
    page = open_page(REPORT, **{"import": run.id})
    assert not page.exception
    shown = " ".join(str(table.value) for table in page.dataframe)
    assert "Anita" in shown
    assert "Annie" in shown
    assert any("Undo" in button.label for button in page.button)


def test_history_tells_decisions_in_words(open_page, review, finish, organization):
    run = review(FAMILY)
    with database.transaction(organization.id) as tx:
        imports.set_rule(tx, run.id, "shared_identifier", "one_person", "test")
        imports.set_field_rule(tx, run.id, "name", "fill", "test")
    finish(run)
    page = open_page(REPORT, **{"import": run.id})
    shown = " ".join(value for table in page.dataframe for value in table.value.get("More", ()))
    assert "They are one person" in shown
    assert "Full name · choice: Fill blanks only" in shown
    assert "one_person" not in shown


def test_drift_shows_each_field_as_stored_and_as_the_row_would_make_it(open_page, review, run_import, organization):
    run_import("Nome,Telefone,Tags,Cidade\nAna,+5511987655021,vip,Rio\n")
    run = review("Nome,Telefone,Tags,Cidade\nAna,+5511987655021,new,Rio\n")
    run_import("Nome,Telefone,Tags,Cidade\nAna,+5511987655021,old,Bahia\n")
    start_and_finish(organization, run.id)
    page = open_page(REPORT, **{"import": run.id})
    assert not page.exception
    drifted = next(table.value for table in page.dataframe if "Stored now" in table.value)
    assert drifted["Stored now"].tolist() == ["Tags: vip, old · Cidade: Bahia"]
    assert drifted["By this row"].tolist() == ["Tags: vip, old, new · Cidade: Rio"]
