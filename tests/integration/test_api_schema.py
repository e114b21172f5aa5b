"""The API against its own OpenAPI document: whatever is sent, no failure of ours and no answer it does not tell of."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from lead_store import access, api_keys
from lead_store.api import app
from lead_store.settings import get_settings
from lead_store.storage.database import transaction
from lead_store.storage.files import get_files
from tests.integration.api_server import serving

# What the document says; what it leaves open, such as other methods, is tested by name in test_api.
CHECKED = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
]
SLUG = "schema-test"
PEOPLE = b"Nome,Telefone\nAna,+5511987654321\n"
BOUNDED = settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    database=None,
)


schema = schemathesis.openapi.from_dict(app.openapi())


@pytest.fixture(scope="module")
def call(home) -> Iterator[dict[str, Any]]:
    """Where the API is served, and the key to call it with."""
    with transaction() as tx:
        organization = access.create_organization(tx, SLUG, "Schema", "BR")
    with transaction(organization.id) as tx:
        _, key = api_keys.create_api_key(tx, "schema", "test")
    get_files().put(f"imports/{SLUG}/people.csv", io.BytesIO(PEOPLE))
    with pytest.MonkeyPatch.context() as patch, serving() as address:
        patch.setenv("LEAD_STORE_CALLS_PER_SECOND", "10000")
        get_settings.cache_clear()
        yield {"base_url": address, "headers": {"Authorization": f"Bearer {key}"}}
    get_settings.cache_clear()


@schema.parametrize()
@BOUNDED
def test_every_answer_is_in_the_document(case: schemathesis.Case, call: dict[str, Any]) -> None:
    if "orgId" in case.path_parameters:
        case.path_parameters["orgId"] = SLUG
    case.call_and_validate(**call, checks=CHECKED)


def test_calls_after_each_other_hold_to_the_document_too(call: dict[str, Any]) -> None:
    class Calls(schema.as_state_machine()):
        def before_call(self, case: schemathesis.Case) -> None:
            if "orgId" in case.path_parameters:
                case.path_parameters["orgId"] = SLUG
            if isinstance(case.body, dict) and "s3Key" in case.body:
                case.body["s3Key"] = f"imports/{SLUG}/people.csv"

        def get_call_kwargs(self, case: schemathesis.Case) -> dict[str, Any]:
            return call

        def validate_response(self, response: Any, case: schemathesis.Case, **_: Any) -> None:
            case.validate_response(response, checks=CHECKED)

    run_state_machine_as_test(Calls, settings=settings(BOUNDED, max_examples=8, stateful_step_count=6))
