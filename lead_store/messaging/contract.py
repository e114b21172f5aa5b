"""What is handed over to Messaging, and what a target of it promises. How messages reach people is theirs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID


@dataclass(frozen=True)
class Message:
    """One message to one person, ready to be sent."""

    dispatch_id: UUID
    lead_id: UUID
    channel: str
    channel_identifier: str
    template_name: str | None
    text: str
    variables: dict[str, str]

    def to_json(self) -> dict[str, Any]:
        """As targets write it; `messageId` stays the same when a message is handed over again."""
        return {
            "messageId": f"{self.dispatch_id}:{self.lead_id}",
            "dispatchId": str(self.dispatch_id),
            "leadId": str(self.lead_id),
            "channel": self.channel,
            "channelIdentifier": self.channel_identifier,
            "templateName": self.template_name,
            "text": self.text,
            "variables": self.variables,
        }


class Target(Protocol):
    """Where messages are handed over."""

    def hand_over(self, organization_id: UUID, part: str, messages: Sequence[Message]) -> None:
        """Hand over messages; the same part again, after an interruption, must not reach people twice.

        Raises:
            Unavailable: nothing was handed over, or it is not known; the same part will be tried again.
        """
