import time

import pytest

from lead_store.intake.fields import Field
from lead_store.intake.mapping import Mapping, suggest, typical_of
from lead_store.intake.mapping.profiles import Kind, kind_of


def mapping_of(table: dict[str, list[str]], region: str | None = None) -> Mapping:
    return suggest(list(table), list(table.values()), region)


def fields_of(table: dict[str, list[str]], region: str | None = None) -> list[Field | None]:
    return [column.field for column in mapping_of(table, region).columns]


def test_a_short_name_with_a_number_is_a_name_and_an_amount_is_none() -> None:
    phones = ["11987654321", "21998765432"]
    assert fields_of({"Nome": ["Ana 2", "Rui 3"], "Celular": phones}, "BR")[0] is Field.NAME
    assert fields_of({"Nome": ["R$ 2,50", "EUR 3"], "Celular": phones}, "BR")[0] is None


def test_a_consent_that_is_outdone_names_the_one_that_counts() -> None:
    table = {"Celular": ["11987654321"], "Aceita WhatsApp?": ["Sim"], "Não deseja receber e-mails": ["não"]}
    mapping = mapping_of(table, "BR")
    assert [column.field for column in mapping.columns][1:] == [Field.OPTED_OUT, None]
    assert "“Aceita WhatsApp?” is used instead" in mapping.columns[2].reason


def test_values_beat_a_header_that_says_phone() -> None:
    table = {"Telefone": ["52998224725", "11144477735", "12345678909"], "Celular": ["11987654321", "21998765432"]}
    mapping = mapping_of(table, "BR")
    assert [column.header for column in mapping.columns_of(Field.PHONE)] == ["Celular"]
    assert "0%" in mapping.columns[0].reason


@pytest.mark.parametrize(
    "values",
    [
        ["Mobile", "Home"],  # the type of the phone
        ["2024-01-02", "2024-01-03"],
        ["1700000000", "1700000001"],  # Unix times
        ["a" * 64, "b" * 64],  # hashed for an advertiser
        ["529.982.247-25", "111.444.777-35"],
        ["ana@example.com", "bia@example.com"],
    ],
)
def test_what_is_plainly_no_phone_feeds_no_phone(values: list[str]) -> None:
    assert fields_of({"Name": ["Ana Sá", "Bia Lu"], "Phone": values})[1] is None


@pytest.mark.parametrize(
    ("values", "region"),
    [
        (["11987654321"], "BR"),
        (["52998224725"], "BR"),  # one alone may have the check digits of a CPF by chance
        (["1512345678", "1701234567"], "DE"),  # mobiles without their zero look like Unix times
        (["5,51199E+12", "5,51198E+12"], "BR"),  # digits lost: for the phones to report
        (["p:+919656000000"], None),
        (["250788382382.0"], None),
        (["+55 11 98765-4321 / +55 11 3000-0000"], "BR"),
        (["", ""], None),
    ],
)
def test_phones_in_any_dress_feed_phone(values: list[str], region: str | None) -> None:
    assert fields_of({"Phone": values}, region) == [Field.PHONE]


@pytest.mark.parametrize(
    ("header", "value", "field"),
    [
        ("Phone country code", "+55", Field.COUNTRY),
        ("Country code", "351", Field.COUNTRY),
        ("id", "5511987654321@c.us", Field.PHONE),
        ("Tag", "12", None),  # a day, in German
    ],
)
def test_a_stray_note_makes_nothing_else_of_a_column(header: str, value: str, field: Field | None) -> None:
    for strays in ([], ["n/a"]):
        assert fields_of({"Name": ["Ana Sá"] * 20, header: [value] * 19 + strays}, "BR")[1] is field


@pytest.mark.parametrize(
    ("cells", "field", "reason"),
    [
        (
            ["não informado"] * 34 + [f"11 98765-43{place}" for place in range(10, 16)],
            Field.PHONE,
            "86% of the different",
        ),
        ([*(f"11 98765-43{place}" for place in range(10, 14)), *map(str, range(100, 136))], Field.PHONE, "yet few of"),
        (list(map(str, range(100, 140))), None, "but only 0%"),
    ],
)
def test_a_phone_column_may_say_none_most_of_the_time(cells: list[str], field: Field | None, reason: str) -> None:
    _, column = mapping_of({"Nome": ["Ana Sá"] * 40, "Telefone": cells}, "BR").columns
    assert column.field is field
    assert reason in column.reason


def test_ids_with_letters_amid_are_no_dates() -> None:
    table = {"Matrícula": ["01UNIDEX1000", "01UNIDEX1001"], "Nome": ["Ana Sá", "Bia Lu"], "Celular": PHONES[:2]}
    assert fields_of(table, "BR")[0] is Field.EXTERNAL_ID
    dates = ["12 março 2024", "Jan 5, 2024", "3-dez-24", "12 de maio de 2024"]
    assert fields_of({**table, "Matrícula": dates[:2]}, "BR")[0] is None
    assert all(kind_of(date) is Kind.DATE for date in dates)


def test_people_are_shown_what_most_of_a_column_looks_like() -> None:
    values = ["teste", "sem telefone", "11 98765-4321", "11 98765-4322", "ana@example.org", "11 98765-4321", "21 3"]
    assert typical_of(values) == ("11 98765-4321", "11 98765-4322", "teste", "sem telefone", "ana@example.org")
    assert typical_of([]) == ()


def test_a_file_without_headers_goes_by_its_values() -> None:
    table = {
        "Column 1": ["Ana Souza", "Bruno Lima", "Carla Dias"],
        "Column 2": ["+55 11 98765-4321", "+55 21 99876-5432", "+55 31 98888-7777"],
        "Column 3": ["ana@example.com", "bruno@example.com", "carla@example.com"],
        "Column 4": ["529.982.247-25", "111.444.777-35", "123.456.789-09"],
    }
    assert fields_of(table) == [Field.NAME, Field.PHONE, Field.EMAIL, None]


def test_ids_of_ten_digits_below_an_unknown_word_are_no_phones() -> None:
    table = {"Name": ["Ana", "Bo", "Cy"], "Zubringer": ["2125550123", "3125550199", "4155550134"]}
    assert fields_of(table, "US")[1] is None


@pytest.mark.parametrize("header", ["Contato", "Contact", "Contact info"])
def test_a_contact_column_goes_by_its_values(header: str) -> None:
    assert fields_of({"Nome": ["Ana", "Bia"], header: ["11987654321", "21987654321"]}) == [Field.NAME, Field.PHONE]


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
    purchase| Consent date|Newsletter clicks|Termo de consentimento|Aceito os termos|Lead owner|Campaign ID"""


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


def test_the_date_of_a_subscription_is_no_consent() -> None:
    assert fields_of({"Name": ["Ana", "Bo"], "Subscribed": ["2024-01-01", "2024-01-02"]})[1] is None


def test_values_that_come_again_and_again_are_no_ids() -> None:
    assert fields_of({"Customer ID": ["7", "7", "8", "7", "8", "8"], "Name": ["A B"] * 6})[0] is None


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


PHONES = ["11987654321", "21998765432", "31998765432"]
PEOPLE = ["Maria Silva", "João Souza", "Ana Lima"]


@pytest.mark.parametrize("header", ["", "Column 2", "Requisitado", "Recebedor", "Consignee"])
def test_people_are_told_from_cities_by_their_names_where_no_header_says_name(header: str) -> None:
    table = {"A": ["São Paulo", "Porto Alegre", "Belo Horizonte"], header: PEOPLE, "C": PHONES}
    assert fields_of(table, "BR") == [None, Field.NAME, Field.PHONE]


def test_family_names_before_given_ones_are_people_too() -> None:
    families_first = ["Mukamana Claudine", "Uwase Aline", "Habimana Eric"]
    assert fields_of({"": families_first, "B": ["0788123456", "0788123457", "0788123458"]}, "RW")[0] is Field.NAME


@pytest.mark.parametrize(
    ("given", "families"),
    [
        (["Joseph", "Lucy", "Thomas", "Ruth"], ["Rogers", "Lee", "Thomas", "Jordan"]),
        (["Filip", "Bianka", "Jacek", "Nicole"], ["Kowalski", "Nowak", "Wiśniewski", "Pajda"]),
        (["मुक्ता", "लक्ष्मी", "गणेश"], ["सेनगुप्ता", "शाह", "मालिक"]),
    ],
)
def test_families_called_by_given_names_are_told_by_the_rest(given: list[str], families: list[str]) -> None:
    phones = ["+14155550101", "+14155550102", "+14155550103", "+14155550104"][: len(given)]
    assert fields_of({"A": given, "B": families, "C": phones}) == [Field.FIRST_NAME, Field.LAST_NAME, Field.PHONE]
    assert fields_of({"A": families, "B": given, "C": phones}) == [Field.LAST_NAME, Field.FIRST_NAME, Field.PHONE]


@pytest.mark.parametrize("names", [["Ana", "Rui", "Bia", "Caio"], ["류민석", "한상철", "서은지", "최지우"]])
def test_a_city_beside_the_name_is_no_family(names: list[str]) -> None:
    cities = ["Campinas", "Santos", "Osasco", "Sorocaba"]
    phones = [*PHONES, "41998765432"]
    assert fields_of({"A": names, "B": cities, "C": phones}, "BR") == [Field.NAME, None, Field.PHONE]


def test_the_same_phone_in_each_row_is_the_offices() -> None:
    assert fields_of({"A": PEOPLE, "B": ["1133334444"] * 3, "C": PHONES}, "BR") == [Field.NAME, None, Field.PHONE]


def test_first_and_last_names_side_by_side_are_told_by_their_values() -> None:
    table = {
        "A": ["Ana", "João", "Maria"],
        "B": ["Silva", "Souza", "Lima"],
        "C": ["Recife", "Olinda", "Natal"],
        "D": PHONES,
    }
    assert fields_of(table, "BR") == [Field.FIRST_NAME, Field.LAST_NAME, None, Field.PHONE]
    del table["B"]
    assert fields_of(table, "BR") == [Field.NAME, None, Field.PHONE]


@pytest.mark.parametrize(
    ("header", "values"),
    [
        ("Requisitado", ["Loja Centro", "Loja Sul", "Loja Norte"]),
        ("Requisitado", ["Maria Silva", "Maria Silva", "Maria Silva"]),  # who keeps the list
        ("Requisitado", ["Maria Silva", "João Souza", "-"]),  # two say too little under a word that we do not know
        ("Vendedor", PEOPLE),
        ("Cidade", ["Santa Maria", "São João", "José Bonifácio"]),
    ],
)
def test_what_may_be_something_else_is_nobodys_name(header: str, values: list[str]) -> None:
    assert fields_of({header: values, "Celular": PHONES}, "BR") == [None, Field.PHONE]


@pytest.mark.parametrize(
    ("header", "values", "field"),
    [
        ("Column 1", ["Ana", "Bia", "+5511987654321", "+5511987654322"], Field.PHONE),
        ("", ["Ana", "ana@exemplo.com", "bia@exemplo.com"], Field.EMAIL),
        ("Column 1", ["Ana", "Bia", "Cai", "+5511987654322"], None),
        ("Column 1", ["10000000001", "10000000002", "10000000003"], None),
        ("Pedido", ["Ana", "+5511987654321", "+5511987654322"], None),
    ],
)
def test_of_an_only_column_half_of_the_values_tell_what_it_is_for(header: str, values: list[str], field) -> None:
    assert fields_of({header: values}, "BR") == [field]


def test_columns_of_tags_that_differ_by_a_number_feed_them_together() -> None:
    headers = ["name", "tag 1", "Tag 2", "tag 3", "Tag colour"]
    samples = [["Ana", "Rui"], ["vip", "new"], ["east", "west"], [], ["red", "blue"]]
    fields = [column.field for column in suggest(headers, samples).columns]
    assert fields == [Field.NAME, Field.TAGS, Field.TAGS, Field.TAGS, None]
