"""People resolved or created over HTTP: in order, once, with what is theirs alone."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import httpx

from lead_store import access
from lead_store.storage.database import transaction
from tests.integration.api_server import make_client


def test_people_are_answered_in_order_each_with_a_lead_or_a_problem(client) -> None:
    people = [
        {"channel": "whatsapp", "channelIdentifier": "+55 (11) 98765-4321", "name": "Ana", "email": "not an address"},
        {"channel": "whatsapp", "channelIdentifier": "hello"},
        {"channel": "pigeon", "channelIdentifier": "1"},
        {"channel": "email", "channelIdentifier": "Ana@Gmail.com"},
        {"channel": "whatsapp", "channelIdentifier": "+551187654321"},
        {},
    ]
    answer = client.post("/leads/resolve-batch", json=people)
    results = answer.json()["results"]
    assert [result["index"] for result in results] == list(range(6))
    assert [result.get("outcome") or result["problem"]["code"] for result in results] == [
        "created", "phone_invalid", "channel_unknown", "created", "existing", "channel_unknown",
    ]  # fmt: skip
    assert results[0]["leadId"] == results[4]["leadId"]
    assert results[0]["channelIdentifier"] == "+5511987654321"
    assert results[0]["warnings"][0]["code"] == "email_invalid"
    assert results[3]["channelIdentifier"] == "ana@gmail.com"
    again = client.post("/leads/resolve-batch", json=people).json()["results"]
    assert [one.get("leadId") for one in again] == [one.get("leadId") for one in results]
    assert {one.get("outcome") for one in again if "leadId" in one} == {"existing"}


def test_person_known_elsewhere_is_created_here_and_nothing_tells(client, address) -> None:
    with transaction() as tx:
        other = access.create_organization(tx, f"other-{uuid4().hex[:12]}", "Other", "BR")
    person = {"channel": "whatsapp", "channelIdentifier": "+5511971112222", "name": "Ana"}
    with make_client(address, other) as elsewhere:
        elsewhere.post("/leads/resolve-batch", json=[{**person, "channelIdentifier": "+551171112222"}])
    result = client.post("/leads/resolve-batch", json=[person]).json()["results"][0]
    assert (result["outcome"], result["channelIdentifier"]) == ("created", "+5511971112222")


def test_fifty_calls_at_once_over_the_same_new_people_make_each_of_them_once(client) -> None:
    people = [
        {"channel": channel, "channelIdentifier": identifier.format(number)}
        for number in range(20)
        for channel, identifier in (("whatsapp", "+55119812345{:02}"), ("email", "person{}@gmail.com"))
    ]
    variants = [
        {**person, "channelIdentifier": person["channelIdentifier"].replace("+55119", "+5511")} for person in people
    ]

    def call(number: int) -> httpx.Response:
        given = people if number % 2 else list(reversed(variants))
        return client.post("/leads/resolve-batch", json=given)

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(call, range(50)))
    assert {answer.status_code for answer in answers} == {200}
    leads_of = [
        [result["leadId"] for result in answer.json()["results"]][:: 1 if number % 2 else -1]
        for number, answer in enumerate(answers)
    ]
    assert all(leads == leads_of[0] for leads in leads_of)
    created = [result for answer in answers for result in answer.json()["results"] if result["outcome"] == "created"]
    assert len(created) == len(people)
