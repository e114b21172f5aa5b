"""What is read to find a few rows among many: by key and by index, whatever PostgreSQL's statistics say."""

from uuid import UUID

from sqlalchemy import text

from lead_store import imports
from lead_store.storage import database
from tests.integration.flows import run_sql

BATCHES, ROWS_PER_BATCH = 4, 100
PAGES_READ = """
select pg_stat_get_xact_blocks_fetched(c.oid) + coalesce(
    (select sum(pg_stat_get_xact_blocks_fetched(i.indexrelid)) from pg_index i where i.indrelid = c.oid), 0)
from pg_class c where c.relname = :part
"""
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


def test_new_people_read_no_links_whichever_index_is_taken(run_import, organization):
    """Of a table that it finds empty the planner takes any index, and others fill it while the statement runs."""
    run_import(people(41, 1000))
    import_id = UUID(run_import(people(51, ROWS_PER_BATCH), is_dry_run=True)["importId"])
    with database.transaction(organization.id) as tx:
        imports.start(tx, import_id, "test")
    with database.transaction(organization.id) as tx:
        tx.execute(text("reset role"))
        tx.execute(text("alter table lead_organization drop constraint lead_organization_pkey"))
        tx.execute(text(f"set local role {database.APP_ROLE}"))
        assert imports.run_next_batch(tx, import_id)
        read = tx.execute(text(LINKS_READ)).scalar_one() or 0
        tx.rollback()
    assert read <= 2 * ROWS_PER_BATCH


def test_a_page_deep_in_the_file_costs_what_the_first_one_costs(run_import, organization):
    rows = [f"Ana,{'123' if place % 10 == 0 else f'+55219876{place:05d}'}\n" for place in range(20_000)]
    import_id = UUID(run_import("Nome,Telefone\n" + "".join(rows), is_dry_run=True)["importId"])
    with database.transaction(organization.id) as tx:
        run, part = imports.get_import(tx, import_id), {"part": f"import_row_{import_id.hex}"}
        read = []
        for after in (0, 19_000):
            before = tx.execute(text(PAGES_READ), part).scalar_one()
            assert len(imports.search_rows(tx, run, bucket="rejected", after=after, limit=50)) == 50
            read.append(tx.execute(text(PAGES_READ), part).scalar_one() - before)
    assert max(read) < 100
