"""Which character separates the columns, where several could."""

import io

import pytest

from lead_store.intake.reading import inspect
from lead_store.intake.reading.dialect import Dialect
from lead_store.intake.reading.texts.delimiters import sniff


@pytest.mark.parametrize(
    ("text", "delimiter", "width"),
    [
        ("one|two,two|three\nfour|five,five|six\n", "|", 3),
        ('"Nome, completo";Fone;"UF"\n"Lima, Ana";1;SP\n', ";", 3),
        # Decimal commas stand in every row but the header.
        ("peso;altura\n70,5;1,80\n81,2;1,75\n", ";", 2),
        # Names written "Silva, Ana" are one column: the comma is punctuation there.
        ("Nome\nSilva, Ana\nReis, Bia\n", None, 1),
        ("telefone\n11 98888-0001\n11 98888-0002\n", None, 1),
        ("a~b~c\n1~2~3\n", "~", 3),
        ("nome\x01fone\nAna Lima\x0111 98888-0001\n", "\x01", 2),
        ("first\tlast\nAna Maria\tde Lima\n", "\t", 2),
    ],
)
def test_the_delimiter_gives_rows_of_one_width(text, delimiter, width):
    sniffed = sniff(text, Dialect("csv"), {}, None, is_whole=True)
    assert sniffed.width == width
    assert delimiter is None or sniffed.dialect.delimiter == delimiter


def test_a_fixed_delimiter_is_not_judged():
    assert sniff("a;b\n1;2\n", Dialect("csv"), {"delimiter": ","}, None, is_whole=True).dialect.delimiter == ","


def test_a_text_with_control_characters_between_its_cells_is_a_text():
    seen = inspect(io.BytesIO(b"nome\x01fone\nAna Lima\x0111 98888-0001\nBia\x0111 98888-0002\n"), "people.dat")
    assert (seen.dialect.delimiter, seen.rows) == ("\x01", 2)


@pytest.mark.parametrize(
    ("rows", "quote"),
    [
        # A program that knows no quotes: those in a name are its own.
        (['"Ana" Lima\t1', '"Bia" Reis\t2', "Cai\t3", '"Dan\t4'], None),
        # Rows that are quoted tell that two others are damaged.
        (['"Ana" Lima\t1', '"Bia" Reis\t2', '"Cai"\t3', '"Dan"\t4', '"Eva"\t5'], '"'),
        (['"Ana" Lima\t1', "Bia\t2", "Cai\t3"], '"'),
        # An address over two lines.
        (['"Ana\nLima"\t1', '"Bia\nReis"\t2', '"Cai\nSá"\t3', '"Dan\nLuz"\t4'], '"'),
    ],
)
def test_quotes_are_text_where_most_of_them_enclose_nothing(rows, quote):
    text = "\n".join(["name\tpoints", *rows, ""])
    assert sniff(text, Dialect("csv"), {}, None, is_whole=True).dialect.quote == quote
    assert sniff(text, Dialect("csv"), {"quote": "'"}, None, is_whole=True).dialect.quote == "'"


def test_values_of_a_program_without_quotes_are_whole():
    content = 'name\tphone\n"Ana" Lima\t11987650001\n"Bia" Reis\t11987650002\n5" pipe\t1\n"Cai\t11987650003\n'
    seen = inspect(io.BytesIO(content.encode()), "people.tsv")
    assert seen.warnings == ()
    assert [row.cells[0] for row in seen.preview] == ['"Ana" Lima', '"Bia" Reis', '5" pipe', '"Cai']


@pytest.mark.parametrize(
    ("lines", "delimiter"),
    [
        (["Ana Lima: 11 98765-4321", "Bia Costa: 11 98765-4322", "Caio: 11 98765-4323"], ":"),
        (["Ana 11987654321", "Bia 11987654322", "Caio 11987654323"], " "),
        (["Ana: ana@exemplo.com", "Bia: bia@exemplo.com"], ":"),
    ],
)
def test_a_list_that_was_typed_has_names_and_phones_in_columns_and_no_header(lines, delimiter):
    seen = inspect(io.BytesIO("\n".join(lines).encode()), "list.txt")
    assert (seen.dialect.delimiter, seen.dialect.header_row, seen.rows) == (delimiter, None, len(lines))


@pytest.mark.parametrize(
    "text",
    [
        "+-----+-------------+\n| {} | {} |\n+-----+-------------+\n| {} | {} |\n| {} | {} |\n+-----+-------------+\n",
        " {} | {}\n-----+------------\n {} | {}\n {} | {}\n(2 rows)\n",
        "# People\n\n| {} | {} |\n|-----|:---:|\n| {} | {} |\n| {} | {} |\n",
    ],
    ids=["mysql", "psql", "markdown"],
)
def test_a_table_that_a_console_drew_has_its_columns(text):
    content = text.format("name", "phone", "Ana", "11987654321", "Bia", "11987654322")
    seen = inspect(io.BytesIO(content.encode()), "people.txt")
    people = [row for row in seen.preview if row.problem is None and "11987654321" in " ".join(filter(None, row.cells))]
    assert seen.dialect.delimiter == "|"
    assert [[cell.strip() for cell in row.cells if cell and cell.strip()] for row in people] == [["Ana", "11987654321"]]
    assert {"name", "phone"} <= {column.header for column in seen.columns}


@pytest.mark.parametrize(
    "form",
    [
        "+55 11 98765-43{}",
        "(11) 98765-43{}",
        "11 98765-43{}",
        "+1 202 555 01{}",
        "0171 23456{}",
        "Ana Lima <ana{}@exemplo.com>",
    ],
)
def test_addresses_that_stand_alone_on_their_lines_are_one_column(form):
    lines = [form.format(number) for number in range(21, 27)]
    seen = inspect(io.BytesIO("\n".join(lines).encode()), "list.txt")
    assert (len(seen.columns), seen.dialect.header_row, seen.rows) == (1, None, len(lines))


def test_the_numbers_of_a_list_stand_beside_its_phones():
    lines = [f"{number} 119876543{number:02}" for number in range(1, 7)]
    assert len(inspect(io.BytesIO("\n".join(lines).encode()), "list.txt").columns) == 2


@pytest.mark.parametrize("line", ["Ana Lima <ana@exemplo.com>", "Ana Lima - 11 98765-4321", "Ana Lima (11) 98765-4321"])
def test_a_line_with_a_person_in_it_is_no_header(line):
    seen = inspect(io.BytesIO(f"{line}\n{line.replace('Ana', 'Bia')}\n".encode()), "list.txt")
    assert (seen.dialect.header_row, seen.rows) == (None, 2)


@pytest.mark.parametrize(
    ("field", "text", "judged", "chosen"),
    [
        ("formulas_are_texts", 'name,phone\nAna,="0119"\nBia,="0118"\n', (True, "0119"), (False, '="0119"')),
        (
            "unwraps_lines",
            '"name,phone,city"\n"Ana,0119,Natal"\n"Bia,0118,Natal"\n',
            (True, "Natal"),
            (False, "Ana,0119,Natal"),
        ),
        ("escape", 'phone,name\n1,"Ana \\"A\\" Lima"\n2,"Bia \\"B\\" Reis"\n', ("\\", 'Ana "A" Lima'), (None, None)),
    ],
)
def test_a_judgement_that_few_files_ask_for_can_be_chosen_otherwise(field, text, judged, chosen):
    for overrides, (value, cell) in (({}, judged), ({field: chosen[0]}, chosen)):
        seen = inspect(io.BytesIO(text.encode()), "people.csv", overrides)
        assert seen.in_question == (field,)
        assert any("chosen by you" in sentence for sentence in seen.evidence) is bool(overrides)
        assert getattr(seen.dialect, field) == value
        assert cell is None or seen.preview[0].cells[-1] == cell


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_list_in_one_long_line_has_a_row_for_each_person(mark):
    people = ["Ana", "Bia", *(f"+55 11 98765-43{number}" for number in range(21, 29)), "Você"]
    text = f"{mark} ".join(people)
    seen = inspect(io.BytesIO(text.encode()), "group.txt")
    assert (seen.rows, len(seen.columns), seen.dialect.header_row) == (11, 1, None)
    assert [row.cells[0].strip() for row in seen.preview] == people
    assert (seen.in_question, seen.dialect.breaks_at) == (("breaks_at",), mark)
    whole = inspect(io.BytesIO(text.encode()), "group.txt", {"breaks_at": None})
    assert (whole.rows, len(whole.columns), whole.in_question) == (1, 11, ("breaks_at",))


def test_recipients_of_a_mail_are_people_whatever_stands_in_their_names():
    text = "; ".join(f'"Ana Lima {number}" <p{number}@example.org>' for number in range(12))
    seen = inspect(io.BytesIO(text.encode()), "recipients.txt")
    assert (seen.dialect.breaks_at, seen.rows, len(seen.columns)) == (";", 12, 1)
    assert seen.preview[1].cells[0].strip() == '"Ana Lima 1" <p1@example.org>'
    assert inspect(io.BytesIO(text.encode()), "x", {"breaks_at": " "}).dialect.breaks_at == " "


@pytest.mark.parametrize(
    "text",
    [
        "Ana,11987654321,11987654322,1133334444,ana@exemplo.com,ana@escola.com,1133334445,0\n",
        "".join(f"Ana {number},11987654321,11987654322\n" for number in range(9)),
    ],
    ids=["one person", "many lines"],
)
def test_rows_of_people_with_several_phones_are_no_long_line(text):
    assert inspect(io.BytesIO(text.encode()), "people.csv").dialect.breaks_at is None
