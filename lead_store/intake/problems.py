"""Every problem a row can have: its code, its wording, whether it keeps the row out. Raises nothing.

Codes are stable and public (CONTRACTS.md); wording may change. A warning never keeps a row out.
"""

from dataclasses import dataclass
from enum import StrEnum


class Code(StrEnum):
    """Stable codes; `WORDING` holds what people read."""

    ROW_TOO_SHORT = "row_too_short"
    ROW_TOO_LONG = "row_too_long"
    ROW_UNDECODABLE = "row_undecodable"
    ROW_QUOTES_ASTRAY = "row_quotes_astray"
    ROW_REPEATS_HEADER = "row_repeats_header"
    IDENTIFIER_MISSING = "identifier_missing"
    PHONE_INVALID = "phone_invalid"
    PHONE_TRUNCATED = "phone_truncated"
    PHONE_AMBIGUOUS = "phone_ambiguous"
    EMAIL_INVALID = "email_invalid"
    SHARED_IDENTIFIER = "shared_identifier"
    IDENTITY_CONFLICT = "identity_conflict"
    VALUE_TOO_LONG = "value_too_long"
    REJECTED_BY_RULE = "rejected_by_rule"
    OPT_OUT_UNCLEAR = "opt_out_unclear"
    PHONES_SEVERAL = "phones_several"
    TEXT_MISREAD = "text_misread"


@dataclass(frozen=True)
class Wording:
    """What people read about a code: what is wrong, and what they can do about it."""

    label: str
    sentence: str
    suggestion: str
    is_blocking: bool


WORDING: dict[Code, Wording] = {
    Code.ROW_TOO_SHORT: Wording(
        "Too few cells",
        "This row has fewer cells than the header row, so its values cannot be placed with certainty.",
        "Complete the row so that it has one cell per column.",
        True,
    ),
    Code.ROW_TOO_LONG: Wording(
        "Too many cells",
        "This row has more cells than the header row; often a delimiter or a quote inside a value.",
        "Put the value that contains the delimiter in quotes, or remove the extra cells.",
        True,
    ),
    Code.ROW_UNDECODABLE: Wording(
        "Unreadable characters",
        "Some bytes of this row are not text in the file's encoding.",
        "Retype the damaged words, or save the file as UTF-8 and upload it again.",
        True,
    ),
    Code.ROW_QUOTES_ASTRAY: Wording(
        "Quotes astray",
        "A quote in this row is never closed, so it cannot be told where its values end.",
        "Remove the quote, or write it twice where it belongs to the value.",
        True,
    ),
    Code.ROW_REPEATS_HEADER: Wording(
        "The header again",
        "This row repeats the header row, as where several lists were put together or each page begins with it.",
        "Nothing has to be done: it is no person.",
        True,
    ),
    Code.IDENTIFIER_MISSING: Wording(
        "No way to reach this person",
        "Where the phone or e-mail of this person is expected, there is none.",
        "Fill in the phone or e-mail of this person.",
        True,
    ),
    Code.PHONE_INVALID: Wording(
        "Not a phone number",
        "The number does not exist in its country's numbering plan.",
        "Check the digits, and write the number with its country code, such as +55 11 98765-4321.",
        True,
    ),
    Code.PHONE_TRUNCATED: Wording(
        "Digits lost in the spreadsheet",
        "The spreadsheet program stored this number in scientific notation, and digits are gone.",
        "Export again with the column formatted as text, or type the full number.",
        True,
    ),
    Code.PHONE_AMBIGUOUS: Wording(
        "Two readings of the number",
        "The number can be read in two ways, and the file does not say which one is meant.",
        "Write it with + and its country code.",
        True,
    ),
    Code.EMAIL_INVALID: Wording(
        "Not an e-mail address",
        "The address cannot receive mail as it is written.",
        "Check for missing parts, spaces and accents, such as name@example.com.",
        False,
    ),
    Code.SHARED_IDENTIFIER: Wording(
        "Same number or address, another person",
        "An earlier row of this file has the same number or address under a plainly different name.",
        "Give this person a number or address of their own, or decide in the review that they are one person.",
        True,
    ),
    Code.IDENTITY_CONFLICT: Wording(
        "Belongs to two people",
        "The identifiers of this row belong to two different people.",
        "Decide in the review which of the two this row is about.",
        True,
    ),
    Code.VALUE_TOO_LONG: Wording(
        "Value too long",
        "A cell is longer than a field can hold, so it was left out.",
        "Shorten the value.",
        False,
    ),
    Code.REJECTED_BY_RULE: Wording(
        "Rejected by your rule",
        "A rule or decision of yours keeps this row out.",
        "Change the rule in the review if this row should be imported.",
        True,
    ),
    Code.OPT_OUT_UNCLEAR: Wording(
        "Unclear consent",
        "The consent cell says neither yes nor no, so it changes nothing.",
        "Write yes or no.",
        False,
    ),
    Code.PHONES_SEVERAL: Wording(
        "Several numbers in one cell",
        "The cell holds several phone numbers: the first valid one is used, the others are kept as an attribute.",
        "Nothing has to be done.",
        False,
    ),
    Code.TEXT_MISREAD: Wording(
        "Garbled letters",
        "A program garbled this text before it came here, such as “JosÃ©” for “José”; it is imported as it was meant.",
        "Nothing has to be done.",
        False,
    ),
}
