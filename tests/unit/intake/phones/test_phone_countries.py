"""Country columns: names in six languages, codes and calling codes."""

import pyarrow as pa
import pytest

from lead_store.intake.phones import REGIONS, region_of_country
from lead_store.intake.phones.countries import LANGUAGES, _names


@pytest.mark.parametrize(
    ("written", "region"),
    [
        ("BR", "BR"), ("br", "BR"), ("BRA", "BR"), ("Brasil", "BR"), ("BRAZIL ", "BR"), ("+55", "BR"), ("0055", "BR"),
        ("55", "BR"), ("Alemanha", "DE"), ("Alemania", "DE"), ("Allemagne", "DE"), ("Deutschland", "DE"),
        ("Germania", "DE"), ("Mexico", "MX"), ("México", "MX"), ("U.S.A.", "US"), ("EE. UU.", "US"), ("+1", "US"),
        ("Côte d’Ivoire", "CI"), ("UK", "GB"), ("Österreich", "AT"), ("Schweiz", "CH"), ("Netherlands (the)", "NL"),
        ("(+55)", "BR"), ("55.0", "BR"), ("BR +55", "BR"), ("+55 (Brasil)", "BR"), ("Room +7", "RU"), ("+5511", None),
        ("Atlantis", None), ("", None), ("-", None), ("999", None), (None, None),
    ],
)  # fmt: skip
def test_country_as_people_write_it(written, region):
    assert region_of_country(pa.array([written], pa.string())).to_pylist() == [region]


def test_every_region_is_known_by_its_code():
    regions = sorted(REGIONS)
    assert region_of_country(pa.array(regions)).to_pylist() == regions


def test_names_are_folded_and_plentiful():
    assert len(_names()) > 200 * len(LANGUAGES)
    assert set(_names().values()) <= REGIONS
