"""The ledger as tiles that add up; a click opens the rows of a bucket."""

import streamlit as st

from pages.parts import statuses


def show(ledger: dict[str, int], *, selected: str | None = None) -> str | None:
    """The tiles and their sum; the bucket that was clicked just now."""
    clicked = None
    with st.container(key="tiles"), st.grid(6, min_column_width=120, gap="xsmall"):
        for bucket, (label, color, meaning) in statuses.BUCKETS.items():
            state = "selected" if bucket == selected else "plain"
            if st.button(
                f"**{ledger[bucket]:,}** :{color}[●] {label}",
                key=f"tile-{bucket}-{state}",
                help=meaning,
                width="stretch",
            ):
                clicked = bucket
    terms = " + ".join(f"{ledger[bucket]:,} {label.lower()}" for bucket, (label, _, _) in statuses.BUCKETS.items())
    st.caption(f"**{ledger['read']:,} rows read** = {terms}")
    return clicked
