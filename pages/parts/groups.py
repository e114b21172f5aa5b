"""Rows that have an identifier or an address in common: of one person, or of several."""

from typing import Any

import streamlit as st

from lead_store import imports
from lead_store.imports import Import
from pages.parts import acting, pager, rows

GROUPS_PER_PAGE = 20
IDENTIFIERS = {"whatsapp": "phone number", "sms": "phone number", "email": "e-mail address"}
DUPLICATES = (
    "The same person several times in this file. The rows become one lead: where they differ, the later row's filled "
    "cells win. The further rows count as merged."
)
SHARED = (
    "The same {identifier} under plainly different names. Two people are never merged in silence: the first row is "
    "imported, the others are rejected."
)
SHARED_EMAILS = (
    "The same address in rows of several people, as in families and companies. They stay apart: an e-mail address is "
    "part of the profile, and nobody is recognised by it."
)


def show_duplicates(run: Import, view: str) -> None:
    """Groups of rows of one person, side by side."""
    st.caption(DUPLICATES)
    _show_groups(run, with_other_people=False)


def show_shared(run: Import, view: str) -> None:
    """Groups of rows with one identifier and several names; then addresses that people share."""
    shared = (run.review or {}).get("shared", {})
    key = "email" if run.channel == "email" else "phone"
    identifier = IDENTIFIERS[run.channel]
    if shared.get(key, {}).get("groups"):
        st.markdown(f"#### One {identifier}, several people")
        st.caption(SHARED.format(identifier=identifier))
        _show_groups(run, with_other_people=True)
    if run.channel != "email" and shared.get("email", {}).get("groups"):
        st.markdown("#### One e-mail address, several people")
        st.caption(SHARED_EMAILS)
        _show_emails(run, shared["email"]["groups"])
    if not any(found["groups"] for found in shared.values()):
        st.caption("No two people of this file share a phone number or an e-mail address.")


def _show_groups(run: Import, *, with_other_people: bool) -> None:
    name = f"{run.id}:groups:{with_other_people}"
    with acting.transaction() as tx:
        groups = imports.search_groups(
            tx, run.id, with_other_people=with_other_people, after=pager.get_place(name), limit=GROUPS_PER_PAGE
        )
        found = imports.search_group_rows(tx, run, [group["group_number"] for group in groups])
    rows.show_table([_line(row) for row in found])
    if groups:
        pager.show(name, last=groups[-1]["group_number"], is_full=len(groups) == GROUPS_PER_PAGE)


def _line(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "Row": row["row_number"],
        "Reached at": row["identifier"],
        "Name": row["name"],
        "E-mail": row["email"],
        "Your id": row["external_id"],
        "Tags": row["tags"] or [],
        "Attributes": rows.write_attributes(row["attributes"]),
        "What happens": row["bucket"].capitalize(),
    }


def _show_emails(run: Import, count: int) -> None:
    pages = -(-count // GROUPS_PER_PAGE)
    below = st.container()
    page = st.pagination(pages, key=f"emails:{run.id}") if pages > 1 else 1
    with acting.transaction() as tx:
        found = imports.search_shared_emails(tx, run.id, offset=(page - 1) * GROUPS_PER_PAGE, limit=GROUPS_PER_PAGE)
    with below:
        rows.show_table(
            [
                {
                    "E-mail": line["email"],
                    "Rows": line["rows"],
                    "Different names": line["names"],
                    "Some of them": ", ".join(name for name in line["some_names"] if name),
                    "In rows": ", ".join(map(str, line["some_rows"])) + (" …" if line["rows"] > 5 else ""),
                }
                for line in found
            ]
        )
