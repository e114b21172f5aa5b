"""What the values of a column say: for and against its header, and where no header helps."""

import pytest

from lead_store.intake.fields import Field
from lead_store.intake.mapping import typical_of
from lead_store.intake.mapping.profiles import Kind, kind_of
from tests.unit.intake.tables import fields_of, mapping_of

PHONES = ["11987654321", "21998765432", "31998765432"]
FIVE_PHONES = [*PHONES, "41998765432", "51998765432"]
PEOPLE = ["Maria Silva", "João Souza", "Ana Lima"]


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


def test_old_mobiles_are_phones_though_what_becomes_of_them_is_asked() -> None:
    table = {"Nome": PEOPLE[:2], "Numero": ["8897851443", "8688653845"]}
    assert fields_of(table, "BR") == [Field.NAME, Field.PHONE]
    assert fields_of(table, "US") == [Field.NAME, None]


def test_headers_that_were_mixed_up_give_way_to_nearly_all_values() -> None:
    emails = ["ana@example.com", "bia@example.com", "rui@example.com"]
    assert fields_of({"Email": PHONES, "Telefone": emails}, "BR") == [Field.PHONE, Field.EMAIL]
    assert fields_of({"Email": PHONES, "Telefone": PHONES[::-1]}, "BR")[1] is Field.PHONE
    assert fields_of({"Email": PHONES, "Celular da mãe": emails}, "BR") == [Field.PHONE, None]


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


def test_a_contact_column_may_label_its_phones() -> None:
    cells = [f"| TIPO FONE: Celular | FONE: 4799200{place:04} | RAMAL: " for place in range(4)]
    mapping = mapping_of({"Nome": ["Ana", "Bia", "Caio", "Davi"], "Contatos": cells}, "BR")
    assert mapping.columns[1].field is Field.PHONE
    assert mapping.columns[1].reason.startswith("100% of the values hold phone numbers")


def test_where_a_phone_rings_is_enough_of_a_header_over_phones() -> None:
    table = {
        "Handy": ["+4915155061987", "+491606144795"],
        "Büro": ["+49236581811", "+4923686997219"],
        "Privat": ["+491731948971", "+4917623526446"],
        "Stadt": ["Marl", "Herten"],
    }
    mapping = mapping_of(table, "DE")
    assert [column.header for column in mapping.columns_of(Field.PHONE)] == ["Handy", "Privat", "Büro"]


def test_values_that_come_again_and_again_are_no_ids() -> None:
    assert fields_of({"Customer ID": ["7", "7", "8", "7", "8", "8"], "Name": ["A B"] * 6})[0] is None


@pytest.mark.parametrize("header", ["", "Column 2", "Requisitado", "Recebedor", "Consignee"])
def test_people_are_told_from_cities_by_their_names_where_no_header_says_name(header: str) -> None:
    table = {"A": ["São Paulo", "Porto Alegre", "Belo Horizonte"], header: PEOPLE, "C": PHONES}
    assert fields_of(table, "BR") == [None, Field.NAME, Field.PHONE]


# Of no list of given names.
RARE = ["Khurramov Viranu", "Zgbert Quuxley", "Ouisal Lecasz", "Betsaidu Petronilhu", "Souhilu Valleroz"]
STREETS = ["Ribeira Alte", "Serro Verdu", "Monte Altu", "Campo Largu", "Ponte Novu"]


@pytest.mark.parametrize(
    ("beside", "field"),
    [
        (["São Paulo", "Santos", "Osasco", "Santos", "Campinas"], Field.NAME),
        (["3 x blue", "n/a", "", "2 x red", "blue"], Field.NAME),
        (STREETS, None),  # as well them
    ],
)
def test_the_one_column_written_like_names_is_taken_for_them(beside: list[str], field: Field | None) -> None:
    table = {"Column 1": FIVE_PHONES, "Column 2": RARE, "Column 3": beside}
    assert fields_of(table, "BR") == [Field.PHONE, field, None]


def test_what_comes_again_or_stands_below_a_word_is_not_taken_for_names_by_its_form() -> None:
    assert fields_of({"Column 1": FIVE_PHONES, "Column 2": [*RARE[:2], *RARE[:2], RARE[0]]}, "BR")[1] is None
    assert fields_of({"Column 1": FIVE_PHONES, "Zqx": RARE}, "BR")[1] is None


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
