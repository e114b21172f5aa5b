"""Raw text -> e-mail addresses, column-wise. Whose address it is, and what is shared, is found in the review."""

from functools import lru_cache

import pyarrow as pa
import pyarrow.compute as pc
from email_validator import EmailNotValidError, validate_email

from lead_store.intake import columns

# Addresses that email-validator accepts unchanged, decided by the vectorised engine: plain ASCII, dot-atom
# (RFC 5322, 3.2.3), a top-level domain of two letters or more. What it leaves goes to email-validator.
PLAIN = (
    r"^[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+){0,9}"
    r"@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}[A-Za-z]{2,63}$"
)
# Names that never receive mail (RFC 6761); email-validator says which, and why.
SPECIAL_USE = r"(?i)[.@](arpa|invalid|local|localhost|onion|test|example|alt|internal)$"
WITH_DISPLAY_NAME = r"""^["']?([^<>@"]*[^<>@"'\s])["']?\s*<[^<>\s]+@[^<>\s]+>$"""
MAXIMUM_LENGTH = 254
MAXIMUM_LOCAL_LENGTH = 64


def read_emails(raw: pa.StringArray) -> tuple[pa.StringArray, pa.BooleanArray]:
    """The address of each cell, as given but for `mailto:`, brackets and spaces around it.

    Args:
        raw: trimmed cell texts; null is blank.

    Returns:
        The addresses (null where blank or invalid) and a mask of cells that hold no valid address. Of several
        addresses in one cell, the first valid one counts.
    """
    plain = pc.and_(
        pc.and_(pc.match_substring_regex(raw, PLAIN), pc.invert(pc.match_substring_regex(raw, SPECIAL_USE))),
        pc.and_(
            pc.less_equal(pc.utf8_length(raw), MAXIMUM_LENGTH),
            pc.less_equal(pc.find_substring(raw, "@"), MAXIMUM_LOCAL_LENGTH),
        ),
    )
    left_over = pc.invert(pc.fill_null(plain, True))
    emails = columns.replaced(raw, left_over, lambda some: columns.by_distinct_value(some, _read_one))
    return emails, pc.and_(pc.is_valid(raw), pc.is_null(emails))


def read_display_names(raw: pa.StringArray) -> pa.StringArray:
    """The name before an address in angle brackets (RFC 5322, 3.4: display-name); null where a cell is none such."""
    if not pc.any(pc.match_substring(raw, "<")).as_py():
        return pa.nulls(len(raw), pa.string())
    has_name = pc.fill_null(pc.match_substring_regex(raw, WITH_DISPLAY_NAME), False)
    return columns.where(has_name, lambda: pc.replace_substring_regex(raw.filter(has_name), WITH_DISPLAY_NAME, r"\1"))


@lru_cache(maxsize=100_000)
def _read_one(text: str) -> str | None:
    for part in [text, *text.replace(";", " ").replace(",", " ").replace("|", " ").split()]:
        candidate = part.strip().strip("<>()[]\"'").removeprefix("mailto:")
        try:
            # Whether mail arrives there is not asked: intake has no network.
            return validate_email(candidate, check_deliverability=False).original
        except EmailNotValidError:
            continue
    return None
