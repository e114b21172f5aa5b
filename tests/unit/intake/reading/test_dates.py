"""The order of day and month is proven by a value, or said to be open."""

import io

import pytest

from lead_store.intake.reading import inspect


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        (["03/04/1985", "25/12/1990"], "begin with the day: 25"),
        (["03-04-85", "12-25-90"], "begin with the month: 25"),
        (["03.04.1985", "01.02.1990"], "no value tells"),
        (["25/12/1990", "12/25/1990"], "two orders"),
        # The proof may stand far below the rows that are looked at first.
        (["03/04/1985"] * 500 + ["31/01/2001 10:30"], "begin with the day: 31"),
    ],
)
def test_the_order_of_dates_is_said_with_its_proof(dates, said):
    content = "Nome;Nascido\n" + "".join(f"Ana {number};{date}\n" for number, date in enumerate(dates))
    evidence = inspect(io.BytesIO(content.encode()), "a.csv").evidence
    assert [sentence for sentence in evidence if "Nascido" in sentence and said in sentence]


def test_iso_dates_and_phones_raise_no_question():
    content = b"name;born;phone\nAna;1990-12-25;11 98888-0001\nBia;1991-01-02;11 98888-0002\n"
    assert not [line for line in inspect(io.BytesIO(content), "a.csv").evidence if "dates" in line]
