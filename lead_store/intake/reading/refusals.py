"""Files that cannot be read, whatever their kind: the errors that several readers raise, each in one wording."""

from lead_store.errors import Unreadable


def entities() -> Unreadable:
    """The error of XML that grows as it is read, or asks for other files."""
    return Unreadable(
        "The workbook defines XML entities, which no spreadsheet program writes, so it was not opened. "
        "Save it again in a spreadsheet program, and upload that file.",
        code="file_expands",
    )


def encrypted() -> Unreadable:
    """The error of a file that asks for a password."""
    return Unreadable(
        "This file is protected with a password. Remove the password in the program that made it, save it, "
        "and upload it again.",
        code="file_encrypted",
    )


def damaged() -> Unreadable:
    """The error of a workbook that starts like one and cannot be opened."""
    return Unreadable(
        "This workbook is damaged and cannot be opened. Open it in a spreadsheet program, save it again as .xlsx, "
        "and upload that file.",
        code="file_damaged",
    )
