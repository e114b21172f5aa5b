"""Text that was garbled before it came here is mended where that is certain, and nothing else changes."""

import pyarrow as pa
import pytest
from faker import Faker
from hypothesis import given
from hypothesis import strategies as st

from lead_store.intake.misread import as_meant, meant_by


@pytest.mark.parametrize(
    ("garbled", "meant"),
    [
        ("UREÃ‘A", "UREÑA"),
        ("JosÃ© ConceiÃ§Ã£o", "José Conceição"),
        ("Casa nÂº6", "Casa nº6"),
        ("TamadÃƒÂ©", "Tamadé"),
        ("Ð˜Ð²Ð°Ð½", "Иван"),
        ("JosÃ© de la UniÃ³n", "José de la Unión"),
        ("Jos√©", "José"),
        ("+55Â\xa011Â\xa098765-4321", "+55\xa011\xa098765-4321"),
    ],
)
def test_garbled_text_is_read_as_it_was_meant(garbled: str, meant: str) -> None:
    assert meant_by(garbled) == meant


@pytest.mark.parametrize(
    "text",
    [
        "JOSÉ’S",
        "“IRMÃ”",
        "JOÃO",
        "MILAN POSPÍŠIL",
        "NICOLÒ",
        "MUï¿½ECO",
        "SÃ£o Tomé",
        "N° 5",
        "Прізвище",
        "Conceição",
        "√2",
    ],
)
def test_what_may_be_meant_as_written_stays(text: str) -> None:
    assert meant_by(text) == text


@pytest.mark.parametrize("locale", ["pt_BR", "es_MX", "fr_FR", "de_DE", "pl_PL", "tr_TR", "uk_UA", "vi_VN", "ja_JP"])
def test_names_stay_as_they_are(locale: str) -> None:
    names = Faker(locale)
    names.seed_instance(7)
    people = [spelt for _ in range(200) for name in [names.name()] for spelt in (name, name.upper())]
    cells, is_misread = as_meant(pa.array(people))
    assert (cells.to_pylist(), is_misread.to_pylist()) == (people, [False] * len(people))


@given(st.lists(st.none() | st.text(max_size=20)))
def test_a_column_says_what_was_mended_in_it(texts: list[str | None]) -> None:
    cells, is_misread = as_meant(pa.array([*texts, "UREÃ‘A"], pa.string()))
    assert cells.to_pylist() == [text if text is None else meant_by(text) for text in [*texts, "UREÃ‘A"]]
    assert is_misread.to_pylist() == [text is not None and meant_by(text) != text for text in [*texts, "UREÃ‘A"]]
