"""Pieces of the pages that have rules of their own."""

import pytest
from streamlit.testing.v1 import AppTest

from pages.parts.attributes import in_one_line
from pages.parts.counted import counted
from pages.parts.plain import plain, quoted, shortened
from pages.parts.times import duration


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ana Souza", "Ana Souza"),
        ("**bold**", r"\*\*bold\*\*"),  # emphasis
        ("<b>x</b>", r"\<b\>x\</b\>"),  # HTML
        ("[a](b)", r"\[a\]\(b\)"),  # a link
        ("two\nlines  here", "two lines here"),
    ],
)
def test_text_of_strangers_never_becomes_markup(text: str, shown: str) -> None:
    assert plain(text) == shown


@pytest.mark.parametrize("text", ["http://evil.example", "www.evil.example", "a@evil.example", ":material/delete:"])
def test_addresses_and_icons_are_broken_by_an_invisible_character(text: str) -> None:
    assert plain(text).replace("\\", "").replace("\u2060", "") == text
    assert "\u2060" in plain(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [("a", "`a`"), ("a`b", "``a`b``"), ("`a", "`` `a ``"), ("", "")],
)
def test_samples_stand_between_backticks_that_they_cannot_close(text: str, code: str) -> None:
    assert quoted(text) == code


def test_a_long_name_keeps_its_end() -> None:
    assert shortened("a" * 70 + ".xlsx", 30).endswith("aaaaa.xlsx")
    assert len(shortened("a" * 70, 30)) == 30


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.4, "less than a second"), (1, "1 second"), (59, "59 seconds"), (200, "3 min 20 s"), (7500, "2 h 5 min")],
)
def test_durations_read_as_people_say_them(seconds: float, words: str) -> None:
    assert duration(seconds) == words


@pytest.mark.parametrize(
    ("count", "noun", "words"),
    [
        (0, ("row",), "0 rows"),
        (1, ("row",), "1 row"),
        (1_200, ("row",), "1,200 rows"),
        (1, ("person", "people"), "1 person"),
        (2, ("person", "people"), "2 people"),
    ],
)
def test_one_is_never_many(count: int, noun: tuple[str, ...], words: str) -> None:
    assert counted(count, *noun) == words


def show_a_bug() -> None:
    from pages.parts import trouble

    trouble.show(RuntimeError("password=hunter2"))


def test_a_bug_is_shown_as_a_reference_and_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    app = AppTest.from_function(show_a_bug).run()
    (error,) = app.error
    assert "hunter2" not in error.value
    reference = error.value.split("**")[1]
    assert reference in caplog.text
    assert "hunter2" in caplog.text


def test_company_and_country_are_called_by_their_labels_and_other_attributes_by_their_header() -> None:
    assert in_one_line({"company": "Padaria Sol", "Cidade": "Natal"}) == "Company: Padaria Sol · Cidade: Natal"
    assert in_one_line(None) == ""
