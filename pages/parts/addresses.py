"""Addresses that several people of the file have in their profiles: kept, owned, dropped, or their rows rejected."""

from typing import Any

import streamlit as st

from lead_store import imports
from lead_store.access import Role
from lead_store.imports import Import
from pages.parts import acting, choices, rows
from pages.parts.counted import counted
from pages.parts.plain import quoted

PER_PAGE = 20
NAMES = {"email": "e-mail address", "phone": "phone number"}
EXPLANATION = (
    "The same address in rows of several people, as in families and companies. It is part of the profile, and nobody "
    "is recognised by it: unless you decide otherwise, each of them keeps it."
)


def show(run: Import) -> None:
    """The proposal about placeholders, the rule, and the addresses, the most shared first."""
    field = "phone" if run.channel == "email" else "email"
    count = (run.review or {}).get("shared", {}).get(field, {}).get("groups", 0)
    if not count:
        return _propose_dropping_placeholders(run)
    st.markdown(f"#### One {NAMES[field]}, several people: {count:,}")
    st.caption(EXPLANATION)
    _propose_dropping_placeholders(run)
    choices.ask_rule(run, "shared_address", f"When several people have one {NAMES[field]}")
    below = st.container()
    pages = -(-count // PER_PAGE)
    page = st.pagination(pages, key=f"addresses:{run.id}") if pages > 1 else 1
    with acting.transaction() as tx:
        found = imports.search_addresses(tx, run, offset=(page - 1) * PER_PAGE, limit=PER_PAGE)
    with below:
        _show_addresses(run, found, page)


def _propose_dropping_placeholders(run: Import) -> None:
    with acting.transaction() as tx:
        found = imports.search_addresses(tx, run, only_placeholders=True, limit=3)
    if not found or not choices.may_decide(run):
        return
    some = ", ".join(f"{quoted(each['address'])} in {counted(each['rows'], 'row')}" for each in found)
    is_dropped = run.rules.get("placeholder") == "drop"
    with st.container(border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        with st.container(gap=None, width="content"):
            st.markdown(f"**{'Dropped from the profiles' if is_dropped else 'These look like placeholders'}**")
            st.markdown(some)
            st.caption("People type such an address where one is demanded. A message to it reaches nobody.")
        if st.button("Keep them" if is_dropped else "Drop them from the profiles"):
            with acting.transaction(Role.IMPORTER) as tx:
                imports.set_rule(tx, run.id, "placeholder", "keep_apart" if is_dropped else "drop", acting.who())
            st.rerun()


def _show_addresses(run: Import, found: list[dict[str, Any]], page: int) -> None:
    lines = [_line(each) for each in found]
    if not choices.may_decide(run):
        return rows.show_table(lines)
    key = f"{run.id}:addresses:{page}"
    marked = [found[place]["address"] for place in choices.mark_lines(lines, key)]
    if not marked:
        return

    def decide(choice: str) -> None:
        with acting.transaction(Role.IMPORTER) as tx:
            imports.decide_addresses(tx, run.id, marked, choice, acting.who())

    choices.ask_for_marked(len(marked), "line", imports.RULES["shared_address"], f"{key}:marked", decide)


def _line(each: dict[str, Any]) -> dict[str, Any]:
    return {
        "Address": each["address"],
        "Rows": each["rows"],
        "Different names": each["names"],
        "Some of them": " · ".join(each["some_names"]),
        "In rows": ", ".join(map(str, each["some_rows"])) + (" …" if each["rows"] > len(each["some_rows"]) else ""),
        "Looks like": "a placeholder" if each["is_placeholder"] else "",
        "Decision": imports.RULES["shared_address"][each["decision"]],
    }
