"""Which regions have a numbering plan, and which calling code is whose. What countries are called is in
`countries`.
"""

import phonenumbers
from phonenumbers.phonenumberutil import COUNTRY_CODE_TO_REGION_CODE

REGIONS: frozenset[str] = frozenset(phonenumbers.SUPPORTED_REGIONS)
"""ISO 3166-1 alpha-2 codes of the regions with a numbering plan (plus AC, TA and XK, which have one too)."""

CALLING_CODES: dict[str, int] = {region: phonenumbers.country_code_for_region(region) for region in REGIONS}


def main_region_of(calling_code: int) -> str | None:
    """The region that comes first under a calling code: US for 1, GB for 44; None for codes of no place
    (800).
    """
    regions = COUNTRY_CODE_TO_REGION_CODE.get(calling_code, ())
    return regions[0] if regions and regions[0] in REGIONS else None
