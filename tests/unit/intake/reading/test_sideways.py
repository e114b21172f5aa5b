"""Tables that stand on their side."""

import io

import pytest

from lead_store.intake.reading import inspect
from lead_store.intake.reading.sideways import SIDEWAYS

PHONES = "+55 11 98765-4321,+55 11 98765-4322,+55 11 98765-4323"


def warnings_of(text: str) -> tuple[str, ...]:
    return inspect(io.BytesIO(text.encode()), "people.csv").warnings


def test_people_in_columns_are_told_of():
    assert SIDEWAYS in warnings_of(f"Name,Ana Souza,Bruno Lima,Carla Dias\nPhone,{PHONES}\nCity,Santos,Natal,Bauru\n")


@pytest.mark.parametrize(
    "text",
    [
        "Name,Phone\nAna Souza,+55 11 98765-4321\nBruno Lima,+55 11 98765-4322\n",
        f"Name,Mobile,Home,Work\nContact,{PHONES}\nEmail,{PHONES}\n",
        "Name,Ana Souza\nPhone,+55 11 98765-4321\n",
        "Name,North,South,East\nVisits,12,14,3\nOrders,1,2,3\n",
    ],
    ids=["people in rows", "header words for names", "one person", "counts"],
)
def test_other_tables_stand_upright(text):
    assert SIDEWAYS not in warnings_of(text)
