"""E-mail addresses: the quick way answers as email-validator does, and cells hold what people put there."""

import json

import pyarrow as pa
import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given
from hypothesis import strategies as st

from lead_store.intake.emails import read_display_names, read_emails


def read(*cells: str | None) -> list[str | None]:
    return read_emails(pa.array(cells, pa.string()))[0].to_pylist()


@pytest.mark.parametrize(
    ("cell", "address"),
    [
        ("ana@example.com", "ana@example.com"),
        ("Ana.Lima+x@Exemplo.com.br", "Ana.Lima+x@Exemplo.com.br"),  # case stays as given
        ("joão@exemplo.com.br", "joão@exemplo.com.br"),
        ("<ana@exemplo.com>", "ana@exemplo.com"),
        ("mailto:ana@exemplo.com", "ana@exemplo.com"),
        ("ana@exemplo.com; bia@exemplo.com", "ana@exemplo.com"),  # the first valid one counts
        ("não tem / ana@exemplo.com", "ana@exemplo.com"),
        ("ana@exemplo", None),
        ("ana@@exemplo.com", None),
        ("ana@exemplo.test", None),  # RFC 6761: no mail is delivered there
        ("n/a", None),
        ("a" * 250 + "@exemplo.com", None),  # RFC 5321: at most 254 characters in all
    ],
)
def test_what_a_cell_holds(cell, address):
    assert read(cell) == [address]


def test_blank_is_not_invalid():
    assert read_emails(pa.array([None, "x"], pa.string()))[1].to_pylist() == [False, True]


@given(st.from_regex(r"[A-Za-z0-9._+-]{1,12}@[A-Za-z0-9.-]{1,12}\.[A-Za-z]{1,6}", fullmatch=True))
def test_the_answer_is_that_of_email_validator(text):
    try:
        expected = validate_email(text, check_deliverability=False).original
    except EmailNotValidError:
        expected = None
    assert read(text) == [expected]


@pytest.mark.corpus
def test_addresses_of_other_projects_tests(corpus):
    """They differ from email-validator only where it is stricter or laxer by its own standards (RFC 5321, 6531)."""
    cases = [json.loads(line) for line in (corpus / "emails.jsonl").read_text(encoding="utf-8").splitlines()]
    answers = read(*(case["raw"] for case in cases))
    different = sum((answer is not None) != case["valid"] for case, answer in zip(cases, answers, strict=True))
    assert different <= len(cases) * 0.15


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("Ana Lima <ana@exemplo.com>", "Ana Lima"),
        ('"Lima, Ana" <ana@exemplo.com>', "Lima, Ana"),
        ("Ana<ana@exemplo.com>", "Ana"),
        ("<ana@exemplo.com>", None),
        ("ana@exemplo.com", None),
        ("Ana <no address>", None),
        ("Ana <ana@exemplo.com>, Bia <bia@exemplo.com>", None),  # of two people none is the row's
        (None, None),
    ],
)
def test_mail_programs_write_the_name_before_the_address(cell, name):
    assert read_display_names(pa.array([cell, "x <y@z.org>"], pa.string())).to_pylist() == [name, "x"]
