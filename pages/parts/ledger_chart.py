"""The ledger as one bar: what became of the rows, in proportion."""

import altair as alt
import pandas as pd
import streamlit as st

from pages.parts import statuses


def show(ledger: dict[str, int]) -> None:
    """A bar of all rows read, one part per bucket."""
    labels = [label for label, _, _ in statuses.BUCKETS.values()]
    table = pd.DataFrame(
        [
            {"bucket": label, "rows": ledger[bucket], "order": place}
            for place, (bucket, (label, _, _)) in enumerate(statuses.BUCKETS.items())
        ]
    )
    chart = (
        alt.Chart(table, height=alt.Step(30))
        .mark_bar(cornerRadiusEnd=3)
        .encode(
            x=alt.X("rows:Q", title=None, axis=alt.Axis(format="~s", tickCount=5)),
            y=alt.Y("bucket:N", sort=labels, title=None),
            color=alt.Color("bucket:N", sort=labels, scale=alt.Scale(domain=labels), legend=None),
            tooltip=[alt.Tooltip("bucket:N", title="What"), alt.Tooltip("rows:Q", title="Rows", format=",")],
        )
    )
    st.altair_chart(chart, width="stretch")
