"""Dispatches: only after the import, only with the file's own columns, to a frozen audience without opt-outs."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from lead_store import access, dispatches, leads
from lead_store.errors import Conflict, Invalid, NotFound
from lead_store.storage.database import transaction
from lead_store.storage.files import get_files

PEOPLE = """Nome;Telefone;Cidade;Descadastrado
Ana Souza;+5511987654321;Campinas;
Bia Lima;+5511987654322;;
Caio Reis;+5511987654323;Santos;sim
Davi;123;Santos;
Ana Souza;+5511987654321;Campinas;
"""
RunImport = Callable[..., dict[str, Any]]


@pytest.fixture
def import_id(run_import: RunImport) -> UUID:
    done = run_import(PEOPLE, columns={"Descadastrado": "opted_out"})
    return UUID(done["importId"])


def make(organization: access.Organization, import_id: UUID, body: str, **more: Any) -> dispatches.Dispatch:
    with transaction(organization.id) as tx:
        draft = dispatches.Draft(import_id, more.pop("channel", "whatsapp"), body, **more)
        return dispatches.create_dispatch(tx, draft, "test")


def hand_over(organization: access.Organization, dispatch: dispatches.Dispatch) -> dict[str, Any]:
    while True:
        with transaction(organization.id) as tx:
            if not dispatches.hand_over_next(tx, dispatch.id):
                return dispatches.describe(tx, dispatches.get_dispatch(tx, dispatch.id))


def read_messages(organization: access.Organization, dispatch: dispatches.Dispatch) -> list[dict[str, Any]]:
    with get_files().open(f"dispatches/{organization.id}/{dispatch.id}-00000.jsonl") as file:
        return [json.loads(line) for line in file]


def test_each_accepted_person_gets_one_message_with_their_own_columns(organization, import_id) -> None:
    dispatch = make(organization, import_id, 'Olá {{ first_name }} de {{ column["CIDADE"] }}!')
    done = hand_over(organization, dispatch)
    assert done["status"] == "handed_over"
    assert done["audience"] == {"accepted": 1, "optedOut": 1, "missingVariable": 1, "total": 3}
    assert done["handedOver"] == 1
    (message,) = read_messages(organization, dispatch)
    assert message["text"] == "Olá Ana de Campinas!"
    assert message["channelIdentifier"] == "+5511987654321"


def test_whom_it_goes_to_is_known_before_it_is_sent(organization, import_id) -> None:
    draft = dispatches.Draft(import_id, "whatsapp", "{{ cidade }}")
    with transaction(organization.id) as tx:
        assert dispatches.preview_audience(tx, draft) == {"accepted": 1, "opted_out": 1, "missing_variable": 1}
        assert dispatches.preview_audience(tx, draft)["accepted"] == 1
        assert dispatches.search_dispatches(tx, limit=10) == []


def test_variable_with_a_default_keeps_nobody_out(organization, import_id) -> None:
    dispatch = make(organization, import_id, "{{ nome }}: {{ cidade | default('Brasil') }}")
    assert (dispatch.accepted, dispatch.missing_variable) == (2, 0)
    hand_over(organization, dispatch)
    texts = {message["text"] for message in read_messages(organization, dispatch)}
    assert texts == {"Ana Souza: Campinas", "Bia Lima: Brasil"}


def test_what_stands_in_a_cell_is_never_run_as_a_template(organization, run_import) -> None:
    done = run_import("Nome,Telefone\n{{ 7 * 7 }},+5511987654321\n")
    dispatch = make(organization, UUID(done["importId"]), "{{ name }}")
    hand_over(organization, dispatch)
    assert read_messages(organization, dispatch)[0]["text"] == "{{ 7 * 7 }}"


def test_who_opts_out_before_the_handing_over_is_left_out(organization, import_id) -> None:
    dispatch = make(organization, import_id, "Olá {{ name }}")
    with transaction(organization.id) as tx:
        leads.resolve_or_create(tx, [leads.Person("whatsapp", "+5511987654322", opted_out=True)], "BR")
    done = hand_over(organization, dispatch)
    assert (done["audience"]["accepted"], done["handedOver"], done["optedOutSince"]) == (2, 1, 1)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("Olá {{ apelido }}", "template_variable_unknown"),
        ("Olá {{ email }}", "template_variable_unknown"),  # Nobody's e-mail is in this file.
        ("Olá {{ name", "template_invalid"),
        ("{% for i in name %}{% endfor %}", "template_invalid"),
        ("{{ name.__class__ }}", "template_invalid"),
        ("   ", "template_invalid"),
    ],
)
def test_message_that_cannot_be_made_is_refused(organization, import_id, body: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        make(organization, import_id, body)
    assert refused.value.code == code


def test_dispatch_waits_for_the_import(organization, run_import) -> None:
    reviewed = run_import(PEOPLE, is_dry_run=True)
    with pytest.raises(Conflict) as refused:
        make(organization, UUID(reviewed["importId"]), "Olá")
    assert refused.value.code == "import_not_finished"


def test_dispatch_on_another_channel_is_refused(organization, import_id) -> None:
    with pytest.raises(Invalid):
        make(organization, import_id, "Olá", channel="email")


def test_import_of_another_organization_is_not_found(import_id) -> None:
    with transaction() as tx:
        other = access.create_organization(tx, f"other-{import_id.hex[:12]}", "Other")
    with pytest.raises(NotFound):
        make(other, import_id, "Olá")


def test_same_idempotency_key_makes_one_dispatch(organization, import_id) -> None:
    draft = dispatches.Draft(import_id, "whatsapp", "Olá {{ name }}")
    made = set()
    for _ in range(2):
        with transaction(organization.id) as tx:
            made.add(dispatches.create_dispatch(tx, draft, "test", "key-1").id)
    assert len(made) == 1
    other = dispatches.Draft(import_id, "whatsapp", "Tchau {{ name }}")
    with transaction(organization.id) as tx, pytest.raises(Invalid) as refused:
        dispatches.create_dispatch(tx, other, "test", "key-1")
    assert refused.value.code == "idempotency_key_reused"
