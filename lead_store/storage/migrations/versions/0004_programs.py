"""API keys, events, deliveries to webhooks, and dispatches."""

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    pass
