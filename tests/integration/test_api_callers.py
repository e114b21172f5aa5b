"""Who may call: keys, their scopes and allowances, and what strangers are told."""

from uuid import uuid4

import httpx
import pytest

from lead_store import access, api_keys
from lead_store.settings import get_settings
from lead_store.storage.database import transaction
from tests.integration.api_server import PEOPLE, code_of, make_client


@pytest.mark.parametrize("authorization", [None, "Bearer nonsense", "Bearer lsk_000000000000_x", "Basic Zm9v"])
def test_caller_without_a_valid_key_is_told_nothing(address, organization, authorization: str | None) -> None:
    headers = {"Authorization": authorization} if authorization else {}
    answer = httpx.post(f"{address}/organizations/{organization.slug}/leads/resolve-batch", json=[], headers=headers)
    assert code_of(answer) == (401, "unauthenticated")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_revoked_key_is_not_valid_any_more(address, organization) -> None:
    with make_client(address, organization) as client:
        assert client.post("/leads/resolve-batch", json=[]).status_code == 200
        with transaction(organization.id) as tx:
            (key,) = api_keys.search_api_keys(tx)
            assert key.last_used_at is not None
            api_keys.revoke_api_key(tx, key.id)
        assert code_of(client.post("/leads/resolve-batch", json=[])) == (401, "unauthenticated")


def test_key_of_another_organization_gets_the_same_answer_as_for_no_organization(client, address) -> None:
    with transaction() as tx:
        other = access.create_organization(tx, f"other-{uuid4().hex[:12]}", "Other")
    answers = [
        client.post(f"{address}/organizations/{name}/leads/resolve-batch", json=[])
        for name in (other.slug, str(other.id), "nobody")
    ]
    assert {code_of(answer) for answer in answers} == {(404, "organization_not_found")}
    assert len({answer.json()["detail"] for answer in answers}) == 1


def test_import_of_another_organization_is_not_found(client, address, upload) -> None:
    job_id = client.post("/leads/import", json={"s3Key": upload(PEOPLE)}).json()["jobId"]
    with transaction() as tx:
        other = access.create_organization(tx, f"other-{uuid4().hex[:12]}", "Other")
    with make_client(address, other) as stranger:
        path = f"/leads/import/{job_id}"
        answers = [stranger.get(path), stranger.get(f"{path}/rejected-rows")]
        answers += [stranger.post(f"{path}/{verb}") for verb in ("pause", "resume", "cancel", "undo")]
    assert {code_of(answer) for answer in answers} == {(404, "import_not_found")}


def test_key_without_the_scope_is_refused(address, organization) -> None:
    with make_client(address, organization, scopes=["leads"]) as client:
        assert client.post("/leads/resolve-batch", json=[]).status_code == 200
        assert code_of(client.post("/events", json=[])) == (403, "scope_missing")


def test_too_many_calls_wait_for_the_time_that_is_said(address, organization, monkeypatch) -> None:
    monkeypatch.setenv("LEAD_STORE_CALLS_AT_ONCE", "3")
    monkeypatch.setenv("LEAD_STORE_CALLS_PER_SECOND", "0.5")
    get_settings.cache_clear()
    try:
        with make_client(address, organization) as client:
            answers = [client.post("/leads/resolve-batch", json=[]) for _ in range(4)]
    finally:
        monkeypatch.undo()
        get_settings.cache_clear()
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 2
