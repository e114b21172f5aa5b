"""The gate: who is signed in, and for which organization they act; shown to those who cannot go on.

The place in the URL is ?organization=slug, kept there for those who belong to several.
"""

from collections import Counter
from typing import NoReturn

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lead_store import access
from lead_store.access import Member, Person
from lead_store.errors import NotAllowed, NotFound
from lead_store.storage import database
from pages.parts import places
from pages.parts.plain import plain

PLACE = places.ORGANIZATION
SWITCH = "organization_switch"
# How far below the top of the page the card stands.
CARD_DROP_PIXELS = 120


def require_member() -> Member:
    """The member for whom this page acts. Stops the page for those who are none, after telling them what to do."""
    person = _require_person()
    with database.transaction() as tx:
        memberships = access.search_memberships(tx, person)
    if not memberships:
        _show_nobody_invited(person)
    member = _choose(memberships)
    if member is None:
        _show_no_such_organization()
    st.session_state[PLACE] = member.organization.slug
    if len(memberships) > 1 and st.query_params.get(PLACE) != member.organization.slug:
        st.query_params[PLACE] = member.organization.slug
    _show_account(member, memberships)
    return member


def _require_person() -> Person:
    if access.get_sign_in() is None:
        return access.local_person()
    if not st.user.is_logged_in:
        _show_sign_in()
    try:
        return access.recognise(st.user.to_dict())
    except NotAllowed as refusal:
        _show_refusal(refusal)


def _choose(memberships: list[Member]) -> Member | None:
    """The organization of the URL, or else the one used last, or the first."""
    by_slug = {member.organization.slug: member for member in memberships}
    wanted = st.query_params.get(PLACE)
    if wanted is not None:
        return by_slug.get(wanted)
    return by_slug.get(st.session_state.get(PLACE, ""), memberships[0])


def _show_account(member: Member, memberships: list[Member]) -> None:
    """The organization, to be switched by those who have several, and the way out, at the foot of the sidebar."""
    with st.sidebar.container(key="account", gap="small"):
        _show_switch(member, memberships)
        if not member.is_local:
            st.caption(f"{plain(member.name or member.email)} · {member.role.value}", help=plain(member.email))
            if st.button("Sign out", icon=":material/logout:", type="tertiary", key="sign_out"):
                st.logout()


def _show_switch(member: Member, memberships: list[Member]) -> None:
    if len(memberships) == 1:
        st.markdown(f"**{plain(member.organization.name)}**")
        return
    count = Counter(each.organization.name for each in memberships)
    names = {
        # The browser answers with the words of a choice, so two organizations need different ones.
        each.organization.slug: each.organization.name
        if count[each.organization.name] == 1
        else f"{each.organization.name} ({each.organization.slug})"
        for each in memberships
    }
    # The widget follows the URL: a link to another organization must not be undone by what was chosen before.
    st.session_state[SWITCH] = member.organization.slug
    st.selectbox(
        "Organization",
        list(names),
        format_func=names.__getitem__,
        key=SWITCH,
        on_change=_switch,
        label_visibility="collapsed",
    )


def _switch() -> None:
    """Begin anew in the other organization: what the URL names belongs to the one that is left."""
    slug = st.session_state[SWITCH]
    st.session_state.clear()
    st.session_state[PLACE] = slug
    st.query_params.clear()
    st.query_params[PLACE] = slug


def _show_sign_in() -> NoReturn:
    with _card():
        st.title("Leads", anchor=False)
        st.write("Bring your contacts in, see what would happen, and decide before anything is written.")
        if st.button("Sign in", type="primary", icon=":material/login:", width="stretch"):
            st.login()
    st.stop()


def _show_refusal(refusal: NotAllowed) -> NoReturn:
    with _card():
        st.title("Leads", anchor=False)
        if refusal.code == "sign_in_expired":
            st.info(plain(refusal.detail), icon=":material/schedule:")
            if st.button("Sign in", type="primary", icon=":material/login:", width="stretch"):
                st.login()
        else:
            st.error(plain(refusal.detail), icon=":material/error:")
            _show_sign_out()
    st.stop()


def _show_nobody_invited(person: Person) -> NoReturn:
    with _card():
        st.title("Not invited yet", anchor=False)
        st.write(
            f"You are signed in as **{plain(person.email)}**, but no organization has invited this address."
            " Ask an owner of yours to invite it, then reload this page."
        )
        _show_sign_out()
    st.stop()


def _show_no_such_organization() -> NoReturn:
    with _card():
        st.title("Not found", anchor=False)
        st.write(str(NO_SUCH_ORGANIZATION))
        if st.button("Go to your own", type="primary", width="stretch"):
            st.query_params.clear()
            st.rerun()
    st.stop()


def _show_sign_out() -> None:
    if st.button("Sign out", icon=":material/logout:", width="stretch"):
        st.logout()


def _card() -> DeltaGenerator:
    """A narrow column in the middle of an otherwise empty page."""
    st.space(CARD_DROP_PIXELS)
    _, middle, _ = st.columns([1, 1, 1])
    return middle.container(border=True, gap="small")


NO_SUCH_ORGANIZATION = NotFound(
    "There is no such organization, or you are not a member of it. Ask one of its owners to invite you."
)
