"""What kind of file some bytes are, by content and never by name, and the refusal of those that hold no table."""

import re
import zipfile
from typing import BinaryIO, NoReturn

from lead_store.errors import Unreadable

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_GZIP = b"\x1f\x8b"

_OTHER_KINDS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"BM\x36", "an image"),
    (b"II*\x00", "an image"),
    (b"MM\x00*", "an image"),
    (b"RIFF", "a media file"),
    (b"\x00\x00\x00\x18ftyp", "a video"),
    (b"\x00\x00\x00\x20ftyp", "a video"),
    (b"ID3", "a sound file"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an XZ archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"SQLite format 3", "a database"),
    (b"PAR1", "a Parquet file"),
    (b"{\\rtf", "a rich-text document"),
    (b"MIME-Version:", "a web archive"),
    (b"BEGIN:VCALENDAR", "a calendar"),
)
# How workbooks of Excel 2, 3 and 4 begin: without a container, at the first record.
_OLDEST_WORKBOOKS = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")
_PAGE = re.compile(
    r"(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body|meta|style|title|table|div|center|font)\b", re.DOTALL
)
_EXCEL_XML = "urn:schemas-microsoft-com:office:spreadsheet"
_JSON = re.compile(rb'\{\s*"|\[\s*[\[{]')
_OTHER_ZIPS = (("word/", "a text document"), ("ppt/", "a presentation"))


def kind_of_file(file: BinaryIO) -> str:
    """`csv`, `xlsx`, `xls`, `ods`, `html`, `xml`, `vcf`, `zip` or `gzip`.

    Raises:
        Unreadable: file_empty, file_kind, file_encrypted, file_damaged.
    """
    file.seek(0)
    head = file.read(4096)
    if not head:
        raise Unreadable("The file is empty. Upload a file with a header row and at least one row.", code="file_empty")
    if head.startswith(_OLE):
        return _kind_of_ole(file)
    if head.startswith(_ZIP):
        return _kind_of_zip(file)
    if head.startswith(_GZIP):
        return "gzip"
    _refuse_other_kinds(head)
    return _kind_of_text(head)


def refuse_kind(what: str) -> NoReturn:
    """Raises Unreadable (file_kind), naming what the file is."""
    raise Unreadable(
        f"This file is {what}, not a spreadsheet. Upload a CSV, XLSX, XLS or ODS file.", code="file_kind", kind=what
    )


def _refuse_other_kinds(head: bytes) -> None:
    for magic, what in _OTHER_KINDS:
        # Two letters are also how a header may start, so short marks count only before bytes that are no text.
        if head.startswith(magic) and (len(magic) > 3 or b"\x00" in head[:64]):
            refuse_kind(what)
    if head.startswith(_OLDEST_WORKBOOKS):
        raise Unreadable(
            "This is a workbook of Excel 4 or older. Open it in a spreadsheet program, save it as .xlsx, and upload "
            "that file.",
            code="file_kind",
            kind="an old workbook",
        )


def _kind_of_text(head: bytes) -> str:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if _JSON.match(start[:64].lower()):
        refuse_kind("a JSON file")
    # Of UTF-16 only the zeros between the letters are in the way.
    text = start.lstrip(b"\xff\xfe").replace(b"\x00", b"").decode("latin-1").lstrip().lower()
    is_xml = text.startswith("<?xml")
    if text.startswith("begin:vcard"):
        return "vcf"
    if is_xml and "<!entity" in text:
        raise entities()
    if is_xml and _EXCEL_XML in text and "<html" not in text:
        return "xml"
    if _PAGE.match(text) or (is_xml and "<html" in text):
        return "html"
    if is_xml:
        raise Unreadable(
            "This file is an XML file under the name of a spreadsheet. Open it in a spreadsheet program, save it as "
            ".xlsx or .csv, and upload that file.",
            code="file_kind",
            kind="an XML file",
        )
    return "csv"


def _kind_of_ole(file: BinaryIO) -> str:
    """XLS workbooks and encrypted XLSX files share a container with old Word documents; its directory tells."""
    file.seek(0)
    content = file.read(8 * 1024 * 1024)
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise encrypted()
    if "Workbook".encode("utf-16-le") in content or "Book".encode("utf-16-le") in content:
        return "xls"
    if "WordDocument".encode("utf-16-le") in content:
        refuse_kind("a text document")
    if "PowerPoint".encode("utf-16-le") in content:
        refuse_kind("a presentation")
    return "xls"


def _kind_of_zip(file: BinaryIO) -> str:
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
            mimetype = archive.read("mimetype")[:200].decode("ascii", "replace") if "mimetype" in names else ""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as error:
        raise Unreadable(
            "This file is damaged: it starts like a ZIP archive or a workbook, and its end is missing or broken. "
            "Export or save it again, and upload that file.",
            code="file_damaged",
        ) from error
    if "opendocument.spreadsheet" in mimetype or ("content.xml" in names and not mimetype):
        return "ods"
    if "opendocument" in mimetype:
        refuse_kind("a text document")
    if any(name.startswith("Index/") or name == "Index.zip" for name in names):
        raise Unreadable(
            "This is a document of Apple Numbers or Pages. In Numbers, choose File, Export To, Excel, and upload that "
            "file.",
            code="file_kind",
            kind="a Numbers document",
        )
    if "[Content_Types].xml" in names or "xl/workbook.xml" in names:
        for folder, what in _OTHER_ZIPS:
            if any(name.startswith(folder) for name in names):
                refuse_kind(what)
        return "xlsx"
    return "zip"


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
