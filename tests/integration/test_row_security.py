"""Row-level security as the second wall, with the application's own checks left out.

Raw SQL runs as the application's role with another organization's scope; it must see and change nothing.
"""

from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from lead_store.access import Organization
from lead_store.storage import database
from tests.integration.flows import PEOPLE

# Tables without an organization of their own; how each is guarded is tested by name below.
UNSCOPED = {"organization", "lead", "channel_identity", "api_allowance", "alembic_version"}
SCOPED = """
select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition
  and exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'organization_id')
order by 1
"""
COLUMNS = """
select a.attname as name, format_type(a.atttypid, null) as type
from pg_attribute a where a.attrelid = cast(:name as regclass) and a.attnum > 0 and not a.attisdropped
  and a.attnotnull and not a.atthasdef
"""
CHECKS = "select conname from pg_constraint where conrelid = cast(:name as regclass) and contype = 'c'"
ANYTHING = {
    "uuid": "gen_random_uuid()",
    "text": "gen_random_uuid()::text",
    "integer": "1",
    "bigint": "1",
    "boolean": "false",
    "timestamp with time zone": "now()",
    "jsonb": "'{}'",
    "text[]": "'{}'",
    "integer[]": "'{}'",
    "bytea": "''",
    "double precision": "0",
}


@pytest.fixture
def administrator() -> Iterator[Connection]:
    """A superuser's transaction, rolled back at the end."""
    engine = create_engine(database.get_driver_url())
    with engine.connect() as connection:
        yield connection
        connection.rollback()
    engine.dispose()


def act_for(tx: Connection, organization: Organization | None, role: str = database.APP_ROLE) -> None:
    """From here on, raw SQL is that of the application acting for an organization."""
    database.set_organization(tx, organization.id if organization else None)
    tx.execute(text(f"set local role {role}"))


def row_of(tx: Connection, table: str, organization: Organization, import_id: str) -> str:
    """A statement that inserts a row of the organization, with whatever the table requires."""
    columns = tx.execute(text(COLUMNS), {"name": table}).all()
    values = {each.name: ANYTHING[each.type] for each in columns} | {"organization_id": f"'{organization.id}'"}
    if table == "import_row":  # Its rows lie in partitions: the import's is there.
        values |= {"import_id": f"'{import_id}'"}
    return f"insert into {table} ({', '.join(values)}) values ({', '.join(values.values())})"


def test_no_scoped_table_shows_or_takes_another_organizations_rows(run_import, organization, other, administrator):
    import_id = run_import(PEOPLE)["importId"]
    tx = administrator
    tables = list(tx.execute(text(SCOPED)).scalars())
    assert {"lead_organization", "import", "import_row", "import_change", "member", "privacy_record"} <= set(tables)
    tx.execute(text("set session_replication_role = replica"))  # Foreign keys are no matter here.
    inserts = {table: row_of(tx, table, organization, import_id) for table in tables}
    for table, insert in inserts.items():
        for check in tx.execute(text(CHECKS), {"name": table}).scalars().all():
            tx.execute(text(f"alter table {table} drop constraint {check}"))
        tx.execute(text(insert))
    for scope in (other, None):
        act_for(tx, scope)
        for table, insert in inserts.items():
            assert tx.scalar(text(f"select count(*) from {table}")) == 0, table
            for change in (f"update {table} set organization_id = organization_id", f"delete from {table}"):
                assert count_changed(tx, change) == 0, change
            assert is_refused(tx, insert), table
        tx.execute(text("reset role"))


def count_changed(tx: Connection, statement: str) -> int:
    """Rows changed; none where even the attempt is forbidden."""
    try:
        with tx.begin_nested():
            return tx.execute(text(statement)).rowcount
    except ProgrammingError as refusal:
        if "permission denied" not in str(refusal):
            raise
        return 0


def is_refused(tx: Connection, statement: str) -> bool:
    """True where row-level security, or a missing right, stops the statement."""
    try:
        with tx.begin_nested():
            tx.execute(text(statement))
    except ProgrammingError as refusal:
        return "row-level security" in str(refusal) or "permission denied" in str(refusal)
    return False


def test_every_table_is_guarded_or_known_to_need_no_guard(administrator):
    statement = """
        select c.relname, c.relrowsecurity, (select count(*) from pg_policy p where p.polrelid = c.oid) as policies
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition"""
    for table in administrator.execute(text(statement)):
        if table.relname.startswith("procrastinate_") or table.relname in UNSCOPED - {"lead", "channel_identity"}:
            continue
        assert table.relrowsecurity, table.relname
        assert table.policies, table.relname


def test_no_view_is_open_to_whoever_acts_for_an_organization(administrator):
    statement = """select relname from pg_class where relkind in ('v', 'm') and relnamespace = 'public'::regnamespace
        and has_any_column_privilege(cast(:role as name), oid, 'select')"""
    assert administrator.scalars(text(statement), {"role": database.APP_ROLE}).all() == []


@pytest.mark.parametrize("role", [database.APP_ROLE, database.PLATFORM_ROLE])
def test_roles_of_the_app_cannot_step_around_row_level_security(administrator, role):
    statement = "select rolsuper or rolbypassrls or rolcanlogin from pg_roles where rolname = :role"
    assert administrator.scalar(text(statement), {"role": role}) is False
    statement = "select count(*) from pg_class where relowner = cast(:role as regrole) and relpersistence <> 't'"
    assert administrator.scalar(text(statement), {"role": role}) == 0


def test_partition_of_an_import_cannot_be_read_around_its_parent(run_import, organization):
    partition = f"import_row_{UUID(run_import(PEOPLE)['importId']).hex}"
    with database.transaction(organization.id) as tx:
        assert tx.scalar(text("select count(*) from import_row")) == 4
        assert is_refused(tx, f"select 1 from {partition}")
        assert is_refused(tx, f"delete from {partition}")


def test_staged_rows_of_others_cannot_be_dropped_or_opened(run_import, other):
    import_id = run_import(PEOPLE)["importId"]
    with database.transaction(other.id) as tx:
        for function in ("open_staging", "seal_staging", "close_staging", "drop_staging"):
            with pytest.raises(DBAPIError, match="another organization's import"), tx.begin_nested():
                tx.execute(text(f"select {function}(cast(:id as uuid))"), {"id": import_id})


def test_organizations_and_people_are_seen_by_those_they_belong_to(run_import, organization, other):
    run_import(PEOPLE)
    with database.transaction(other.id) as tx:
        assert tx.scalars(text("select slug from organization")).all() == [other.slug]
        assert tx.scalar(text("select count(*) from lead")) == 0
        assert tx.scalar(text("select count(*) from channel_identity")) == 0
    with database.transaction(organization.id) as tx:
        assert tx.scalar(text("select count(*) from lead")) == 2


@pytest.mark.parametrize("column", ["name", "email", "phone", "created_at", "updated_at"])
def test_profile_that_others_may_have_given_cannot_be_read(organization, column):
    with database.transaction(organization.id) as tx:
        assert is_refused(tx, f"select {column} from lead")


def test_connection_is_the_plain_apps_from_its_start_and_compiles_no_queries() -> None:
    with database.transaction() as tx:
        assert tx.scalar(text("select current_user")) == database.APP_ROLE
        assert tx.execute(text("select setting, source from pg_settings where name = 'jit'")).one() == (
            "off",
            "session",
        )
