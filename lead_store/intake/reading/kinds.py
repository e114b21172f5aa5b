"""What kind of file some bytes are, by content and never by name, and the refusal of those that hold no table."""

import re
import zipfile
from typing import BinaryIO, NoReturn

from lead_store.errors import Unreadable
from lead_store.intake.reading.labelled import are_labelled
from lead_store.intake.reading.refusals import encrypted, entities

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
    (b"BEGIN:VCALENDAR", "a calendar"),
)
# Of Excel and report servers, of Internet Explorer, and of Chrome; an e-mail was sent to somebody.
_WEB_ARCHIVE = re.compile(rb'MIME-Version:|From: (?:"Saved by |<Saved by )', re.IGNORECASE)
_SENT = re.compile(rb"^(?:To|Received|Delivered-To|Message-ID): ", re.IGNORECASE | re.MULTILINE)
# How workbooks of Excel 2, 3 and 4 begin: without a container, at the first record.
_OLDEST_WORKBOOKS = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")
_PAGE = re.compile(
    r"(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body|meta|style|title|table|div|center|font)\b", re.DOTALL
)
_EXCEL_XML = "urn:schemas-microsoft-com:office:spreadsheet"
_TO_BE_SAVED = "Open it in a spreadsheet program, save it as .xlsx or .csv, and upload that file."
_TO_BE_FETCHED = (
    "Open the page that it leads to, download the list there (in Google Sheets: File, Download), and upload that file."
)
# "12/03/2024 10:15 - Ana: hello", "[2024-03-12, 10:15:33 PM] Ana: hello", after marks of direction that cannot be seen.
_SAID = (
    r"(?:^|\n)[^\d\[\n]{0,6}\[?\d{1,4}[./-]\d{1,2}[./-]\d{1,4}[^\n\d]{1,6}\d{1,2}[:.]\d\d(?:[:.]\d\d)?"
    r"[^\n\d\],;|\t-]{0,9}(?:\]| -) [^\n]+"
)
# Texts that are no tables, by how they begin in lower case: what each is, and what to do.
_OTHER_TEXTS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (
        re.compile(
            r'\{(?s:.){0,500}"doc_id": ?"|\[(?:internetshortcut|desktop entry)\]|bplist00|<\?xml(?s:.){0,500}<plist'
        ),
        "a link to a page",
        _TO_BE_FETCHED,
    ),
    (re.compile(r'\{\s*"|\[\s*[\[{]'), "a JSON file", "Export the list as .csv or .xlsx, and upload that file."),
    (re.compile(r"id;p[^\n]*\n(?s:.)*?\b(?:p;pgeneral|[cb];[yx]\d)"), "a spreadsheet in SYLK", _TO_BE_SAVED),
    (re.compile(r"table\s+0,1\s"), "a spreadsheet in DIF", _TO_BE_SAVED),
    (
        re.compile(r"(?:version: \d+\s+)?dn::? "),
        "an address book in LDIF",
        "Export the address book as CSV or vCard, and upload that file.",
    ),
    (
        re.compile(r"(?:--|/\*|set |drop table|create table|insert into)(?s:.)*?(?:create table|insert into)\s"),
        "a dump of a database",
        "Export the table with the people as .csv, and upload that file.",
    ),
    (
        re.compile(
            r"(?:from|received|return-path|delivered-to|message-id|subject|date|mime-version): (?s:.)*?\ncontent-type: "
        ),
        "an e-mail",
        "Save the list that is attached to it, and upload that list.",
    ),
    (
        re.compile(_SAID + r"(?s:.){0,1500}?" + _SAID),
        "a chat, as WhatsApp exports it",
        "Write the people into a list, one row each, and upload that list.",
    ),
)
# Of how many bytes the marks of Excel and Word are, and where the user's name ends that they begin with.
_LOCK_BYTES, _LOCK_NAME_BYTES = (165, 162), 54
_DBASE = (b"\x02", b"\x03", b"\x30", b"\x31", b"\x43", b"\x83", b"\x8b", b"\xf5")
_OTHER_ZIPS = (("word/", "a text document"), ("ppt/", "a presentation"))


def kind_of_file(file: BinaryIO) -> str:
    """`csv`, `xlsx`, `xls`, `ods`, `html`, `xml`, `vcf`, `txt`, `zip`, `gzip` or `mhtml`.

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
    if _WEB_ARCHIVE.match(head) and not _SENT.search(head.replace(b"\r", b"").partition(b"\n\n")[0]):
        return "mhtml"
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
    if _is_lock(head):
        raise Unreadable(
            "This is the mark that Excel leaves beside a workbook while it is open; it holds no list. Upload the "
            "workbook itself: its name is the same without ~$ before it.",
            code="file_kind",
            kind="a lock file",
        )
    if _is_dbase(head):
        raise _no_table("a table of dBase or FoxPro", _TO_BE_SAVED)


def _is_lock(head: bytes) -> bool:
    """By its size, and the name with its length before it and blanks behind it."""
    if len(head) not in _LOCK_BYTES or not 0 < head[0] < _LOCK_NAME_BYTES:
        return False
    return not head[1 + head[0] : 1 + _LOCK_NAME_BYTES].strip(b" \x00")


def _is_dbase(head: bytes) -> bool:
    """By its date and the length of its header, which ends with a carriage return; 32 bytes describe a column."""
    length = int.from_bytes(head[8:10], "little")
    has_date = len(head) > 32 and 1 <= head[2] <= 12 and 1 <= head[3] <= 31
    return head.startswith(_DBASE) and has_date and length > 64 and b"\r" in head[length - 1 : length]


def _no_table(what: str, advice: str) -> Unreadable:
    return Unreadable(f"This file is {what}. {advice}", code="file_kind", kind=what)


def _kind_of_text(head: bytes) -> str:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    # Of UTF-16 only the zeros between the letters are in the way.
    text = start.lstrip(b"\xff\xfe").replace(b"\x00", b"").decode("latin-1").lstrip().lower()
    for form, what, advice in _OTHER_TEXTS:
        if form.match(text):
            raise _no_table(what, advice)
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
    return "txt" if are_labelled(text) else "csv"


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
