"""vCards of phones and address books: each person is a row."""

import io
from contextlib import suppress

import pytest

from lead_store.errors import Unreadable
from lead_store.intake import mapping
from lead_store.intake.fields import Field
from lead_store.intake.reading import inspect, read_batches
from tests.unit.intake.reading.people import read


def card(*lines):
    return "\r\n".join(["BEGIN:VCARD", "VERSION:3.0", *lines, "END:VCARD", ""])


def test_each_card_is_a_row_with_its_fields_in_columns():
    seen, people = read(
        card("N:Lima;Ana;Maria;;", "FN:Ana Lima", "ORG:ACME\\, Inc.;Vendas", "TEL;TYPE=CELL:+55 11 98765-0001",
             "item1.TEL;type=pref:1133334444", "EMAIL;type=HOME:ana@exemplo.com", "EMAIL;type=WORK:ana@acme.com",
             "CATEGORIES:clientes,vip", "NOTE:uma\\ndois")
        + card("FN:Bia", 'TEL;VALUE=uri;TYPE="voice,cell":tel:+55-11-98765-0002')
    )  # fmt: skip
    assert (seen.dialect.format, seen.rows) == ("vcf", 2)
    assert people == [
        {
            "Full name": "Ana Lima",
            "First name": "Ana",
            "Last name": "Lima",
            "Mobile phone": "+55 11 98765-0001",
            "Phone": "1133334444",
            "E-mail": "ana@exemplo.com",
            "E-mail 2": "ana@acme.com",
            "Company": "ACME, Inc.",
            "Tags": "clientes,vip",
            "Note": "uma\ndois",
        },
        {"Full name": "Bia", "Mobile phone": "tel:+55-11-98765-0002"},
    ]


def test_texts_of_old_phones_are_decoded_and_broken_lines_put_together():
    name = "FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Jo=C3=A3o =\r\nGon=C3=A7alves"
    latin = "N;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:Gon=E7alves;Jo=E3o"
    _, people = read(card(name, latin, "NOTE:ein langer\r\n  Text", "PHOTO;ENCODING=BASE64:/9j/4\r\n AQ==", "TEL:1"))
    assert people == [
        {
            "Full name": "João Gonçalves",
            "First name": "João",
            "Last name": "Gonçalves",
            "Phone": "1",
            "Note": "ein langer Text",
        }
    ]


def test_further_numbers_go_where_there_is_room_and_a_fax_nowhere():
    numbers = [f"TEL;CELL:1198765000{number}" for number in range(5)]
    _, people = read(card("FN:Ana", *numbers, "TEL;CELL:11987650000", "TEL;WORK;FAX:1133334444"))
    assert people == [
        {
            "Full name": "Ana",
            "Mobile phone": "11987650000",
            "Phone": "11987650001",
            "Phone 2": "11987650002 / 11987650003 / 11987650004",
        }
    ]


def test_the_columns_of_cards_are_matched():
    seen, _ = read(card("N:Lima;Ana", "FN:Ana Lima", "TEL;CELL:+5511987650001", "EMAIL:a@b.co"))
    found = mapping.suggest([column.header for column in seen.columns], [column.values for column in seen.columns])
    assert found.columns_of(Field.PHONE)[0].header == "Mobile phone"
    assert found.columns_of(Field.EMAIL)[0].header == "E-mail"


def test_a_card_that_does_not_decode_is_rejected_by_itself():
    content = "".join(card(f"FN:José {number}", f"TEL:1198765000{number}") for number in range(9)).encode()
    file = io.BytesIO(content.replace("José 4".encode(), b"Jos\xe9 4"))
    seen = inspect(file, "contacts.vcf")
    rows = [row for batch in read_batches(file, seen.dialect) for row in batch.to_pylist()]
    assert [row["row_number"] for row in rows if row["problem"] == "row_undecodable"] == [6]


def test_cards_are_read_across_blocks_of_the_file(monkeypatch):
    monkeypatch.setattr("lead_store.intake.reading.texts.text.BLOCK_BYTES", 7)
    _, people = read("".join(card(f"FN:José\r\n  {number}") for number in range(20)))
    assert [person["Full name"] for person in people] == [f"José {number}" for number in range(20)]


@pytest.mark.parametrize(
    "content", ["BEGIN:VCARD\n", "BEGIN:VCARD\nEND:VCARD\n", "BEGIN:VCARD\n" + "a" * 3_000_000, "BEGIN:VCARD\n :" * 9]
)
def test_cards_without_anybody_are_refused(content):
    with pytest.raises(Unreadable):
        inspect(io.BytesIO(content.encode()), "contacts.vcf")


@pytest.mark.parametrize("text", ['TEL;"', 'TEL;TYPE="a"', ";", "\n ", "=\n", "a.", 'FN;"":x'])
def test_cards_that_never_end_come_to_an_end(text):
    content = "BEGIN:VCARD\nFN;QUOTED-PRINTABLE:Ana=\n" + text * 50_000
    with suppress(Unreadable):
        assert inspect(io.BytesIO(content.encode()), "contacts.vcf").rows <= 1
