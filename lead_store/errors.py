"""Errors: the action cannot go on. What is wrong with a single row is a Problem (intake.problems) instead.

    LeadStoreError
    ├── Unauthenticated     nobody we know                                 401
    ├── NotFound            the thing is not there, or is not yours        404
    ├── NotAllowed          you may not                                    403
    ├── Conflict            its present state does not allow it            409
    ├── Invalid             what was given cannot be used                  422
    │   └── Unreadable      a file that cannot be read as a spreadsheet
    ├── TooMany             too many calls at once; a later one helps      429
    └── Unavailable         something we need is away; trying again helps  503

Each holds a stable code, a sentence in the user's words (what happened, where, what to do now) and the
offending values. The API maps families to status codes, pages show them in one place, and the worker
retries those with `is_permanent = False`.
"""

from typing import Any


class LeadStoreError(Exception):
    """Root of the tree; never raised itself."""

    code = "error"
    is_permanent = True

    def __init__(self, detail: str, *, code: str | None = None, **values: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or self.code
        self.values = values


class Unauthenticated(LeadStoreError):
    """The caller is not known: no credentials, or none that are valid."""

    code = "unauthenticated"


class NotFound(LeadStoreError):
    """The thing asked for does not exist, or belongs to someone else: the answer is the same."""

    code = "not_found"


class NotAllowed(LeadStoreError):
    """The caller is known, but may not do this."""

    code = "not_allowed"


class Conflict(LeadStoreError):
    """The state of the thing does not allow the action now."""

    code = "conflict"


class Invalid(LeadStoreError):
    """What was given cannot be used as it is."""

    code = "invalid"


class Unreadable(Invalid):
    """A file that cannot be read as a spreadsheet. Codes: file_empty, file_header_only, file_kind, file_encrypted,
    file_too_large, file_expands, file_damaged, file_too_wide, file_undecodable, sheet_missing."""

    code = "file_unreadable"


class TooMany(LeadStoreError):
    """More was asked for than is allowed in the time; `retry_after_seconds` is in the values."""

    code = "rate_limited"
    is_permanent = False


class Unavailable(LeadStoreError):
    """Database, storage or another service is away; the same call may work later."""

    code = "unavailable"
    is_permanent = False
