"""Forward and back through rows that are paged by key: quick however many there are, and never off by one."""

import streamlit as st


def get_place(name: str) -> int:
    """The key behind which the page begins."""
    return _places(name)[-1]


def show(name: str, *, last: int | None, is_full: bool, position: str = "") -> None:
    """The buttons below a page of rows.

    Args:
        last: the key of the last row shown.
        is_full: whether the page is full, so that more may follow.
    """
    places = _places(name)
    if len(places) == 1 and not is_full:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            "Back", icon=":material/chevron_left:", key=f"{name}:back", disabled=len(places) == 1, on_click=places.pop
        )
        st.button(
            "Next",
            icon=":material/chevron_right:",
            icon_position="right",
            key=f"{name}:next",
            disabled=not is_full,
            on_click=places.append,
            args=(last,),
        )
        if position:
            st.caption(position)


def _places(name: str) -> list[int]:
    return st.session_state.setdefault(f"pager:{name}", [0])
