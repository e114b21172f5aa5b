"""What a closer look finds odd about a file, by its counts alone."""

import pytest

from lead_store.imports.looking_closer import is_name_of_too_many


@pytest.mark.parametrize(
    ("people", "rows", "is_odd"),
    [
        (49, 100, False),  # A small file, such as a team's: half of it may be one family.
        (50, 100, True),
        (299, 100_000, False),  # Marias of a city.
        (300, 100_000, True),
        (4_999, 5_000_000, False),
        (5_000, 5_000_000, True),  # So many are odd in a file of any size.
    ],
)
def test_one_name_of_many_people_is_odd_by_share_and_by_number(people: int, rows: int, is_odd: bool) -> None:
    assert is_name_of_too_many(people=people, rows=rows) is is_odd
