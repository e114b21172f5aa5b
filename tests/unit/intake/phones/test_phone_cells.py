"""Single cells: what is read, what is repaired, what is refused and why."""

import pytest

from lead_store.intake.phones import REPAIRS
from lead_store.intake.phones.cells import read_cell
from lead_store.intake.phones.numbers import is_cpf

READ = [
    # cell, region, E.164, repair, remark
    ("(11) 98765-4321", "BR", "+5511987654321", None, "as people write it"),
    ("+55 11 98765-4321", None, "+5511987654321", None, "international needs no region"),
    ("5511987654321", "BR", "+5511987654321", "own_country_code", "no plus"),
    ("55996123456", "BR", "+5555996123456", None, "area 55, not the country code"),
    ("4915123456789", "DE", "+4915123456789", "own_country_code", "phonenumbers reads a landline"),
    ("62812345678", "ID", "+62812345678", "own_country_code", "phonenumbers doubles the code"),
    ("011 98765-4321", "BR", "+5511987654321", "trunk_zero", "trunk prefix"),
    ("015 11 98765-4321", "BR", "+5511987654321", "carrier_code", "carrier 15"),
    ("(0xx11) 98765-4321", "BR", "+5511987654321", "trunk_zero", "carrier of your choice"),
    ("0055 11 98765-4321", "BR", "+5511987654321", "international_00", "00 is not dialled in Brazil"),
    ("0055 11 98765-4321", "US", "+5511987654321", "international_00", "nor in the United States"),
    ("0049 151 23456789", "FR", "+4915123456789", None, "00 is how France dials abroad"),
    ("+0055 11 98765-4321", "BR", "+5511987654321", "international_00", "both ways at once"),
    ("5511987654321.0", "BR", "+5511987654321", "excel_decimal", "a float"),
    ("5511987654321,00", "BR", "+5511987654321", "excel_decimal", "a float of a comma country"),
    ("1198765432.0", "BR", None, None, "not 11987654320"),
    ("5.511987654321E+12", "BR", "+5511987654321", "scientific_notation", "all digits are there"),
    ("5,511,987,654,321", "BR", "+5511987654321", "thousands_separators", "formatted as a number"),
    ("'+5511987654321", "BR", "+5511987654321", "leading_apostrophe", "to keep Excel off"),
    ('="5511987654321"', "BR", "+5511987654321", "formula_text", "to keep Excel off, too"),
    ("=+5511987654321", "BR", "+5511987654321", "formula_text", "what Excel makes of a typed +"),
    ("p:+5511987654321", "BR", "+5511987654321", "prefix_text", "Meta lead export"),
    ("tel:011-98765-4321", "BR", "+5511987654321", "prefix_text", "a link"),
    ("+５５１１９８７６５４３２１", "BR", "+5511987654321", "unicode_digits", "full width"),
    ("٠٥٠١٢٣٤٥٦٧", "AE", "+971501234567", "unicode_digits", "Arabic digits"),
    ("\u202a+55 11 98765-4321\u202c", "BR", "+5511987654321", "unicode_digits", "marks copied from a page"),
    ("11\u00a098765\u20114321", "BR", "+5511987654321", None, "no-break space and hyphen"),
    ("https://wa.me/5511987654321", "DE", "+5511987654321", "whatsapp_link", "always international"),
    ("5511987654321@s.whatsapp.net", "DE", "+5511987654321", "whatsapp_link", "a WhatsApp id"),
    ("+52 1 55 1234 5678", "MX", "+525512345678", "retired_prefix", "the 1 was abolished"),
    ("044 55 1234 5678", "MX", "+525512345678", "retired_prefix", "so was 044"),
    ("011 15 2345-6789", "AR", "+5491123456789", "national_rewrite", "15 inside, 9 outside"),
    ("(11) 98765-4321 (WhatsApp)", "BR", "+5511987654321", "text_beside", "a label behind"),
    ("Mãe: 11 98765-4321", "BR", "+5511987654321", "text_beside", "a label before"),
    ("(11) 3456-7890 ramal 12", "BR", "+551134567890", "extension", "a word phonenumbers does not know"),
    ("030 123456 App. 12", "DE", "+4930123456", "extension", "phonenumbers would dial App"),
    ("+1 201-555-0123 ext. 45", "US", "+12015550123", "extension", "one it knows"),
    ("1-800-FLOWERS", "US", "+18003569377", "vanity_letters", "toll-free letters"),
    ("030 123456 Max", "DE", "+4930123456", "text_beside", "phonenumbers would dial Max"),
]  # fmt: skip

REFUSED = [
    # cell, region, problem, remark
    ("5,51199E+12", "BR", "phone_truncated", "digits are gone"),
    ("5.51199E+12", "BR", "phone_truncated", "digits are gone"),
    ("########", "BR", "phone_truncated", "a column too narrow when it was copied"),
    ("11 98765-43...", "BR", "phone_truncated", "cut off"),
    ("=A1&B1", "BR", "phone_invalid", "a formula"),
    ("=1+1", "BR", "phone_invalid", "a formula of numbers"),
    ("#ERROR!", "BR", "phone_invalid", "an error of the spreadsheet"),
    ("123.456.789-09", "BR", "phone_invalid", "a CPF written out"),
    ("11.222.333/0001-81", "BR", "phone_invalid", "a CNPJ written out"),
    ("(11) 88765-4321", "BR", "phone_invalid", "a mobile that does not begin with 9"),
    ("98765-4321", "BR", "phone_invalid", "no area code"),
    ("sala 3 11 98765-4321", "BR", "phone_invalid", "digits that nobody can place"),
    ("79OO900123", "GB", "phone_invalid", "letters for zeros"),
    ("-", "BR", "phone_invalid", "nothing"),
    ("11 98765-4321", None, "phone_invalid", "no region to read it in"),
    ("1" * 300, "BR", "phone_invalid", "too long for a cell of a phone"),
]

AMBIGUOUS = [
    # cell, region, pattern, choice, what becomes of it
    ("1187654321", "BR", "ninth_digit:BR", "add", "+5511987654321"),
    ("+551187654321", None, "ninth_digit:BR", "keep", "+551187654321"),
    ("(21) 7777-6666", "BR", "ninth_digit:BR", "add", "+5521977776666"),
    ("447911123456", "BR", "missing_plus:44", "international", "+447911123456"),
    ("447911123456", "BR", "missing_plus:44", "refuse", None),
    ("97254123", "IL", "own_code_short:IL", "national", "+97297254123"),
    ("01123448019", "BR", "cpf:BR", "phone", "+551123448019"),
]


@pytest.mark.parametrize(("cell", "region", "e164", "repair", "remark"), READ)
def test_reads_and_names_the_repair(cell, region, e164, repair, remark):
    reading = read_cell(cell, region, {})
    assert (reading.e164, reading.repair) == (e164, repair), remark
    assert reading.repair is None or reading.repair in REPAIRS


@pytest.mark.parametrize(("cell", "region", "problem", "remark"), REFUSED)
def test_refuses_with_the_reason(cell, region, problem, remark):
    reading = read_cell(cell, region, {})
    assert (reading.e164, reading.problem) == (None, problem), remark


@pytest.mark.parametrize(("cell", "region", "pattern", "choice", "e164"), AMBIGUOUS)
def test_asks_once_per_pattern_and_follows_the_choice(cell, region, pattern, choice, e164):
    asked = read_cell(cell, region, {})
    assert (asked.e164, asked.problem, asked.pattern) == (None, "phone_ambiguous", pattern)
    decided = read_cell(cell, region, {pattern: choice})
    assert (decided.e164, decided.pattern) == (e164, None)
    assert decided.problem == (None if e164 else "phone_invalid")


def test_unknown_choice_leaves_the_question_open():
    assert read_cell("1187654321", "BR", {"ninth_digit:BR": "perhaps"}).problem == "phone_ambiguous"


@pytest.mark.parametrize("blank", ["", "   ", "\u200b", "\t"])
def test_blank_cell_is_no_problem(blank):
    reading = read_cell(blank, "BR", {})
    assert (reading.e164, reading.problem, reading.repair) == (None, None, None)


@pytest.mark.parametrize(
    ("cell", "e164", "others"),
    [
        ("(11) 98765-4321 / (11) 3456-7890", "+5511987654321", "(11) 3456-7890"),
        ("11 9xxx, +55 11 98765-4321", "+5511987654321", "11 9xxx"),
        ("+5511987654321 +5511987654322", "+5511987654321", "+5511987654322"),
        ("11 98765-4321 ou 11 98765-4322", "+5511987654321", "11 98765-4322"),
        ("11 98765-4321\n11 98765-4322", "+5511987654321", "11 98765-4322"),
    ],
)
def test_first_valid_number_of_several_is_used_and_the_rest_kept(cell, e164, others):
    reading = read_cell(cell, "BR", {})
    assert (reading.e164, reading.others, reading.repair) == (e164, others, "first_of_several")


@pytest.mark.parametrize(
    ("cell", "others"),
    [
        ("11 98765-4321 (recado com Bia)", "recado com Bia"),
        ("Mãe: 11 98765-4321", "Mãe"),
        ("p: 11 98765-4321 só à noite", "só à noite"),
        ("casa (fundos) - 11 98765-4321 - depois das 18h", None),
        ("(11) 3456-7890 ramal 12", "ramal 12"),
        ("+55 11 3456-7890 ext. 45", "ext. 45"),
        ("11 98765-4321 (mãe) / 11 98765-4322 (pai)", "mãe; 11 98765-4322 (pai)"),
    ],
)
def test_words_and_extensions_beside_a_number_are_kept(cell, others):
    reading = read_cell(cell, "BR", {})
    assert reading.others == others
    assert bool(reading.e164) == bool(others)  # Digits that nobody can place leave doubt.


def test_email_beside_a_number_is_kept():
    reading = read_cell("ana@example.com 11 98765-4321", "BR", {})
    assert (reading.e164, reading.others) == ("+5511987654321", "ana@example.com")


def test_cpf_that_is_also_a_mobile_is_a_phone_in_a_phone_column():
    cpf = next(f"119{n:08d}" for n in range(60_000_000, 60_001_000) if is_cpf(f"119{n:08d}"))
    assert read_cell(cpf, "BR", {}).e164 == f"+55{cpf}"


def test_bare_cpf_that_is_no_mobile_never_becomes_a_phone():
    cpfs = [f"{n:011d}" for n in range(0, 99_999_999_999, 99_999_901) if is_cpf(f"{n:011d}")]
    assert len(cpfs) >= 5
    readings = [read_cell(cpf, "BR", {}).e164 for cpf in cpfs]
    assert all(e164 is None or (len(e164) == 14 and e164[5] == "9") for e164 in readings)


@pytest.mark.parametrize(
    ("cell", "region", "e164", "others"),
    [
        ("11987654321 11987654322", "BR", "+5511987654321", "11987654322"),
        ("(11) 3456-7890  (11) 98765-4322", "BR", "+551134567890", "(11) 98765-4322"),  # the first, not the mobile
        ("06 12 34 56 78 06 98 76 54 32", "FR", "+33612345678", "06 98 76 54 32"),  # blanks within each, too
        ("11987654321 - 11987654322", "BR", "+5511987654321", "11987654322"),
        ("600111222 600111333 600111444", "ES", "+34600111222", "600111333; 600111444"),
    ],
)
def test_numbers_with_only_blanks_between_them_are_told_apart(cell, region, e164, others):
    reading = read_cell(cell, region, {})
    assert (reading.e164, reading.others, reading.repair) == (e164, others, "first_of_several")


@pytest.mark.parametrize(
    ("cell", "region"),
    [
        ("98765-4321 98765-4322", "BR"),  # neither is a number without its area code
        ("11987654321 98765-4322", "BR"),  # the second is none
        ("01495 72553301873 810104", "GB"),  # the blank is in the wrong place
        ("11987654321 1234", "BR"),  # an extension, a code, a slip: nobody knows
        ("20123456 20123457 20123458 20123459", "DK"),  # more than three are a list
    ],
)
def test_numbers_with_only_blanks_between_them_are_not_guessed_at(cell, region):
    assert read_cell(cell, region, {}).e164 is None
