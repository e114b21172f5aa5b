"""What a file is, told by how it begins: other programs' files by their name, and none that is a list by mistake."""

import io
import plistlib

import pytest

from lead_store.errors import Unreadable
from lead_store.intake.reading.kinds import kind_of_file

DBASE = bytes([3, 126, 1, 31]) + (2).to_bytes(4, "little") + (65).to_bytes(2, "little") + bytes(54) + b"\r" + b" Ana"
PAGE = {"URL": "https://example.org/list"}

CHATS = (
    "12/03/2024 10:15 - Messages are end-to-end encrypted.\n12/03/2024 10:16 - +55 11 98765-4321: hello\nyou\n",
    "\u200e[12/03/24, 10:15:33] Ana Lima: ol\u00e1\r\n\u200e[12/03/24, 10:15:40] Rui: oi\r\n",
    "3/12/24, 10:15\u202fPM - Ana: hello,\nhow are you\n3/12/24, 10:16\u202fPM - Rui: fine\n",
    "12.03.24, 10:15 - Ana: Hallo\n\n12.03.24, 10:16 - Rui: Na?\n",
    "12/03/2024 \u00e0s 10:15 - Ana: oi\n12/03/2024 \u00e0s 10:16 - Rui: oi\n",
)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b'{"": "WARNING! DO NOT EDIT", "doc_id": "1a", "resource_key": ""}', "a link to a page"),
        (b"[InternetShortcut]\r\nURL=https://example.org\r\n", "a link to a page"),
        (b"[Desktop Entry]\nType=Link\n", "a link to a page"),
        (plistlib.dumps(PAGE, fmt=plistlib.FMT_BINARY), "a link to a page"),
        (plistlib.dumps(PAGE), "a link to a page"),
        (b'{"name": "Ana"}', "a JSON file"),
        (b'ID;PWXL;N;E\r\nP;PGeneral\r\nC;Y1;X1;K"Name"\r\n', "a spreadsheet in SYLK"),
        (b'TABLE\r\n0,1\r\n"EXCEL"\r\n', "a spreadsheet in DIF"),
        (b"dn: cn=Ana,mail=ana@example.org\ncn: Ana\n", "an address book in LDIF"),
        (b"version: 1\ndn: cn=Ana\n", "an address book in LDIF"),
        (b"-- Dump 10.13\nCREATE TABLE `people` (`id` int);\n", "a dump of a database"),
        (b"INSERT INTO people VALUES (1, 'Ana');\nINSERT INTO people VALUES (2, 'Bia');\n", "a dump of a database"),
        (b"From: a@example.org\r\nSubject: list\r\nContent-Type: text/plain\r\n\r\nHello", "an e-mail"),
        (DBASE, "a table of dBase or FoxPro"),
        *((chat.encode(), "a chat, as WhatsApp exports it") for chat in CHATS),
    ],
)
def test_files_of_other_programs_are_named(content, kind):
    with pytest.raises(Unreadable) as refusal:
        kind_of_file(io.BytesIO(content))
    assert (refusal.value.code, refusal.value.values["kind"]) == ("file_kind", kind)


@pytest.mark.parametrize(
    "content",
    [
        b"ID;Phone;Name\nP;11987654321;Ana\nC;11987654322;Bia\n",
        b"Table,Guest,Phone\n0,1,11987654321\n",
        b"Set,Name,Phone\n1,Ana,11987654321\n",
        b"From,To,Subject\na@example.org,b@example.org,Content-Type: text\n",
        b"Date: 2026-11-01\nName,Phone\nAna,11987654321\n",
        b"0;1\n11987654321;Ana\r\n",
        b"[Name];[Phone]\nAna;11987654321\n",
        b"12/03/2024 10:15 - Ana: 11987654321\n",
        b"12/03/2024 10:15;Ana - Lima;11987654321\n12/03/2024 10:16;Bia - Sol;11987654322\n",
        b"2024-03-12 10:15:33,Ana,11987654321\n2024-03-12 10:15:34,Bia,11987654322\n",
    ],
)
def test_a_list_that_begins_like_one_of_them_is_a_list(content):
    assert kind_of_file(io.BytesIO(content)) == "csv"
