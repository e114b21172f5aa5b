import pyarrow as pa
import pytest

from lead_store.intake.mapping import count_opted_out, read_consent


@pytest.mark.parametrize(
    ("cell", "opt_in", "opted_out"),
    [
        ("yes", False, True),
        ("Yes", True, False),
        ("no", True, True),
        ("não", True, True),
        ("Não", False, False),
        ("sí", True, False),
        ("oui", True, False),
        ("nein", True, True),
        ("SIM", True, False),
        ("1", False, True),
        ("1.0", False, True),  # Excel numbers
        ("0", True, True),
        ("FALSE", True, True),
        ("Sim, aceito receber mensagens", True, False),  # the option's whole text in a form
        ("Não, obrigado", True, True),
        ("Autorizo", True, False),
        ("2024-05-01 10:00", False, True),  # "Unsubscribed at"
        ("Unsubscribed", True, True),  # a status says the same in every column
        ("Unsubscribed", False, True),
        ("Baja", True, True),
        ("Suscrito", False, False),
        ("opted-out", True, True),
    ],
)
def test_answers_and_statuses_are_understood(cell: str, opt_in: bool, opted_out: bool) -> None:
    consent = read_consent(pa.array([cell]), opt_in)
    assert consent.opted_out.to_pylist() == [opted_out]
    assert consent.is_unclear.to_pylist() == [False]


@pytest.mark.parametrize("cell", [None, "", "   ", "-", "N/A"])
@pytest.mark.parametrize("opt_in", [True, False])
def test_a_blank_says_nothing(cell: str | None, opt_in: bool) -> None:
    consent = read_consent(pa.array([cell], pa.string()), opt_in)
    assert consent.opted_out.to_pylist() == [None]
    assert consent.is_unclear.to_pylist() == [False]


@pytest.mark.parametrize("cell", ["maybe", "pending", "12", "ask me"])
def test_what_is_neither_yes_nor_no_changes_nothing_and_is_unclear(cell: str) -> None:
    consent = read_consent(pa.array([cell]), opt_in=True)
    assert consent.opted_out.to_pylist() == [None]
    assert consent.is_unclear.to_pylist() == [True]


def test_the_answer_is_as_long_as_the_column() -> None:
    values = pa.chunked_array([pa.array(["yes", None]), pa.array(["no", "yes"])])
    assert read_consent(values, opt_in=True).opted_out.to_pylist() == [False, None, True, False]


def test_an_empty_column_gives_an_empty_answer() -> None:
    assert len(read_consent(pa.array([], pa.string()), opt_in=False).opted_out) == 0


@pytest.mark.parametrize(("opt_in", "expected"), [(True, 7), (False, 5)])
def test_counted_values_opt_out_by_what_yes_means(opt_in, expected):
    # "unsubscribed" means the same either way; blank and unclear answers opt nobody out.
    tally = {"No": 3, "não": 2, "Yes": 3, "unsubscribed": 2, "maybe": 9, " ": 4}
    assert count_opted_out(tally, opt_in) == expected
