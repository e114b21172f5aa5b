"""Web archives, as Excel and report servers write them under the name of a workbook."""

import io
from email.message import EmailMessage

import pytest

from lead_store.errors import Unreadable
from lead_store.intake.reading import inspect, web_archives
from tests.unit.intake.reading.sheets import rows_of

COVER = "<html><body><p>Relatório de março</p></body></html>"
PEOPLE = (
    "<html><table><tr><td>Nome<td>Celular<tr><td>João Sá<td>(11) 98765-4321<tr><td>Bia<td>11987654322</table></html>"
)
CITIES = "<html><table><tr><td>Cidade<tr><td>Osasco</table></html>"


def archive(*pages, charset="utf-8", cte="quoted-printable", linesep="\r\n", head="MIME-Version: 1.0"):
    """A web archive of pages, with a picture between them."""
    message = EmailMessage()
    del message["MIME-Version"]
    message["Subject"] = "Relatório"
    for number, page in enumerate(pages):
        message.add_related(page, subtype="html", charset=charset, cte=cte, cid=f"<sheet{number}>")
        message.add_related(b"\x89PNG\n<table>\n", "image", "png")
    body = message.as_bytes(policy=message.policy.clone(linesep=linesep))
    return io.BytesIO(f"{head}{linesep}".encode() + body.replace(b"MIME-Version: 1.0" + linesep.encode(), b""))


@pytest.mark.parametrize("charset", ["utf-8", "windows-1252"])
@pytest.mark.parametrize("cte", ["quoted-printable", "base64", "8bit"])
@pytest.mark.parametrize("linesep", ["\n", "\r\n"])
@pytest.mark.parametrize(
    "head", ["MIME-Version: 1.0", "From: <Saved by Blink>", 'From: "Saved by Windows Internet Explorer 8"']
)
def test_the_pages_tables_are_read(charset, cte, linesep, head):
    file = archive(COVER, PEOPLE, charset=charset, cte=cte, linesep=linesep, head=head)
    seen = inspect(file, "relatorio.xls")
    assert (seen.dialect.format, seen.dialect.header_row, seen.rows) == ("html", 1, 2)
    assert rows_of(file, seen.dialect) == [
        [2, None, "João Sá", "(11) 98765-4321"],
        [3, None, "Bia", "11987654322"],
    ]


def test_an_e_mail_is_no_web_archive():
    file = archive(PEOPLE, head="MIME-Version: 1.0\r\nTo: ana@example.com")
    with pytest.raises(Unreadable, match="is an e-mail"):
        inspect(file, "list.eml")


def test_pages_are_offered_as_sheets():
    seen = inspect(archive(CITIES, PEOPLE), "relatorio.xls")
    assert (seen.dialect.sheet, seen.sheets) == ("Table 2", ("Table 1", "Table 2"))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (archive(COVER).getvalue(), "file_kind"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n", "file_kind"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n" + b"--x\n\n" * 6_000, "file_damaged"),
        (b"MIME-Version: 1.0\n" + b"x" * web_archives.LARGEST_BYTES, "file_too_large"),
    ],
)
def test_archives_without_a_table_or_too_costly_are_refused(content, code):
    with pytest.raises(Unreadable) as refused:
        inspect(io.BytesIO(content), "list.mht")
    assert refused.value.code == code


def test_deeply_nested_parts_are_refused():
    nested = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(3_000))
    with pytest.raises(Unreadable) as refused:
        inspect(io.BytesIO(b"MIME-Version: 1.0\n" + nested.encode()), "list.mht")
    assert refused.value.code == "file_damaged"
