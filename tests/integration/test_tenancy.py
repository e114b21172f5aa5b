"""Nobody else's data: row-level security as the second wall, with the application's own checks left out.

Raw SQL runs as the application's role with another organization's scope; it must see and change nothing.
"""

import io
import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from lead_store import access, imports, jobs, leads
from lead_store.access import Organization
from lead_store.errors import NotFound
from lead_store.storage import database

HEADER = "Nome,Telefone,E-mail,Cidade\n"
ANA = "Ana Lima,(11) 98765-4321,ana@example.org,Campinas\n"
PEOPLE = HEADER + ANA + "Bia Reis,(21) 99876-5432,,\nANA LIMA,+55 11 98765-4321,,\nCaio,123,caio@example.org,\n"

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
def other() -> Organization:
    """Another tenant."""
    with database.transaction() as tx:
        return access.create_organization(tx, f"other-{uuid4().hex[:12]}", "Other", "BR")


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
        for function in ("open_staging", "analyze_intake", "close_staging", "drop_staging"):
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


USES: dict[str, Callable[[Connection, UUID], Any]] = {
    "get": imports.get_import,
    "prepare": lambda tx, key: imports.prepare(tx, key, "eve"),
    "start": lambda tx, key: imports.start(tx, key, "eve"),
    "pause": lambda tx, key: imports.pause(tx, key, "eve"),
    "resume": lambda tx, key: imports.resume(tx, key, "eve"),
    "cancel": lambda tx, key: imports.cancel(tx, key, "eve"),
    "undo": lambda tx, key: imports.undo(tx, key, "eve"),
    "read differently": lambda tx, key: imports.change_reading(tx, key, {"encoding": "cp1252"}, "eve"),
    "stage": imports.stage,
    "run": imports.run_next_batch,
    "finish": imports.finish,
}


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_import_of_others_and_no_import_get_the_same_answer(run_import, other, use):
    theirs = UUID(run_import(PEOPLE)["importId"])
    answers = []
    for import_id in (theirs, uuid4()):
        with database.transaction(other.id) as tx, pytest.raises(NotFound) as refusal:
            use(tx, import_id)
        answers.append((refusal.value.code, refusal.value.detail))
    assert answers[0] == answers[1]


def test_rows_groups_batches_and_history_of_others_are_empty(run_import, organization, other):
    import_id = UUID(run_import(PEOPLE)["importId"])
    with database.transaction(organization.id) as tx:
        run = imports.get_import(tx, import_id)
    with database.transaction(other.id) as tx:
        assert imports.search_rows(tx, run, bucket=None) == []
        assert imports.search_group_rows(tx, run, [1]) == []
        assert imports.search_batches(tx, import_id) == []
        assert imports.search_history(tx, import_id) == []
        assert imports.count_imports(tx) == 0


@pytest.mark.parametrize("task", [jobs.stage_import, jobs.import_batch])
def test_job_with_another_organizations_import_changes_nothing(run_import, organization, other, task):
    import_id = UUID(run_import(PEOPLE, is_dry_run=True)["importId"])
    with database.transaction(organization.id) as tx:
        before = imports.get_import(tx, import_id)
    task.func(LastAttempt(), str(import_id), str(other.id))
    with database.transaction(organization.id) as tx:
        assert imports.get_import(tx, import_id) == before


class LastAttempt:
    """What a task is told of its job: it will not be tried again."""

    class job:  # noqa: N801 - as procrastinate spells it.
        attempts = 99


def test_lead_of_others_and_no_lead_get_the_same_answer(run_import, organization, other):
    run_import(PEOPLE)
    with database.transaction(organization.id) as tx:
        theirs = tx.scalar(text("select lead_id from lead_organization limit 1"))
    answers = []
    for lead_id in (theirs, uuid4()):
        with database.transaction(other.id) as tx, pytest.raises(NotFound) as refusal:
            leads.get_lead(tx, lead_id)
        answers.append(refusal.value.detail)
    assert answers[0] == answers[1]


# What is known elsewhere: the same file imported by two tenants, to one of whom everybody is new while the people
# are known on the platform, to the other while nobody ever heard of them. All that either is told must be the same.


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """The SQL statements that are run, one after the other."""
    seen: list[str] = []

    def note(connection, cursor, statement, parameters, context, executemany):
        seen.append(" ".join(statement.split()))

    event.listen(database.get_engine(), "before_cursor_execute", note)
    yield seen
    event.remove(database.get_engine(), "before_cursor_execute", note)


def import_for_strangers(run_import, other: Organization, content: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What a tenant to whom all are new is told: the import object, and each row as the pages show it."""
    outcome = run_import(content, organization=other)
    import_id = UUID(outcome["importId"])
    with database.transaction(other.id) as tx:
        rows = imports.search_rows(tx, imports.get_import(tx, import_id), bucket=None)
        history = [(each["what"], each["details"]) for each in imports.search_history(tx, import_id)]
        people = sorted(leads.search_leads(tx, "", after=None, limit=50), key=lambda each: str(each.name))
        identities = [leads.search_identities(tx, each.lead_id) for each in people]
    told = {name: value for name, value in outcome.items() if name not in ("importId", "seconds", "rejectedRows")}
    shown = [{name: value for name, value in row.items() if name != "lead_id"} for row in rows]
    own = [(each.name, each.email, each.phone, each.attributes, each.opted_out_at) for each in people]
    return {**told, "history": history, "own": own, "identities": identities}, shown


def about(first: str, second: str) -> str:
    """A file of four rows about two people with these phones (national digits)."""
    return PEOPLE.replace("(11) 98765-4321", first).replace("(21) 99876-5432", second).replace(
        "+55 11 98765-4321", f"+55 {first}"
    )  # fmt: skip


def new_phone() -> str:
    """A Brazilian mobile that no other test uses."""
    return f"119{uuid4().int % 10**8:08}"


def phones_alike(value: Any, first: str, second: str) -> str:
    """What was told, with the phones of all files written alike."""
    return str(value).replace(first, "FIRST").replace(second, "SECOND")


def test_nothing_tells_that_a_person_is_known_elsewhere(run_import, organization, other, statements):
    known, new = (new_phone(), new_phone()), (new_phone(), new_phone())
    run_import(f"{HEADER}Ana L.,{known[0]},ana@private.example,Recife\nBia R.,{known[1]},bia@private.example,\n")
    with database.transaction() as tx:
        third = access.create_organization(tx, f"third-{uuid4().hex[:12]}", "Third", "BR")
    told = {}
    for tenant, phones in ((other, known), (third, new)):
        del statements[:]
        run_import(about(*phones), organization=tenant, is_dry_run=True)
        # The review does the same work: what differs in time is what the same statements take.
        told[tenant.slug] = [re.sub(r"[0-9a-f]{32}", "ID", statement) for statement in statements]
        outcome, rows = import_for_strangers(run_import, tenant, about(*phones))
        assert outcome["ledger"] == {
            "read": 4, "created": 2, "updated": 0, "unchanged": 0, "merged": 1, "skipped": 0, "rejected": 1
        }  # fmt: skip
        told[tenant.slug] += [phones_alike(outcome, *phones), phones_alike(rows, *phones)]
    assert told[other.slug] == told[third.slug]


def test_import_for_one_changes_nothing_of_another(run_import, organization, other):
    run_import(HEADER + ANA)
    with database.transaction(organization.id) as tx:
        before = tx.execute(text("select * from lead_organization")).all()
    run_import(HEADER + "Outra Pessoa,(11) 98765-4321,outra@example.org,Belém\n", organization=other)
    with database.transaction(organization.id) as tx:
        assert tx.execute(text("select * from lead_organization")).all() == before


def test_before_images_of_the_shared_profile_stay_hidden(run_import, organization, other):
    phone = new_phone()
    run_import(f"{HEADER}Ana Lima,{phone},,\n")
    run_import(f"{HEADER}Ana Lima,{phone},ana@example.org,\n", organization=other)
    with database.transaction(other.id) as tx:
        assert tx.scalars(text("select target from import_change")).all() == []
        with database.platform_role(tx):
            assert tx.scalars(text("select target from import_change")).all() == ["lead"]


@pytest.mark.parametrize(
    "name",
    [
        "../../other/people.csv",
        "..\\..\\other\\people.csv",
        'people"\r\nSet-Cookie: a=b; x=".csv',
        "/etc/passwd.csv",
        "\x00.csv",
        "." * 300 + ".csv",
    ],
)
def test_file_name_leads_to_no_other_place_and_into_no_header(organization, name):
    with database.transaction(organization.id) as tx:
        run = imports.receive(tx, organization, name, io.BytesIO(PEOPLE.encode()), "eve")
    assert re.fullmatch(rf"\w+/{organization.id}/{run.id}/[\w.()-]+", run.object_key)
    assert ".." not in run.object_key.split("/")
    assert run.file_name.isprintable()
