"""Pieces of whole flows that several tests share: files, undo in this thread, and what the store holds."""

from typing import Any
from uuid import UUID

from sqlalchemy import text

from lead_store import imports
from lead_store.access import Organization
from lead_store.storage import database

HEADER = "Nome,Telefone,E-mail,Cidade\n"
ANA = "Ana Lima,(11) 98765-4321,ana@example.org,Campinas\n"
PEOPLE = HEADER + ANA + "Bia Reis,(21) 99876-5432,,\nANA LIMA,+55 11 98765-4321,,\nCaio,123,caio@example.org,\n"

EVERY_LEAD = "select id, name, email, phone, created_at, updated_at from lead order by id"
EVERY_IDENTITY = "select * from channel_identity order by channel, channel_identifier"
EVERY_LINK = "select * from lead_organization order by lead_id"


def file_with(phone: str, name: str = "Ana Lima", email: str = "ana@private.example") -> str:
    """A person in two rows, another one, and a row that cannot be used."""
    others = f"Bia Reis,+5521998765432,,\n{name},{phone},,\nCaio,123,caio@example.org,\n"
    return f"{HEADER}{name},{phone},{email},Campinas\n{others}"


def get_run(organization: Organization, import_id: str) -> imports.Import:
    """The import as it is now."""
    with database.transaction(organization.id) as tx:
        return imports.get_import(tx, UUID(import_id))


def undo(organization: Organization, import_id: Any) -> dict[str, Any]:
    """Take an import back, batch by batch, as the jobs do; what it did."""
    run_id = UUID(str(import_id))
    with database.transaction(organization.id) as tx:
        imports.undo(tx, run_id, "test")
    with database.transaction(organization.id) as tx:
        imports.begin_undo(tx, run_id)
    while True:
        with database.transaction(organization.id) as tx:
            if not imports.undo_next_batch(tx, run_id):
                break
    with database.transaction(organization.id) as tx:
        assert imports.finish_undo(tx, run_id)
        return imports.describe_undo(tx, run_id)


def get_store(*organizations: Organization) -> dict[str, list[Any]]:
    """All leads and identities, and the links of the organizations, with ids and times."""
    links = []
    for organization in organizations:
        with database.transaction(organization.id) as tx:
            links += [tuple(row) for row in tx.execute(text(EVERY_LINK))]
    with database.transaction() as tx, database.platform_role(tx):
        leads = [tuple(row) for row in tx.execute(text(EVERY_LEAD))]
        identities = [tuple(row) for row in tx.execute(text(EVERY_IDENTITY))]
    return {"lead": leads, "channel_identity": identities, "lead_organization": links}


def run_sql(organization: Organization, statement: str, **values: Any) -> list[Any]:
    """One statement for the organization, as a person's edit outside of imports would do it."""
    with database.transaction(organization.id) as tx, database.platform_role(tx):
        result = tx.execute(text(statement), values)
        return list(result) if result.returns_rows else []
