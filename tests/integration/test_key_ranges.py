"""A large file is matched in ranges of keys, by several jobs; the review is that of one that is matched whole."""

import io

import pytest
from sqlalchemy import text

from lead_store import imports
from lead_store.settings import get_settings
from lead_store.storage import database, embedded, facts, queue

ROWS = 600
HEADER = "Nome,Telefone,E-mail,Etiquetas,Cidade"
FACTS = (
    "row_number, identifier, name, email, tags, attributes, blocking, problems, is_folded, is_other_person, is_known,"
    " is_linked, fills, changes"
)


def people(rows: int = ROWS) -> str:
    """Every seventh is the person before, every eleventh has that number under another name, some have none."""
    lines = [HEADER]
    for number in range(rows):
        person = number - 1 if number % 7 == 6 else number
        name = f"Outra Gente {number}" if number % 11 == 10 else f"Pessoa {person}"
        phone = f"119{(person - (number % 11 == 10)) * 7919 % 99_999_999:08d}" if number % 50 else "sem"
        lines.append(f"{name},{phone},p{person}@example.org,vip;x{number % 3},Campinas")
    return "\n".join(lines)


@pytest.fixture
def small_batches(set_rows_per_batch):
    set_rows_per_batch(20)


@pytest.fixture
def stage(organization):
    """A file whose rows are staged, and the ranges in which they are to be matched."""

    def stage(content: str):
        with database.transaction(organization.id) as tx:
            run = imports.receive(tx, organization, "people.csv", io.BytesIO(content.encode()), "test")
            imports.map_columns(
                tx, run.id, imports.get_mapping(run), "test", region="BR", channel="whatsapp", on_existing="update"
            )
            imports.prepare(tx, run.id, "test")
        with database.transaction(organization.id) as tx:
            run = imports.stage(tx, run.id)
            if run.status == "in_review":
                return run, []
            return run, facts.split(tx, run.id, run.rows_read, get_settings().rows_per_batch)

    return stage


def match(organization, run, key_range) -> None:
    with database.transaction(organization.id) as tx:
        imports.match(tx, run.id, run.reviewed_at, key_range)


def finish(organization, run):
    with database.transaction(organization.id) as tx:
        return imports.finish_review(tx, run.id)


def read_rows(organization, import_id) -> list[tuple]:
    statement = f"select {FACTS} from import_row where import_id = :id order by row_number"
    with database.transaction(organization.id) as tx:
        return [tuple(row) for row in tx.execute(text(statement), {"id": import_id})]


def count_jobs(organization, run, task: str) -> int:
    statement = "select count(*) from procrastinate_jobs where task_name = :task and args ->> 'import_id' = :id"
    with database.transaction(organization.id) as tx:
        return tx.scalar(text(statement), {"task": f"{queue.NAMESPACE}:{task}", "id": str(run.id)})


def test_ranges_find_the_facts_that_are_found_at_once(organization, run_import, stage, small_batches, monkeypatch):
    run_import("\n".join(people().splitlines()[:200]))
    run, ranges = stage(people())
    assert len(ranges) > 3
    for key_range in reversed(ranges):
        assert finish(organization, run) is None
        match(organization, run, key_range)
    reviewed = finish(organization, run)
    assert reviewed.status == "in_review"
    monkeypatch.setattr(facts, "BATCHES_PER_RANGE", ROWS)
    whole, _ = stage(people())
    assert whole.status == "in_review"
    assert read_rows(organization, run.id) == read_rows(organization, whole.id)
    with database.transaction(organization.id) as tx:
        assert imports.get_ledger(tx, reviewed) == imports.get_ledger(tx, whole)
        assert reviewed.review["shared"] == whole.review["shared"]


def test_batches_of_ranges_are_numbered_in_a_row_and_lie_in_the_order_of_keys(organization, stage, small_batches):
    run, ranges = stage(people())
    for key_range in ranges:
        match(organization, run, key_range)
    finish(organization, run)
    with database.transaction(organization.id) as tx:
        batches = imports.search_batches(tx, run.id)
        assert [batch["batch_number"] for batch in batches] == list(range(len(batches)))
        assert max(batch["rows"] for batch in batches[:-1]) <= 20 + 3
        statement = """select batch_number, least(identifier, variant) as key from import_row
            where import_id = :id and blocking is null order by key"""
        numbers = [row.batch_number for row in tx.execute(text(statement), {"id": run.id})]
        assert numbers == sorted(numbers)


def test_range_that_is_matched_again_adds_nothing(organization, stage, small_batches):
    run, ranges = stage(people())
    for key_range in [*ranges, *ranges]:
        match(organization, run, key_range)
    finish(organization, run)
    assert len(read_rows(organization, run.id)) == ROWS


def test_job_of_an_earlier_staging_does_nothing(organization, stage, small_batches):
    earlier, ranges = stage(people())
    with database.transaction(organization.id) as tx:
        run = imports.stage(tx, earlier.id)
    match(organization, earlier, ranges[0])
    with database.transaction(organization.id) as tx:
        assert facts.count_matched(tx, run.id) == 0


def test_rows_that_a_crash_of_the_database_emptied_are_read_again(home, organization, stage, small_batches):
    run, ranges = stage(people())
    embedded.restart(home)
    match(organization, run, ranges[0])
    match(organization, run, ranges[1])
    # Asked for by the person, and then by one of the two who found nothing.
    assert count_jobs(organization, run, "stage_import") == 2
    with database.transaction(organization.id) as tx:
        run = imports.stage(tx, run.id)
        assert facts.split(tx, run.id, run.rows_read, 20) == ranges


def test_file_of_one_number_is_one_range(organization, stage, small_batches):
    run, _ = stage("\n".join([HEADER, *[f"Ana,11987654321,a{n}@example.org,," for n in range(300)]]))
    assert run.status == "in_review"


def test_copied_rows_are_not_seen_by_another_organization(organization, other, stage, small_batches):
    run, _ = stage(people())
    for table in (f"import_intake_{run.id.hex}", f"import_row_{run.id.hex}"):
        with database.transaction(other.id) as tx:
            assert tx.scalar(text(f"select count(*) from {table}")) == 0
    with database.transaction(organization.id) as tx:
        assert tx.scalar(text(f"select count(*) from import_intake_{run.id.hex}")) == ROWS
