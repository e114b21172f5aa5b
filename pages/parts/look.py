"""The logo, and the little CSS that Streamlit's theme has no setting for."""

from pathlib import Path

import streamlit as st

HERE = Path(__file__).parent


def apply() -> None:
    """Add both to the page."""
    st.logo(str(HERE / "logo.svg"), size="large")
    st.html(HERE / "look.css")
