"""Times and durations in the words of people."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import streamlit as st

from pages.parts.counted import counted


def moment(when: datetime) -> str:
    """A time as the visitor's own clock shows it, such as "23 Nov, 17:45"."""
    local = when.astimezone(ZoneInfo(st.context.timezone or "UTC"))
    year = "" if local.year == datetime.now(UTC).year else f" {local.year}"
    return f"{local.day} {local:%b}{year}, {local:%H:%M}"


def duration(seconds: float) -> str:
    """A span, such as "4 seconds", "3 min 20 s" or "2 h 5 min"."""
    whole = round(seconds)
    if whole < 60:
        return counted(whole, "second") if whole else "less than a second"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"
