import pytest

from lead_store.intake.fields import Field
from lead_store.intake.mapping.headers import normal_form, parse
from lead_store.intake.mapping.senses import Sense


@pytest.mark.parametrize(
    ("header", "meaning"),
    [
        ("Número de telefone", Field.PHONE),
        ("NÃºmero de telefone", Sense.NUMBER),  # UTF-8 read as Windows-1252
        ("N?mero de telefone", Sense.NUMBER),  # accents replaced by question marks
        ("Nmero de telefone", Sense.NUMBER),  # accents deleted
        ("NMERO CELULAR", Sense.MOBILE),
        ("Phne", Field.PHONE),
        ("Compny", Field.COMPANY),
        ("MOBILEPHONE", Sense.MOBILE),
        ("phoneNumber", Field.PHONE),
        ("buyer_phone", Sense.BUYER),
        ("contact.phone", Sense.CONTACT),
        ("Phone 2 - Value", Field.PHONE),
        ("☎ Contact", Field.PHONE),
        ("WhatsApp (com DDD)", Sense.WITH_AREA_CODE),
        ("Telefone da mãe", Sense.STRANGER),
        ("Celular do responsável", Sense.GUARDIAN),
        ("Kundenname", Sense.PERSON),
        ("IDCliente", Field.EXTERNAL_ID),
        ("Рабочий телефон(ы)", Field.PHONE),
        ("Kunde(n)", Sense.PERSON),
        ("TelÃ©fono", Field.PHONE),
        ("EMERGÊNCIAS", Sense.STRANGER),  # the plural of a known word
    ],
)
def test_words_are_understood_however_written(header: str, meaning: Sense | Field) -> None:
    assert meaning in parse(header).meanings


@pytest.mark.parametrize("header", ["game", "forma", "fame", "xyz", "Zubringer"])
def test_other_words_are_not_taken_for_misspelt_ones(header: str) -> None:
    assert not {meaning for meaning in parse(header).meanings if isinstance(meaning, Field)}


def test_a_mended_word_is_no_evidence_as_written() -> None:
    header = parse("utm_content")  # one letter from "consent"
    assert Sense.OPT_IN not in header.as_written.meanings


@pytest.mark.parametrize("header", ["Kunde(n)", "Telefone(s)", "Telefono(i)", "Aluno(a)", "Телефон(ы)"])
def test_the_ending_of_a_word_says_nothing(header: str) -> None:
    parsed = parse(header)
    assert (len(parsed.phrases), parsed.unknown) == (1, ())


def test_ordinals_are_read() -> None:
    assert (parse("Phone 2 - Value").ordinal, parse("Phone").ordinal) == (2, 1)


@pytest.mark.parametrize(
    ("one", "other"),
    [("E-Mail", "e mail"), ("First_Name", "first name"), ("Téléphone ", "telephone"), ("phoneNumber", "Phone number")],
)
def test_writings_of_the_same_header_have_one_normal_form(one: str, other: str) -> None:
    assert normal_form(one) == normal_form(other)
