"""Who acts on this page, and for which organization; each action asks anew whether they may."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st
from sqlalchemy import Connection

from lead_store import access
from lead_store.access import Member, Role
from pages.parts import sign_in

KEY = "member"


def admit() -> None:
    """Let a member in, or stop here and say what to do."""
    st.session_state[KEY] = sign_in.require_member()


def get() -> Member:
    """Who was let in."""
    return st.session_state[KEY]


def who() -> str:
    """The person, as histories name them."""
    return get().email


def may_import() -> bool:
    """True for those who may also change what they see here."""
    return get().may_import


@contextmanager
def transaction(role: Role = Role.VIEWER) -> Iterator[Connection]:
    """A transaction for the organization of whoever was let in; to read in, unless a role is named that may write.

    Raises NotAllowed for those who have not got the role.
    """
    with access.acting(get(), role) as tx:
        yield tx
