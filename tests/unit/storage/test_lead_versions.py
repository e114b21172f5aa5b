"""Drift is seen by a link's version, so whoever updates links must renew it."""

import re
from pathlib import Path

import pytest

from lead_store import storage

STATEMENTS = [
    statement
    for path in Path(storage.__file__).parent.glob("*.py")
    for statement in re.findall(r'"""(?:(?!""").)*?update lead_organization .*?"""', path.read_text(), re.DOTALL)
]


def test_updates_of_links_are_found() -> None:
    assert len(STATEMENTS) >= 2  # The upsert's, and the undo's.


@pytest.mark.parametrize("statement", STATEMENTS)
def test_update_of_a_link_sets_its_version(statement: str) -> None:
    assert re.search(r"\bversion = (default|case)\b", statement.split("update lead_organization", 1)[1])
