"""The ledger as tiles that add up; a click opens the rows of a bucket."""

from collections.abc import Callable

import streamlit as st

from pages.parts import statuses


def show(
    ledger: dict[str, int], *, is_open: str | None = None, on_click: Callable[[str], None] | None = None
) -> str | None:
    """The tiles and their sum; the bucket that was clicked just now.

    Args:
        is_open: the bucket whose rows are shown below.
        on_click: called with the bucket before the page is shown anew, so that it is shown once.
    """
    clicked = None
    with st.container(gap="xsmall"):
        with st.grid(6, min_column_width=150, gap="xsmall"):
            for bucket, (label, color, meaning) in statuses.BUCKETS.items():
                state = "open" if bucket == is_open else "closed"
                with st.container(key=f"tile-{bucket}-{state}"):
                    if st.button(
                        f"**{ledger[bucket]:,}** :{color}[●] {label}",
                        key=f"tile-button-{bucket}",
                        help=meaning,
                        width="stretch",
                        on_click=on_click,
                        args=(bucket,),
                    ):
                        clicked = bucket
        terms = " + ".join(f"{ledger[bucket]:,} {words[0].lower()}" for bucket, words in statuses.BUCKETS.items())
        st.caption(f"{ledger['read']:,} rows read = {terms}")
    return clicked
