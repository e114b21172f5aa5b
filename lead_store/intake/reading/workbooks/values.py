"""Values of workbooks' cells as a person reads them."""

import datetime

EXACT_DIGITS = 10**15
"""Excel keeps 15 digits of a number; what is longer has lost its last ones, so it is not shown as if whole."""


def as_seen(value: object) -> str:
    """A cell's value as a person reads it: whole numbers without `.0`, dates in ISO, booleans as Excel shows them."""
    match value:
        case str():
            seen = value
        case bool():
            seen = "TRUE" if value else "FALSE"
        case float():
            seen = number_as_seen(value)
        case datetime.datetime():
            seen = value.date().isoformat() if value.time() == datetime.time() else value.isoformat(sep=" ")
        case datetime.date() | datetime.time():
            seen = value.isoformat()
        case datetime.timedelta():
            minutes, seconds = divmod(round(value.total_seconds()), 60)
            seen = f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
        case _:
            seen = str(value)
    return seen


def number_as_seen(value: float) -> str:
    """Digits in full while all of them are there; scientific notation marks a number that has lost some."""
    if value.is_integer() and abs(value) < EXACT_DIGITS * 10:
        return str(int(value))
    return repr(value).replace("e", "E")
