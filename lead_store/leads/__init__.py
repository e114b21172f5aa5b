"""What one can do with leads: find or create them, search those of an organization, look at one.

resolving    people given by programs: found, or created
searching    those of an organization, by name, e-mail, phone or own id
"""

from lead_store.leads.reading import CHANNELS, Person, Trouble
from lead_store.leads.resolving import MAXIMUM_ATTRIBUTES, MAXIMUM_PEOPLE, Resolved, resolve_or_create
from lead_store.leads.searching import search_leads
from lead_store.storage.lead_queries import Lead, get_lead, search_identities

__all__ = [
    "CHANNELS",
    "MAXIMUM_ATTRIBUTES",
    "MAXIMUM_PEOPLE",
    "Lead",
    "Person",
    "Resolved",
    "Trouble",
    "get_lead",
    "resolve_or_create",
    "search_identities",
    "search_leads",
]
