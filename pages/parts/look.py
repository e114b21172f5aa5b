"""The logo, and the little CSS that Streamlit's theme has no setting for."""

from pathlib import Path

import streamlit as st

HERE = Path(__file__).parent
# A file of our own: the browser would fetch a named icon from a server of Google's.
ICON = str(HERE / "icon.svg")


def apply() -> None:
    """Add both to the page."""
    st.logo(str(HERE / "logo.svg"), size="large", icon_image=ICON)
    st.html(HERE / "look.css")
