"""Members from the command line: how the first owner of an organization comes in."""

from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Members of an organization.")

Organization = Annotated[str, typer.Option(help="Short name of the organization.")]


@app.command("add")
def add_member(
    email: str,
    organization: Organization,
    role: Annotated[str, typer.Option(help="owner, importer or viewer.")] = "owner",
) -> None:
    """Let the person with this address in, from their next sign-in on."""
    from lead_store import access
    from lead_store.storage.database import transaction

    if role not in list(access.Role):
        raise typer.BadParameter("use owner, importer or viewer", param_hint="--role")
    with transaction() as tx:
        found = access.get_organization(tx, organization)
    with transaction(found.id) as tx:
        member = access.add_member(tx, found, email, access.Role(role), "command line")
    typer.echo(f"{member.email}\t{member.role}")


@app.command("list")
def list_members(organization: Organization) -> None:
    """Show the members, and who is invited."""
    from lead_store import access
    from lead_store.storage.database import transaction

    with transaction() as tx:
        found = access.get_organization(tx, organization)
    with transaction(found.id) as tx:
        for each in access.search_members(tx):
            typer.echo(f"{each.email}\t{each.role}\t{'joined' if each.joined_at else 'invited'}")
