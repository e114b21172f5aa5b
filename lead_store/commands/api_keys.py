"""Keys of programs for the HTTP API, from the command line."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from sqlalchemy import Connection

app = typer.Typer(no_args_is_help=True, help="Keys of programs for the HTTP API.")

WHO = "command line"
OrganizationSlug = Annotated[str, typer.Option("--organization", help="Short name of the organization.")]


@app.command("create")
def create_api_key(
    organization: OrganizationSlug,
    name: Annotated[str, typer.Option(help="Which program uses it.")],
    scope: Annotated[list[str] | None, typer.Option(help="What it may use, may be repeated; default: all.")] = None,
    expires_in_days: Annotated[int | None, typer.Option(help="After so many days it ends; default: never.")] = None,
) -> None:
    """Create a key; it is printed once, and kept nowhere."""
    from lead_store import api_keys

    with acting_for(organization) as tx:
        scopes = scope or api_keys.SCOPES
        _, text = api_keys.create_api_key(tx, name, WHO, scopes=scopes, expires_in_days=expires_in_days)
    typer.echo(text)


@app.command("list")
def list_api_keys(organization: OrganizationSlug) -> None:
    """Show the keys of an organization by their prefix, with their last use."""
    from lead_store import api_keys

    with acting_for(organization) as tx:
        for key in api_keys.search_api_keys(tx):
            used = f"used {key.last_used_at:%Y-%m-%d %H:%M}" if key.last_used_at else "never used"
            state = "revoked" if key.revoked_at else used
            typer.echo(f"{key.prefix}\t{key.name}\t{', '.join(key.scopes)}\t{state}")


@app.command("revoke")
def revoke_api_key(prefix: str, organization: OrganizationSlug) -> None:
    """End a key for good."""
    from lead_store import api_keys

    with acting_for(organization) as tx:
        api_keys.revoke_api_key(tx, api_keys.get_api_key(tx, prefix).id)
    typer.echo("The key is revoked.", err=True)


@contextmanager
def acting_for(organization: str) -> Iterator[Connection]:
    """A transaction for the organization with this short name."""
    from lead_store import access
    from lead_store.storage.database import transaction

    with transaction() as tx:
        tenant = access.get_organization(tx, organization)
    with transaction(tenant.id) as tx:
        yield tx
