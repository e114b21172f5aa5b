"""What cannot be imported is refused with a sentence and leaves nothing behind; one bad row spoils no other."""

import io
import re
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from lead_store import imports
from lead_store.errors import Invalid, Unreadable
from lead_store.settings import get_settings
from lead_store.storage import database
from tests.integration.flows import PEOPLE

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"
# An encrypted workbook is an OLE file with a stream of this name (MS-OFFCRYPTO, 2.3.4.4).
ENCRYPTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(512)


def zip_of(name: str, content: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return target.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("people.csv", b"", "file_empty"),
        ("people.csv", b"Nome,Telefone\n", "file_header_only"),
        ("people.csv", PNG, "file_kind"),
        ("people.xlsx", PDF, "file_kind"),
        ("people.xlsx", ENCRYPTED, "file_encrypted"),
        ("people.csv", (",".join(f"c{n}" for n in range(2000)) + "\n" + "1," * 1999 + "1\n").encode(), "file_too_wide"),
        ("people.zip", zip_of("people.csv", b"a,b\n" + b"0,0\n" * 30_000_000), "file_expands"),
    ],
    ids=["empty", "only a header", "an image", "a PDF", "encrypted", "2,000 columns", "a zip bomb"],
)
def test_a_file_that_cannot_be_read_is_refused_and_nothing_is_kept(home, tx, organization, name, content, code):
    with pytest.raises(Unreadable) as refused:
        imports.receive(tx, organization, name, io.BytesIO(content), "test")
    assert refused.value.code == code
    assert refused.value.detail.endswith(".")
    assert imports.count_imports(tx) == 0
    assert not (home / "files" / "imports" / str(organization.id)).exists()


def test_a_file_over_the_limit_is_refused(tx, organization, monkeypatch):
    monkeypatch.setenv("LEAD_STORE_UPLOAD_LIMIT_BYTES", "1000")
    get_settings.cache_clear()
    try:
        with pytest.raises(Unreadable, match="larger than 1000 bytes") as refused:
            imports.receive(tx, organization, "people.csv", io.BytesIO(b"a,b\n" * 1000), "test")
        assert refused.value.code == "file_too_large"
    finally:
        monkeypatch.undo()
        get_settings.cache_clear()


def test_without_a_usable_column_the_review_cannot_be_asked_for(tx, organization):
    run = imports.receive(tx, organization, "people.csv", io.BytesIO(b"Cor,Tamanho\nazul,P\nverde,M\n"), "test")
    with pytest.raises(Invalid) as refused:
        imports.map_columns(
            tx, run.id, imports.get_mapping(run), "test", region="BR", channel="whatsapp", on_existing="update"
        )
    assert refused.value.code == "mapping_incomplete"


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (b"Bia;11987654322\n", "row_too_short"),
        (b"Bia;11987654322;Natal;x;y\n", "row_too_long"),
        (b"B\xffia\x81;11987654322;Natal\n", "row_undecodable"),
    ],
)
def test_a_damaged_row_is_rejected_with_its_reason_and_the_others_import(run_import, row, problem):
    good = "".join(f"Ana Conceição {n};119876540{n:02d};São Paulo\n" for n in range(30)).encode()
    outcome = run_import(b"Nome;Celular;Cidade\n" + good + row + b"Caio;11987654323;Natal\n")
    assert (outcome["ledger"]["created"], outcome["ledger"]["rejected"]) == (31, 1)
    assert outcome["problems"] == {problem: 1}


def test_a_cell_of_a_megabyte_is_left_out_and_the_row_imports(run_import, organization):
    outcome = run_import(f"Nome,Celular,Notas\nAna,11987654321,{'x' * 1_000_000}\nBia,11987654322,curta\n")
    assert outcome["ledger"]["created"] == 2
    assert outcome["problems"] == {"value_too_long": 1}


def test_the_same_upload_twice_at_once_makes_each_person_once(run_import, organization):
    content = "Nome,Celular\n" + "".join(f"Ana {n},1198765{n:04d}\n" for n in range(200))
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(run_import, [content, content]))
    for outcome in outcomes:
        assert sum(rows for bucket, rows in outcome["ledger"].items() if bucket != "read") == 200
    assert sum(outcome["ledger"]["created"] for outcome in outcomes) == 200
    with database.transaction(organization.id) as tx:
        assert tx.execute(text("select count(*) from lead_organization")).scalar() == 200


def test_an_unfinished_import_of_the_same_file_is_found(tx, organization):
    content = b"Nome,Celular\nAna,11987654321\n"
    run = imports.receive(tx, organization, "people.csv", io.BytesIO(content), "test")
    assert imports.find_same_file(tx, io.BytesIO(content)).id == run.id
    assert imports.find_same_file(tx, io.BytesIO(content + b"Bia,11987654322\n")) is None


@pytest.mark.parametrize(
    "name",
    [
        "../../other/people.csv",
        "..\\..\\other\\people.csv",
        'people"\r\nSet-Cookie: a=b; x=".csv',
        "/etc/passwd.csv",
        "\x00.csv",
        "." * 300 + ".csv",
    ],
)
def test_file_name_leads_to_no_other_place_and_into_no_header(organization, name):
    with database.transaction(organization.id) as tx:
        run = imports.receive(tx, organization, name, io.BytesIO(PEOPLE.encode()), "eve")
    assert re.fullmatch(rf"\w+/{organization.id}/{run.id}/[\w.()-]+", run.object_key)
    assert ".." not in run.object_key.split("/")
    assert run.file_name.isprintable()
