"""What a program is given, a fresh store of its own, and what comes of its run."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Store:
    """A home whose embedded server runs: the product's tables, empty, and one organization."""

    url: str
    organization_id: str
    environment: dict[str, str]


@dataclass(frozen=True)
class Outcome:
    """Wall seconds from file to committed rows, and the peak memory of the program's processes (USS, in MB)."""

    seconds: float
    peak_megabytes: float
    version: str
