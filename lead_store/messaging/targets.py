"""The targets of dispatches: files in the storage, or an HTTP service."""

import io
import json
from collections.abc import Sequence
from uuid import UUID

import httpx

from lead_store.errors import Unavailable
from lead_store.messaging.contract import Message, Target
from lead_store.settings import get_settings
from lead_store.storage.files import get_files

TIMEOUT_SECONDS = 30.0


class FileTarget:
    """A JSON Lines object per part, for a system that picks them up. The same part is written over itself."""

    def hand_over(self, organization_id: UUID, part: str, messages: Sequence[Message]) -> None:
        """See Target."""
        lines = "".join(json.dumps(message.to_json(), ensure_ascii=False) + "\n" for message in messages)
        get_files().put(f"dispatches/{organization_id}/{part}.jsonl", io.BytesIO(lines.encode()))


class HttpTarget:
    """A POST per part, with the part as Idempotency-Key; any 2xx takes it over."""

    def __init__(self, url: str) -> None:
        self.url = url

    def hand_over(self, organization_id: UUID, part: str, messages: Sequence[Message]) -> None:
        """See Target."""
        body = {"organizationId": str(organization_id), "messages": [message.to_json() for message in messages]}
        try:
            answer = httpx.post(self.url, json=body, headers={"Idempotency-Key": part}, timeout=TIMEOUT_SECONDS)
            answer.raise_for_status()
        except httpx.HTTPError as cause:
            raise Unavailable(
                "The messaging service did not take the messages. They are kept, and handed over again.",
                code="messaging_unavailable",
            ) from cause


def get_target() -> Target:
    """The target of this installation: the service of LEAD_STORE_MESSAGING_URL, or files."""
    url = get_settings().messaging_url
    return HttpTarget(url) if url else FileTarget()
