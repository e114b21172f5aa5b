"""Settings, read once from the environment. What each means for its part is said there."""

import re
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from lead_store.errors import Invalid

# What the URLs begin with, and how they are written.
URL_FORMS = {
    "database_url": (r"postgres(ql)?://", "postgresql://user:password@host:5432/name"),
    "storage_url": (r"file:///|s3://[^/]", "file:///folder or s3://bucket/prefix"),
}


class Settings(BaseSettings):
    """CONTRACTS.md lists the public ones; all have a default, so that everything works with none set."""

    model_config = SettingsConfigDict(extra="ignore")

    home: Path = Field(Path(".lead_store"), validation_alias="LEAD_STORE_HOME")
    database_url: str | None = Field(None, validation_alias="DATABASE_URL")
    storage_url: str | None = Field(None, validation_alias="STORAGE_URL")
    s3_encryption: Literal["AES256", "aws:kms"] | None = Field(None, validation_alias="LEAD_STORE_S3_ENCRYPTION")
    s3_kms_key_id: str | None = Field(None, validation_alias="LEAD_STORE_S3_KMS_KEY_ID")
    upload_limit_bytes: int = Field(1024**3, validation_alias="LEAD_STORE_UPLOAD_LIMIT_BYTES")
    rows_per_batch: int = Field(20_000, validation_alias="LEAD_STORE_ROWS_PER_BATCH", ge=1)
    body_limit_bytes: int = Field(16 * 1024**2, validation_alias="LEAD_STORE_BODY_LIMIT_BYTES", ge=1024)
    calls_per_second: float = Field(100.0, validation_alias="LEAD_STORE_CALLS_PER_SECOND", gt=0)
    calls_at_once: int = Field(1_000, validation_alias="LEAD_STORE_CALLS_AT_ONCE", ge=1)
    # Receivers of webhooks inside the own network, as host:port with commas between; all others must be public.
    internal_receivers: str = Field("", validation_alias="LEAD_STORE_INTERNAL_RECEIVERS")
    smtp_url: str | None = Field(None, validation_alias="LEAD_STORE_SMTP_URL")
    smtp_from: str = Field("leads@localhost", validation_alias="LEAD_STORE_SMTP_FROM")
    # False where workers of another kind share the database with AWS Lambda.
    lambda_hands_on: bool = Field(True, validation_alias="LEAD_STORE_LAMBDA_HANDS_ON")
    messaging_url: str | None = Field(None, validation_alias="LEAD_STORE_MESSAGING_URL")
    worker_concurrency: int = Field(2, validation_alias="LEAD_STORE_WORKER_CONCURRENCY", ge=1)

    # Sign-in, see lead_store.access.sign_in: all of the first five, or none.
    oidc_issuer: str | None = Field(None, validation_alias="LEAD_STORE_OIDC_ISSUER")
    oidc_client_id: str | None = Field(None, validation_alias="LEAD_STORE_OIDC_CLIENT_ID")
    oidc_client_secret: str | None = Field(None, validation_alias="LEAD_STORE_OIDC_CLIENT_SECRET")
    cookie_secret: str | None = Field(None, validation_alias="LEAD_STORE_COOKIE_SECRET")
    url: str | None = Field(None, validation_alias="LEAD_STORE_URL")
    oidc_trusts_emails: bool = Field(False, validation_alias="LEAD_STORE_OIDC_TRUST_EMAILS")

    @field_validator("database_url", "storage_url")
    @classmethod
    def _require_form(cls, url: str | None, field: ValidationInfo) -> str | None:
        """Found out here, and not by each call that would need the database or the storage."""
        beginning, form = URL_FORMS[str(field.field_name)]
        if url and not re.match(beginning, url):
            raise ValueError(f"use {form}")
        return url

    @property
    def is_embedded(self) -> bool:
        """True where the database is our own embedded server."""
        return not self.database_url


@cache
def get_settings() -> Settings:
    """The settings of this process; the environment is read at the first call.

    Raises:
        Invalid: `setting_invalid`, with the name of the first one that cannot be used.
    """
    try:
        return Settings()
    except ValidationError as cause:
        found = cause.errors()[0]
        why = found["msg"].removeprefix("Value error, ")
        raise Invalid(f"{found['loc'][0]} cannot be used: {why}.", code="setting_invalid") from cause
