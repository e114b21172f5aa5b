"""Retention: what is left of imports that were left alone, on a real PostgreSQL with real files."""

import asyncio
import io
import json
from uuid import UUID

import pytest
from sqlalchemy import text

from lead_store import imports, jobs, privacy, worker
from lead_store.access import Organization
from lead_store.errors import Conflict, Invalid, NotFound
from lead_store.storage import database, queue
from lead_store.storage.files import get_files
from tests.integration.flows import file_with, get_run


def age(organization: Organization, days: int) -> None:
    """Let all of the organization's imports have been left alone for so long."""
    with database.transaction(organization.id) as tx:
        tx.execute(text("update import set updated_at = now() - make_interval(days => :days)"), {"days": days})


def test_old_import_loses_its_file_and_rows_and_keeps_its_ledger(run_import, organization, phone):
    outcome = run_import(file_with(phone))
    run = get_run(organization, outcome["importId"])
    age(organization, 31)
    with database.transaction(organization.id) as tx:
        assert privacy.remove_expired(tx, organization) == 1
    after = get_run(organization, outcome["importId"])
    assert (after.status, after.removed_at is not None) == ("imported", True)
    assert get_files().find_size(run.object_key) is None
    with database.transaction(organization.id) as tx:
        assert imports.describe(tx, after)["ledger"] == outcome["ledger"]
        assert tx.scalar(text("select count(*) from import_row")) == 0
        assert tx.scalar(text("select count(*) from lead_organization")) == 2
        [record] = privacy.search_records(tx)
    assert (record["what"], record["reference"], record["counts"]) == (
        "removed by retention",
        after.id,
        {"rows": 4, "files": 1},
    )
    assert "Ana Lima" not in json.dumps(after.inspection, ensure_ascii=False)
    with database.transaction(organization.id) as tx:
        assert privacy.remove_expired(tx, organization) == 0


def test_import_without_rows_says_so_instead_of_an_empty_file_or_undo(run_import, organization, phone):
    import_id = UUID(run_import(file_with(phone))["importId"])
    age(organization, 31)
    with database.transaction(organization.id) as tx:
        privacy.remove_expired(tx, organization)
    with database.transaction(organization.id) as tx:
        run = imports.get_import(tx, import_id)
        with pytest.raises(NotFound, check=lambda error: error.code == "rows_removed"):
            imports.write_rejected_rows(tx, run, io.StringIO())
        with pytest.raises(Conflict, check=lambda error: error.code == "rows_removed"):
            imports.undo(tx, import_id, "test")


def test_young_import_stays_whole(run_import, organization, phone):
    run_import(file_with(phone))
    age(organization, 29)
    with database.transaction(organization.id) as tx:
        assert privacy.remove_expired(tx, organization) == 0


def test_import_that_waits_too_long_is_cancelled_and_removed(run_import, organization, phone):
    import_id = run_import(file_with(phone), is_dry_run=True)["importId"]
    age(organization, 31)
    with database.transaction(organization.id) as tx:
        assert privacy.remove_expired(tx, organization) == 1
    assert get_run(organization, import_id).status == "cancelled"


def test_running_import_is_never_touched(run_import, organization, phone):
    import_id = run_import(file_with(phone), is_dry_run=True)["importId"]
    with database.transaction(organization.id) as tx:
        imports.start(tx, UUID(import_id), "test")
    age(organization, 1000)
    with database.transaction(organization.id) as tx:
        assert privacy.remove_expired(tx, organization) == 0


def test_each_organization_decides_how_long(run_import, organization, other, phone):
    for tenant, days in ((organization, 7), (other, 90)):
        run_import(file_with(phone), organization=tenant)
        with database.transaction(tenant.id) as tx:
            privacy.set_retention_days(tx, days)
        age(tenant, 31)
    jobs.apply_retention.func(0)
    with database.transaction(organization.id) as tx:
        assert tx.scalar(text("select count(*) from import where removed_at is not null")) == 1
    with database.transaction(other.id) as tx:
        assert tx.scalar(text("select count(*) from import where removed_at is not null")) == 0


@pytest.mark.parametrize("days", [0, -1, 731])
def test_retention_has_limits(tx, days):
    with pytest.raises(Invalid):
        privacy.set_retention_days(tx, days)


def test_each_worker_calls_for_the_retention_job():
    async def find_periodic_tasks() -> list[str]:
        async with worker.open_app() as app:
            return [each.task.name for each in app.periodic_registry.periodic_tasks.values()]

    assert f"{queue.NAMESPACE}:apply_retention" in asyncio.run(find_periodic_tasks())
