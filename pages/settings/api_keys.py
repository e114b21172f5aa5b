"""Keys with which programs act for the organization: made and shown once, listed with their last use, revoked."""

from datetime import UTC, datetime

import streamlit as st

from lead_store import api_keys
from lead_store.access import Role
from lead_store.api_keys import ApiKey
from lead_store.errors import LeadStoreError
from pages.parts import acting, empty, heading, trouble
from pages.parts.plain import plain, quoted
from pages.parts.times import moment

LIFETIMES = {30: "30 days", 90: "90 days", 365: "A year", None: "Until revoked"}
NEW = "new_api_key"


def show() -> None:
    """The whole page."""
    acting.get().require(Role.OWNER)
    with acting.transaction(Role.OWNER) as tx:
        keys = api_keys.search_api_keys(tx)
    heading.show("API keys", "A program that sends one of these keys acts for your organization.")
    _show_form(len(keys))
    if NEW in st.session_state:
        _show_once(st.session_state.pop(NEW))
    if not keys:
        empty.show("No keys yet", "Create one for each program that imports, sends events or looks up leads for you.")
    for key in keys:
        _show_key(key)


def _show_form(present: int) -> None:
    # Another form once there is one key more: what was refused stays in its fields.
    with st.form(f"new_key:{present}"):
        name, lifetime, button = st.columns([5, 3, 2.2], vertical_alignment="bottom")
        given = name.text_input("Name", placeholder="Nightly sync", max_chars=100)
        days = lifetime.selectbox("Valid for", list(LIFETIMES), index=1, format_func=LIFETIMES.__getitem__)
        is_asked = button.form_submit_button("Create key", type="primary", width="stretch")
        chosen = st.pills(
            "May use", api_keys.SCOPES, default=api_keys.SCOPES, selection_mode="multi", format_func=str.capitalize
        )
    if is_asked:
        _create(given, chosen, days)


def _create(name: str, scopes: list[str], days: int | None) -> None:
    try:
        with acting.transaction(Role.OWNER) as tx:
            _, secret = api_keys.create_api_key(tx, name, acting.who(), scopes=scopes, expires_in_days=days)
    except LeadStoreError as error:
        trouble.show(error)
        return
    st.session_state[NEW] = secret
    st.rerun()


@st.dialog("Copy the key now", width="large", icon=":material/key:")
def _show_once(secret: str) -> None:
    st.write("It is shown this once: only a fingerprint of it is kept. Whoever has it can act for your organization.")
    st.code(secret, language=None)
    organization = acting.get().organization.slug
    st.caption("Try it:")
    address = f"{st.context.url.rsplit('/', 1)[0]}/api/organizations/{organization}/leads/resolve-batch"
    st.code(
        f"curl {address} -H 'Authorization: Bearer {secret}' -H 'Content-Type: application/json' \\\n"
        """  -d '[{"channel": "whatsapp", "channelIdentifier": "+5511987654321", "name": "Ana Lima"}]'""",
        language="bash",
        wrap_lines=True,
    )


def _show_key(key: ApiKey) -> None:
    is_usable = key.is_usable_at(datetime.now(UTC))
    with st.container(border=True):
        name, use, button = st.columns([5, 5, 2.2], vertical_alignment="center")
        with name.container(gap=None):
            st.markdown(f"**{plain(key.name)}**" if is_usable else f"~~{plain(key.name)}~~")
            st.caption(f"{quoted(key.prefix)} · {', '.join(key.scopes)}")
        with use.container(gap=None):
            st.caption(f"Made {moment(key.created_at)} by {plain(key.created_by)}")
            st.caption(_tell_use(key))
        if key.revoked_at:
            button.badge("Revoked", color="gray")
        elif not is_usable:
            button.badge("Expired", color="gray")
        elif button.button("Revoke", key=f"revoke-{key.id}", width="stretch"):
            _confirm_revocation(key)


@st.dialog("Revoke the key?")
def _confirm_revocation(key: ApiKey) -> None:
    st.write(f"Programs that use **{plain(key.name)}** are refused from now on. This cannot be taken back.")
    if st.button("Revoke", type="primary", width="stretch"):
        with acting.transaction(Role.OWNER) as tx:
            api_keys.revoke_api_key(tx, key.id)
        st.rerun()


def _tell_use(key: ApiKey) -> str:
    used = f"last used {moment(key.last_used_at)}" if key.last_used_at else "never used"
    until = f"valid until {moment(key.expires_at)}" if key.expires_at else "valid until revoked"
    return f"{used.capitalize()}, {until}"


show()
