"""Leads of an organization, found by what people type."""

from uuid import UUID

from sqlalchemy import Connection

from lead_store.storage import lead_queries
from lead_store.storage.lead_queries import Lead

# What stands in phone numbers between the digits, as people type them.
PHONE_PUNCTUATION = str.maketrans("", "", " ()-./+")


def search_leads(tx: Connection, words: str, *, after: UUID | None = None, limit: int = 50) -> list[Lead]:
    """A page of leads by name, e-mail, phone or own id, those made last first; a phone as people type it."""
    words = " ".join(words.split())
    digits = words.translate(PHONE_PUNCTUATION)
    is_phone = len(digits) >= 4 and digits.isdecimal()
    return lead_queries.search_leads(tx, digits if is_phone else words, after=after, limit=limit)
