import time

import pytest

from lead_store.intake.fields import Field
from lead_store.intake.mapping import suggest
from tests.unit.intake.tables import fields_of, mapping_of


def test_a_short_name_with_a_number_is_a_name_and_an_amount_is_none() -> None:
    phones = ["11987654321", "21998765432"]
    assert fields_of({"Nome": ["Ana 2", "Rui 3"], "Celular": phones}, "BR")[0] is Field.NAME
    assert fields_of({"Nome": ["R$ 2,50", "EUR 3"], "Celular": phones}, "BR")[0] is None


def test_a_consent_that_is_outdone_names_the_one_that_counts() -> None:
    table = {"Celular": ["11987654321"], "Aceita WhatsApp?": ["Sim"], "Não deseja receber e-mails": ["não"]}
    mapping = mapping_of(table, "BR")
    assert [column.field for column in mapping.columns][1:] == [Field.OPTED_OUT, None]
    assert "“Aceita WhatsApp?” is used instead" in mapping.columns[2].reason


def test_an_area_code_joins_the_phone_beside_it() -> None:
    table = {
        "Nome": ["Ana"],
        "DDD Celular": ["11"],
        "Celular": ["98765-4321"],
        "DDD Fone": ["21"],
        "Fone": ["30000000"],
    }
    mapping = mapping_of(table, "BR")
    phones = mapping.columns_of(Field.PHONE)
    codes = [mapping.area_code_of(phone) for phone in phones]
    assert [code.header for code in codes if code] == ["DDD Celular", "DDD Fone"]


@pytest.mark.parametrize("header", ["(DDD) Telefone", "DDD/Telefone", "Telefone (com DDD)", "DDD + Telefone"])
def test_an_area_code_in_the_same_cell_is_a_whole_phone(header: str) -> None:
    assert fields_of({"Nome": [""], header: [""]}) == [Field.NAME, Field.PHONE]


@pytest.mark.parametrize(
    ("headers", "fields"),
    [
        (["Nome", "Sobrenome"], [Field.FIRST_NAME, Field.LAST_NAME]),
        (["Nome", "Telefone"], [Field.NAME, Field.PHONE]),
        (["Nome completo", "Nome", "Sobrenome"], [Field.NAME, Field.FIRST_NAME, Field.LAST_NAME]),
        (["Nom", "Prénom"], [Field.LAST_NAME, Field.FIRST_NAME]),
        (["Nom", "Titre", "Prénom", "Nom"], [None, None, Field.FIRST_NAME, Field.LAST_NAME]),
        (["Name", "Vorname"], [Field.LAST_NAME, Field.FIRST_NAME]),
        (["Name", "First name", "Last name"], [Field.NAME, Field.FIRST_NAME, Field.LAST_NAME]),
        (["Nome", "Apelido", "Telemóvel"], [Field.FIRST_NAME, Field.LAST_NAME, Field.PHONE]),  # Portugal
        (["Nome", "Apelido", "Celular"], [Field.NAME, None, Field.PHONE]),  # Brazil: a nickname
        (["Name (First)", "Name (Last)"], [Field.FIRST_NAME, Field.LAST_NAME]),
        (["Last Name, First Name"], [Field.NAME]),
        (["Nombre o mote", "Apellidos"], [Field.FIRST_NAME, Field.LAST_NAME]),
        (["Name / Nickname"], [Field.NAME]),
        (["Name of the login"], [None]),
    ],
)
def test_names_are_told_by_what_stands_beside_them(headers: list[str], fields: list[Field | None]) -> None:
    assert [column.field for column in suggest(headers, [[] for _ in headers]).columns] == fields


def test_name_beside_first_name_is_told_by_its_values() -> None:
    assert fields_of({"First name": ["Ana"], "Name": ["Ana Souza"]})[1] == Field.NAME
    assert fields_of({"First name": ["Ana"], "Name": ["Souza"]})[1] == Field.LAST_NAME


OTHERS = """
    Mother's Phone|Telefone da mãe|Celular vendedor|Assistant's Phone|Emergency Phone|Téléphone du conjoint|
    Telefon Notfall|Company Phone|Telefone da empresa|Agent mobile|Phone type|Phone Verified|Phone Country Code|
    Phone Ext.|DDI|Fax|Last WhatsApp message|SMS count|Mobile App Version|Phone model|Telefonart|CPF do cliente|
    Telefone recado|Sender phone|Customer service phone|Operadora do celular|Store phone|PHONE_NUMBER_ID|Do not
    SMS| Email type|Email verified|E-mail do vendedor|Mailing City|Email campaign|Emails sent|Owner email|Parent
    email| Product name|Nome do evento|Nome da mãe|Vendedor|Username|Nickname|Maiden name|Last contact|First
    purchase| Metric name|First in|Last out|Number of seats per customer|
    Consent date|Newsletter clicks|Termo de consentimento|Aceito os termos|Lead owner|Campaign ID"""


@pytest.mark.parametrize(
    "header",
    [" ".join(header.split()) for header in OTHERS.split("|")],
)
def test_other_peoples_and_other_things_are_left_alone(header: str) -> None:
    mapping = suggest(["Full name", "Birthday", "Score", header], [[], [], [], []])
    assert mapping.columns[3].field in (None, Field.OPTED_OUT if header == "Do not SMS" else None)


def test_the_guardian_stands_in_where_no_child_can_be_reached() -> None:
    mapping = suggest(["Aluno", "Responsável", "Celular do responsável", "Turma"], [[], [], [], []])
    assert [column.field for column in mapping.columns] == [None, Field.NAME, Field.PHONE, None]
    assert mapping.columns[2].confidence <= 0.6


def test_the_guardian_does_not_where_a_child_can() -> None:
    headers = ["Aluno", "Celular do aluno", "Responsável", "Celular do responsável"]
    fields = [column.field for column in suggest(headers, [[] for _ in headers]).columns]
    assert fields == [Field.NAME, Field.PHONE, None, None]


def test_who_pays_is_left_out_where_somebody_else_attends() -> None:
    headers = ["Nome do participante", "E-mail do participante", "Nome do comprador", "E-mail do comprador"]
    fields = [column.field for column in suggest(headers, [[] for _ in headers]).columns]
    assert fields == [Field.NAME, Field.EMAIL, None, None]


@pytest.mark.parametrize(
    ("header", "values", "opt_in"),
    [
        ("Accepts SMS Marketing", ["yes", "no"], True),
        ("Aceita receber mensagens?", ["Sim", "Não"], True),
        ("Email Opt Out", ["true", "false"], False),
        ("Descadastrado", ["Sim", ""], False),
        ("Estado", ["Suscrito", "Baja"], True),  # only the values tell that it is no state of Brazil
        ("Can we contact you by WhatsApp?", ["Yes", "No"], True),
    ],
)
def test_consents_of_both_polarities_are_found(header: str, values: list[str], opt_in: bool) -> None:
    (column,) = mapping_of({"Nome": ["Ana", "Bia"], header: values}).columns_of(Field.OPTED_OUT)
    assert (column.header, column.opt_in) == (header, opt_in)


@pytest.mark.parametrize(
    ("consent", "refusal"),
    [("sms_opt_in", "do_not_contact"), ("Aceita WhatsApp", "Não perturbe"), ("Email opt-out", "DND")],
)
def test_who_wants_no_contact_at_all_outranks_a_consent_to_one_channel(consent: str, refusal: str) -> None:
    table = {"Telefone": ["11987654321", "21987654321"], consent: ["yes", "no"], refusal: ["no", "yes"]}
    assert [column.header for column in mapping_of(table, "BR").columns_of(Field.OPTED_OUT)] == [refusal]


def test_the_contact_person_of_somebody_with_a_name_of_their_own_is_left_alone() -> None:
    headers = ["Nombres", "Apellidos", "Celular", "Nombre - Persona de contacto", "Teléfono - Persona de contacto"]
    fields = [column.field for column in suggest(headers, [[] for _ in headers]).columns]
    assert fields == [Field.FIRST_NAME, Field.LAST_NAME, Field.PHONE, None, None]


def test_points_for_a_newsletter_are_no_consents_to_it() -> None:
    names = ["Ana", "Bo", "Cy", "Di", "Ed"]
    assert fields_of({"Name": names, "Newsletter": ["15", "Excused", "-5", "Excused", "Absent"]})[1] is None


def test_the_date_of_a_subscription_is_no_consent() -> None:
    assert fields_of({"Name": ["Ana", "Bo"], "Subscribed": ["2024-01-01", "2024-01-02"]})[1] is None


@pytest.mark.parametrize(
    ("header", "values", "field"),
    [
        ("Country code", ["+55", "55"], Field.COUNTRY),
        ("Country code", ["076", "840"], None),
        ("Country", ["+55", "+351"], Field.COUNTRY),
        ("Country", ["1", "7"], None),
        ("DDI", ["55", "351"], Field.COUNTRY),
        ("DDI", ["ramal 5", "n/a"], None),
        ("Dial code", ["Brazil (+55)", "+1"], Field.COUNTRY),
        ("Phone country", ["BR", "Portugal"], Field.COUNTRY),
        ("Phone country", ["mobile", "home"], None),
        ("Emergency contact country code", ["+55", "+351"], None),
    ],
)
def test_the_country_of_the_phone_may_be_its_calling_code(header: str, values: list[str], field: Field | None) -> None:
    table = {"Name": ["Ana", "Bo"], "Phone": ["11987654321", "21987654321"], header: values}
    assert fields_of(table)[2] is field


def test_the_calling_code_of_the_phone_goes_before_where_somebody_lives() -> None:
    table = {"Country": ["Brazil", "France"], "Phone": ["912345678", "21987654321"], "DDI": ["351", "55"]}
    assert fields_of(table) == [None, Field.PHONE, Field.COUNTRY]


def test_a_number_right_of_an_area_code_is_the_rest_of_the_phone() -> None:
    numbers = ["98765-4321", "98765-4322"]
    table = {"DDD": ["11", "21"], "Número": numbers, "Rua": ["A", "B"], "Nº": ["12", "7"]}
    assert fields_of(table)[:2] == [Field.AREA_CODE, Field.PHONE]
    assert fields_of({"Rua": ["A", "B"], "Número": numbers})[1] is None


def test_two_thousand_columns_are_matched_quickly() -> None:
    headers = [f"Custom property zq{index}" for index in range(2000)]
    samples = [[f"11 9{row:04d}-{index:04d}" for row in range(20)] for index in range(2000)]
    started = time.process_time()
    suggest(headers, samples, "BR")
    # About 0.8 s of processor time; the margin is for slower machines.
    assert time.process_time() - started < 5


def test_columns_of_tags_that_differ_by_a_number_feed_them_together() -> None:
    headers = ["name", "tag 1", "Tag 2", "tag 3", "Tag colour"]
    samples = [["Ana", "Rui"], ["vip", "new"], ["east", "west"], [], ["red", "blue"]]
    fields = [column.field for column in suggest(headers, samples).columns]
    assert fields == [Field.NAME, Field.TAGS, Field.TAGS, Field.TAGS, None]
