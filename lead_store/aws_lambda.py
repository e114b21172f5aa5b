"""AWS Lambda: objects that arrive in the bucket are imported, and the HTTP API answers, by the same use cases.

    {"Records": [...]}              S3, ObjectCreated: the objects are imported
    {"leadStore": "work"}           from itself, or from a schedule: jobs are worked on
    anything else                   API Gateway or a function URL: the HTTP API

An invocation works on jobs until none is left or its time is nearly over; then it hands on to a new invocation of
itself. Since a batch is done whole or not at all, the next one goes on where this one stopped.
"""

import json
import logging
from functools import cache
from typing import Any
from urllib.parse import unquote_plus

import boto3
from mangum import Mangum

from lead_store import access, imports, worker
from lead_store.api import app
from lead_store.errors import LeadStoreError
from lead_store.settings import get_settings
from lead_store.storage.database import transaction
from lead_store.storage.files import find_key

log = logging.getLogger(__name__)

WORK = {"leadStore": "work"}
WHO = "AWS Lambda"

# Kept back for the batch at hand: one of 20,000 rows takes seconds, also on a small function.
MARGIN_SECONDS = 30.0


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """The function's entry, `lead_store.aws_lambda.handler`; see the module for the events."""
    if "Records" in event:
        requested = [_request(record) for record in event["Records"]]
        return {"imports": [one for one in requested if one], **_work(context)}
    if event == WORK:
        return _work(context)
    answer = _get_http()(event, context)
    if answer["statusCode"] == 202:
        _hand_on(context)
    return answer


@cache
def _get_http() -> Mangum:
    return Mangum(app, lifespan="off")


def _request(record: dict[str, Any]) -> dict[str, str] | None:
    """Ask for the import of an object; None for one that is no organization's. A repeated notice changes nothing."""
    found = record["s3"]["object"]
    address = f"s3://{record['s3']['bucket']['name']}/{unquote_plus(found['key'])}"
    key = find_key(address)
    try:
        with transaction() as tx:
            organization = access.get_organization(tx, _owner_of(key))
        notice = f"{found.get('versionId', '')}{found.get('sequencer', '')}"
        with transaction(organization.id) as tx:
            order = imports.Order(object_key=str(key))
            requested = imports.request(tx, organization, order, WHO, f"s3:{key}:{notice}" if notice else None)
    except LeadStoreError as error:
        if not error.is_permanent:
            raise
        # Another try would end the same way, and S3 would try for hours.
        log.warning("an object is not imported: %s", error.code)
        return None
    return {"jobId": str(requested.id), "organization": organization.slug}


def _owner_of(key: str | None) -> str:
    """The organization's part of imports/{organization}/..."""
    parts = (key or "").split("/")
    return parts[1] if len(parts) > 2 and parts[0] == "imports" else ""


def _work(context: Any) -> dict[str, Any]:
    left_seconds = context.get_remaining_time_in_millis() / 1000 - MARGIN_SECONDS
    is_left = worker.work_through(left_seconds) if left_seconds > 0 else True
    if is_left:
        _hand_on(context)
    return {"handedOn": is_left}


def _hand_on(context: Any) -> None:
    """Let a new invocation go on; where workers of another kind share the database, they do."""
    if get_settings().lambda_hands_on:
        client = boto3.client("lambda")
        client.invoke(
            FunctionName=context.invoked_function_arn, InvocationType="Event", Payload=json.dumps(WORK).encode()
        )
