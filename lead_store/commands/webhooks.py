"""Webhooks of an organization, from the command line."""

from typing import Annotated

import typer

from lead_store.commands.api_keys import WHO, OrganizationSlug, acting_for

app = typer.Typer(no_args_is_help=True, help="Addresses that are told when imports end, and how they verify it.")


@app.command("create")
def create_webhook(url: str, organization: OrganizationSlug) -> None:
    """Tell an address of completed imports from now on."""
    from lead_store import webhooks

    with acting_for(organization) as tx:
        webhooks.create_webhook(tx, url, WHO)
    typer.echo("Messages go there from now on. Verify them with: webhook secret", err=True)


@app.command("list")
def list_webhooks(organization: OrganizationSlug) -> None:
    """Show the addresses that are told, and the last messages."""
    from lead_store import webhooks

    with acting_for(organization) as tx:
        for hook in webhooks.search_webhooks(tx):
            typer.echo(f"{hook.id}\t{hook.url}\t{', '.join(hook.event_types)}")
        for delivery in webhooks.search_deliveries(tx, limit=20):
            tried = f"{delivery.attempts} attempts"
            typer.echo(f"{delivery.created_at:%Y-%m-%d %H:%M}\t{delivery.status}\t{tried}\t{delivery.url}")


@app.command("delete")
def delete_webhook(url: str, organization: OrganizationSlug) -> None:
    """Tell an address nothing more."""
    from lead_store import webhooks

    with acting_for(organization) as tx:
        for hook in webhooks.search_webhooks(tx):
            if hook.url == url:
                webhooks.delete_webhook(tx, hook.id)


@app.command("secret")
def show_secret(
    organization: OrganizationSlug,
    rotate: Annotated[bool, typer.Option("--rotate", help="Make a new one; the old one signs for a day more.")] = False,
) -> None:
    """Print what the organization's messages are signed with, newest first."""
    from lead_store import webhooks

    with acting_for(organization) as tx:
        for one in webhooks.rotate_secret(tx) if rotate else webhooks.get_secrets(tx):
            ends = f"  until {one.expires_at:%Y-%m-%d %H:%M}" if one.expires_at else ""
            typer.echo(f"{one.secret}{ends}")
