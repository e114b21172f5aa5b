"""One person's data in all organizations, exported or erased by the operator of the platform."""

import json
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="One person's data in all organizations.")

WHO = "operator"
Identifier = Annotated[str, typer.Argument(help="Phone in E.164, such as +5511987654321, or e-mail address.")]


@app.command("export")
def export_person(identifier: Identifier) -> None:
    """Print all that any organization stored of the person, as one JSON object."""
    from lead_store import privacy
    from lead_store.storage.database import transaction

    with transaction() as tx:
        people = [privacy.export_everywhere(tx, lead_id, WHO) for lead_id in privacy.find_people(tx, identifier)]
    typer.echo(json.dumps({"identifier": identifier, "people": people}, ensure_ascii=False))


@app.command("erase")
def erase_person(
    identifier: Identifier,
    is_sure: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase the person from all organizations, and the files in which they stand. Nobody can bring it back."""
    from lead_store import privacy
    from lead_store.storage.database import transaction

    with transaction() as tx:
        people = privacy.find_people(tx, identifier)
        if not is_sure:
            typer.confirm(f"Erase {identifier} from all organizations?", abort=True, err=True)
        for lead_id in people:
            counts = privacy.erase_everywhere(tx, lead_id, WHO)
            typer.echo(", ".join(f"{name} {count:,}" for name, count in counts.items()) or "nothing was stored")
