"""Batches of an import that have nothing to write: counted in one go, unless their leads changed since the review."""

from uuid import UUID

import pytest

from lead_store import imports
from lead_store.settings import get_settings
from lead_store.storage import database
from tests.integration.flows import run_sql

HEADER = "Nome,Telefone\n"
PEOPLE = [f"{name},+551198765400{place}\n" for place, name in enumerate(("Ana", "Bo", "Cy", "Di"))]


@pytest.fixture
def started(run_import, organization, monkeypatch):
    """Starts an import of which each person is a batch, after the store was changed since its review."""

    def start(rows: list[str], edit: str | None = None) -> UUID:
        monkeypatch.setattr(get_settings(), "rows_per_batch", 1)
        run_import(HEADER + "".join(PEOPLE))
        import_id = UUID(run_import(HEADER + "".join(rows), is_dry_run=True)["importId"])
        if edit:
            run_sql(organization, edit)
        with database.transaction(organization.id) as tx:
            imports.start(tx, import_id, "test")
        with database.transaction(organization.id) as tx:
            imports.begin(tx, import_id)
        return import_id

    return start


def get_done(organization, import_id) -> list[int]:
    statement = "select batch_number from import_batch where import_id = :import_id and status = 'done' order by 1"
    return [row.batch_number for row in run_sql(organization, statement, import_id=import_id)]


def run_batch(organization, import_id) -> bool:
    with database.transaction(organization.id) as tx:
        return imports.run_next_batch(tx, import_id)


def finish(organization, import_id):
    while run_batch(organization, import_id):
        pass
    with database.transaction(organization.id) as tx:
        assert imports.finish(tx, import_id)
        run = imports.get_import(tx, import_id)
        return {bucket: rows for bucket, rows in imports.get_ledger(tx, run).items() if rows}


def test_a_file_imported_again_is_counted_before_its_batches(started, organization):
    import_id = started(PEOPLE)
    assert get_done(organization, import_id) == [0, 1, 2, 3]
    assert finish(organization, import_id) == {"read": 4, "unchanged": 4}


def test_batch_with_something_to_write_is_done_by_itself(started, organization):
    import_id = started([*PEOPLE[:2], PEOPLE[2].replace("Cy", "Cyra"), PEOPLE[3]])
    assert get_done(organization, import_id) == [0, 1, 3]
    assert finish(organization, import_id) == {"read": 4, "unchanged": 3, "updated": 1}


def test_rows_left_out_are_counted_before_the_batches(started, organization):
    import_id = started([*PEOPLE, "Bea,+5511987654001\n", "Eva,123\n"])
    assert get_done(organization, import_id) == [0, 1, 2, 4, 5]  # Eva is first, the two Bs share batch 2.
    assert finish(organization, import_id) == {"read": 6, "unchanged": 4, "rejected": 2}


@pytest.mark.parametrize(
    "edit",
    [
        "update lead_organization set name = 'Cyd', version = default where name = 'Cy'",
        "delete from lead_organization where name = 'Cy'",
    ],
    ids=["changed", "gone"],
)
def test_lead_that_changed_since_the_review_is_drift(started, organization, edit):
    import_id = started(PEOPLE, edit)
    assert get_done(organization, import_id) == [0, 1, 3]
    assert finish(organization, import_id) == {"read": 4, "unchanged": 3, "skipped": 1}
    with database.transaction(organization.id) as tx:
        drift = imports.search_drift(tx, imports.get_import(tx, import_id))
    assert [row["identifier"] for row in drift] == ["+5511987654002"]
