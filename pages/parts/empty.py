"""What stands where there is nothing yet: what will be there, why, and the place for the one thing to do about it."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

# Longer lines are hard to read where they are centered.
WIDTH_PIXELS = 560


def show(title: str, sentence: str) -> DeltaGenerator:
    """Show both (Markdown); returns the container for the button below them."""
    with st.container(border=True, horizontal_alignment="center", gap="small"):
        st.space("medium")
        st.markdown(f"### {title}", text_alignment="center")
        st.markdown(sentence, text_alignment="center", width=WIDTH_PIXELS)
        action = st.container(horizontal_alignment="center")
        st.space("medium")
    return action
