"""The few lines of CSS that Streamlit's theme has no setting for."""

import streamlit as st

CSS = """
<style>
.stMainBlockContainer { max-width: 76rem; padding-top: 3.2rem; padding-bottom: 4rem; }
</style>
"""


def apply() -> None:
    """Add the CSS to the page."""
    st.html(CSS)
