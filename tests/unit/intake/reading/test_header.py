"""Which row is the header: the tables that others fail on."""

import pytest

from lead_store.intake.reading.header import find_header


def rows(*lines: str) -> list[tuple[int, list[str]]]:
    return [(number, line.split(";")) for number, line in enumerate(lines, start=1)]


@pytest.mark.parametrize(
    ("lines", "header_row"),
    [
        (["Nome;Celular", "Ana;11988880001"], 1),
        # A letterhead with the sender's own phone, a blank line, then the table.
        (["Clínica Sol;;", "Tel. (11) 3222-0000;;", ";;", "Nome;Celular;UF", "Ana;11988880001;SP"], 4),
        # All text, no known word: the first row, as in most files.
        (["alfa;beta", "delta;gama", "teta;zeta"], 1),
        # Its words come again below, so the first row is a row like the others.
        (["sim;norte", "sim;sul", "sim;norte"], None),
        (["Ana;ana@exemplo.com", "Bia;bia@exemplo.com"], None),
        (["2018-01-28;MG-88;7.50", "2018-01-29;RI-38;2.80"], None),
        # A year heads a column of numbers without being data.
        (["Nome;2023;2024", "Ana;10;12", "Bia;9;3"], 1),
        # What fills blanks is no label, though phones stand below it.
        (["Ana;n/a;Itu", "Bia;11988880001;Jundiaí", "Rui;n/a;Salto", "Eva;11988880002;Itu"], None),
        # Half of it is blank, and nothing speaks for it.
        ([";Itu;;Ana", "x@a.org;Salto;11988880001;Bia", "y@a.org;Itu;11988880002;Rui"], None),
        # "Sales" and "Campos" are names, and head columns elsewhere.
        (
            [
                "x@a.org;Sales;5511988880001;Rui Campos",
                "y@a.org;Itu;5511988880002;Bia",
                "z@a.org;Poá;5511988880003;Eva",
            ],
            None,
        ),
        # A firm called "Cidade" is no header: firms stand above it.
        (["Clientes", "Barra", "Belov", "Cargill", "Cidade Transporte", "Fugro", "Hermasa"], 1),
        (["Lista de clientes", "Nome", "Barra", "Belov", "Cargill"], 2),
        (["Lista;", "Nome;Cidade", "Ana;Itu", "Bia;Salto"], 2),
        # The header of each page again.
        (["abc;xyz", "Ana;11988880001", "abc;xyz", "Rui;11988880002"], 1),
        (["Contato;;Endereço;", "Nome;Celular;Cidade;UF", "Ana;11988880001;Itu;SP"], 2),
        ([";;", "Nome;;Cidade", "Ana;x;Itu"], 2),
    ],
)
def test_the_header_row_is_found(lines, header_row):
    assert find_header(rows(*lines)).row_number == header_row
