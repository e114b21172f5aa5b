"""Events and dispatches over HTTP."""

from tests.integration.api_server import PEOPLE, code_of


def test_event_is_kept_once_and_its_person_is_a_lead(client) -> None:
    event = {
        "eventId": "e-1",
        "type": "campaign_delivered",
        "occurredAt": "2026-03-01T12:00:00Z",
        "source": "messaging",
        "channel": "whatsapp",
        "channelIdentifier": "+5511976543210",
    }
    first = client.post("/events", json=event).json()["events"][0]
    again = client.post("/events", json=[event, {**event, "eventId": "e-2", "type": "opted_out"}]).json()["events"]
    assert [first["status"], *(one["status"] for one in again)] == ["accepted", "duplicate", "accepted"]
    assert {first["leadId"], *(one["leadId"] for one in again)} == {first["leadId"]}
    refused = client.post("/events", json={**event, "eventId": "e-3", "channelIdentifier": "x"}).json()["events"][0]
    assert (refused["status"], refused["problem"]["code"]) == ("refused", "phone_invalid")


def test_dispatch_goes_to_the_leads_of_a_finished_import(client, upload, finish) -> None:
    job_id = client.post("/leads/import", json={"s3Key": upload(PEOPLE)}).json()["jobId"]
    order = {"jobId": job_id, "channel": "whatsapp", "template": {"body": "Olá {{ nome }}"}}
    assert code_of(client.post("/dispatches", json=order)) == (409, "import_not_finished")
    finish(job_id, "imported")
    made = client.post("/dispatches", json=order)
    assert made.status_code == 202
    seen = client.get(f"/dispatches/{made.json()['dispatchId']}").json()
    assert seen["audience"] == {"accepted": 2, "optedOut": 0, "missingVariable": 0, "total": 2}
    unknown = {**order, "template": {"body": "{{ shoe_size }}"}}
    assert code_of(client.post("/dispatches", json=unknown)) == (422, "template_variable_unknown")
