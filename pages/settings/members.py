"""Who may act for the organization: members, invitations, and what each may do. Owners change it, all may look."""

import streamlit as st

from lead_store import access
from lead_store.access import Member, Role
from lead_store.errors import LeadStoreError
from lead_store.storage.member_queries import MemberRow
from pages.parts import acting, empty, heading, trouble
from pages.parts.plain import plain
from pages.parts.times import moment

EXPLANATIONS = {
    Role.VIEWER: "Looks at imports, leads and reports. Changes nothing.",
    Role.IMPORTER: "Also uploads, decides, imports, undoes and dispatches.",
    Role.OWNER: "Also manages members, API keys, webhooks and data protection.",
}

ASKED = "role_asked"


def show() -> None:
    """The whole page."""
    member = acting.get()
    _change_role()
    with acting.transaction() as tx:
        members = access.search_members(tx)
    heading.show("Members", f"People who may act for {plain(member.organization.name)}.")
    if member.is_local:
        st.info(
            "No sign-in is configured, so you are the only user, and owner of everything. Whoever is invited here"
            " can come in once sign-in is set up.",
            icon=":material/info:",
        )
    if member.may_manage:
        _show_invitation(member, len(members))
    if not members:
        empty.show("Nobody has been invited yet", "Invite those who are to upload, review and dispatch with you.")
    for each in members:
        _show_member(member, each)


def _show_invitation(member: Member, present: int) -> None:
    # Another form once there is one member more: what was refused stays in its fields.
    with st.form(f"invite:{present}"):
        address, role, button = st.columns([5, 3, 2], vertical_alignment="bottom")
        email = address.text_input("E-mail address", placeholder="ana@example.org")
        chosen = role.selectbox(
            "Role", list(Role), index=1, format_func=lambda each: each.value.capitalize(), help=_explain_roles()
        )
        is_asked = button.form_submit_button("Invite", type="primary", width="stretch")
    if is_asked:
        _invite(member, email, chosen)
    st.caption("They come in by signing in with this address; nothing is sent to them from here.")


def _invite(member: Member, email: str, role: Role) -> None:
    try:
        with acting.transaction(Role.OWNER) as tx:
            access.invite(tx, member, email, role)
    except LeadStoreError as error:
        trouble.show(error)
        return
    st.rerun()


def _show_member(member: Member, each: MemberRow) -> None:
    with st.container(border=True):
        person, role, button = st.columns([6, 3, 3], vertical_alignment="center")
        with person.container(gap=None):
            you = " · you" if each.email == member.email else ""
            st.markdown(f"**{plain(each.name or each.email)}**{you}")
            st.caption(f"{plain(each.email)} · {_tell_presence(each)}" if each.name else _tell_presence(each))
        if not member.may_manage:
            role.write(each.role.capitalize())
            return
        key = f"role-{each.email}"
        role.selectbox(
            "Role",
            [role.value for role in Role],
            index=[role.value for role in Role].index(each.role),
            format_func=str.capitalize,
            key=key,
            on_change=_ask_for_role,
            args=(each.email, key),
            label_visibility="collapsed",
        )
        label = "Remove" if each.joined_at else "Withdraw"
        if button.button(label, key=f"remove-{each.email}", width="stretch"):
            _confirm_removal(member, each)


def _ask_for_role(email: str, key: str) -> None:
    """Note the choice and forget the widget's state, so that a refused choice does not stay on the page."""
    st.session_state[ASKED] = (email, Role(st.session_state.pop(key)))


def _change_role() -> None:
    if ASKED not in st.session_state:
        return
    email, role = st.session_state.pop(ASKED)
    try:
        with acting.transaction(Role.OWNER) as tx:
            access.change_role(tx, acting.get(), email, role)
    except LeadStoreError as error:
        trouble.show(error)


@st.dialog("Remove from the organization?")
def _confirm_removal(member: Member, each: MemberRow) -> None:
    st.write(
        f"**{plain(each.email)}** will see nothing of {plain(member.organization.name)} any more, at once. What they"
        " imported stays."
    )
    if st.button("Remove", type="primary", width="stretch"):
        try:
            with acting.transaction(Role.OWNER) as tx:
                access.remove_member(tx, member, each.email)
        except LeadStoreError as error:
            trouble.show(error)
            return
        st.rerun()


def _tell_presence(each: MemberRow) -> str:
    if each.joined_at is None:
        return f"Invited {moment(each.invited_at)} by {plain(each.invited_by)}"
    return f"Last here {moment(each.last_seen_at)}" if each.last_seen_at else f"Joined {moment(each.joined_at)}"


def _explain_roles() -> str:
    return "\n".join(f"- **{role.value.capitalize()}**: {what}" for role, what in EXPLANATIONS.items())


show()
