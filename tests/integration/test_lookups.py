"""What an import reads of the store: each row finds its lead by key, whatever PostgreSQL's statistics say."""

from uuid import UUID

from sqlalchemy import text

from lead_store import imports
from lead_store.storage import database
from tests.integration.flows import run_sql

BATCHES, ROWS_PER_BATCH = 4, 100
LINKS_READ = "select idx_tup_fetch from pg_stat_xact_user_tables where relname = 'lead_organization'"


def people(area_code: int, rows: int, name: str = "Ana") -> str:
    return "Nome,Telefone\n" + "".join(f"{name},+55{area_code}9876{place:05d}\n" for place in range(rows))


def test_first_import_of_an_organization_does_not_read_its_links_for_each_row(
    run_import, organization, other, set_rows_per_batch
):
    run_import(people(21, 1000), organization=other)
    run_sql(other, "select analyze_leads()")  # The statistics know the other organization alone.
    set_rows_per_batch(ROWS_PER_BATCH)
    import_id = UUID(run_import(people(31, BATCHES * ROWS_PER_BATCH), is_dry_run=True)["importId"])
    with database.transaction(organization.id) as tx:
        imports.start(tx, import_id, "test")
    read = []
    for _ in range(BATCHES):
        with database.transaction(organization.id) as tx:
            assert imports.run_next_batch(tx, import_id)
            read.append(tx.execute(text(LINKS_READ)).scalar_one() or 0)
    assert max(read) <= 2 * ROWS_PER_BATCH
