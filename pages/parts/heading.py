"""The head of a page: its title, one line below it, and the place for its main action beside it."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lead_store.imports import Import
from pages.parts.plain import plain, shortened


def show(title: str, line: str = "") -> DeltaGenerator:
    """Show title and line (Markdown); returns the container for the actions at the right."""
    # On a narrow screen the actions stand below the title, and must not touch the line.
    with st.container(gap="xsmall"):
        with st.container(
            key="heading", horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
        ):
            st.title(title, anchor=False, width="content")
            actions = st.container(horizontal=True, width="content", gap="small", vertical_alignment="center")
        if line:
            st.markdown(line)
    return actions


def name_of(run: Import) -> str:
    """The file's name as Markdown, short enough for a line."""
    return f"**{plain(shortened(run.file_name))}**"
