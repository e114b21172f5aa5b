"""Which regions have a numbering plan, and which calling code is whose. What countries are called is in
`countries`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import phonenumbers
import pyarrow as pa
from numpy.typing import NDArray
from phonenumbers.phonenumberutil import COUNTRY_CODE_TO_REGION_CODE

from lead_store.intake.phones.digits import rows_by

REGIONS: frozenset[str] = frozenset(phonenumbers.SUPPORTED_REGIONS)
"""ISO 3166-1 alpha-2 codes of the regions with a numbering plan (plus AC, TA and XK, which have one too)."""

CALLING_CODES: dict[str, int] = {region: phonenumbers.country_code_for_region(region) for region in REGIONS}


def main_region_of(calling_code: int) -> str | None:
    """The region that comes first under a calling code: US for 1, GB for 44; None for codes of no place
    (800).
    """
    regions = COUNTRY_CODE_TO_REGION_CODE.get(calling_code, ())
    return regions[0] if regions and regions[0] in REGIONS else None


@dataclass(frozen=True, slots=True)
class RegionColumn:
    """The region of each row: `which` indexes `names`, where None stands for no supported region."""

    names: list[str | None]
    which: NDArray[np.int64]

    @classmethod
    def of(cls, regions: str | pa.Array | None, rows: int) -> "RegionColumn":
        """One region for all rows, or one per row; unsupported ones become None."""
        if not isinstance(regions, pa.Array):
            return cls([regions if regions in REGIONS else None], np.zeros(rows, np.int64))
        codes = regions.dictionary_encode()
        names = [name if name in REGIONS else None for name in codes.dictionary.to_pylist()] + [None]
        indexes = codes.indices.fill_null(len(names) - 1).to_numpy(zero_copy_only=False)
        return cls(names, indexes.astype(np.int64))

    def take(self, rows: NDArray) -> "RegionColumn":
        """The regions of some rows."""
        return RegionColumn(self.names, self.which[rows])

    def groups(self) -> Iterator[tuple[str, NDArray[np.int64]]]:
        """Each supported region with its rows."""
        for index, rows in rows_by(self.which):
            name = self.names[index]
            if name is not None:
                yield name, rows

    def per_row(self, fact: Callable[[str | None], int | bool]) -> NDArray:
        """A fact about each row's region."""
        return np.array([fact(name) for name in self.names])[self.which]
