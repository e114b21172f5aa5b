"""Where the organization is told of finished imports: addresses, the secret that signs, and every delivery."""

import pandas as pd
import streamlit as st

from lead_store import webhooks
from lead_store.access import Role
from lead_store.errors import LeadStoreError
from lead_store.webhooks import Delivery, SigningSecret, Webhook
from pages.parts import acting, heading, trouble
from pages.parts.counted import counted
from pages.parts.plain import plain
from pages.parts.times import moment

STATUSES = {"pending": ("On its way", "blue"), "delivered": ("Delivered", "green"), "failed": ("Given up", "red")}
TYPES = {
    "lead.import.completed": "Imports that are done",
    "lead.import.failed": "Imports that failed",
    "lead.import.undone": "Imports taken back",
}
DELIVERIES_SHOWN = 25


def show() -> None:
    """The whole page."""
    acting.get().require(Role.OWNER)
    with acting.transaction(Role.OWNER) as tx:
        hooks = webhooks.search_webhooks(tx)
        secrets = webhooks.get_secrets(tx)
        deliveries = webhooks.search_deliveries(tx, DELIVERIES_SHOWN)
    heading.show("Webhooks", "Your own system is told when an import is done, by a signed message.")
    _show_form(len(hooks))
    for hook in hooks:
        _show_webhook(hook)
    _show_secrets(secrets)
    _show_deliveries(deliveries, is_told=bool(hooks))


def _show_form(present: int) -> None:
    # Another form once there is one address more: what was refused stays in its fields.
    with st.form(f"new_webhook:{present}"):
        address, button = st.columns([10, 2.2], vertical_alignment="bottom")
        url = address.text_input("Address", placeholder="https://example.org/hooks/leads")
        is_asked = button.form_submit_button("Add", type="primary", width="stretch")
        chosen = st.pills(
            "Tell of", webhooks.EVENT_TYPES, default=webhooks.ENDS, selection_mode="multi", format_func=_name
        )
    if not is_asked:
        return
    try:
        with acting.transaction(Role.OWNER) as tx:
            webhooks.create_webhook(tx, url, acting.who(), chosen)
    except LeadStoreError as error:
        trouble.show(error)
        return
    st.rerun()


def _name(event_type: str) -> str:
    return TYPES.get(event_type, event_type)


def _show_webhook(hook: Webhook) -> None:
    with st.container(border=True):
        address, button = st.columns([10, 2], vertical_alignment="center")
        with address.container(gap=None):
            st.markdown(f"**{plain(hook.url)}**")
            types = ", ".join(plain(_name(each)) for each in hook.event_types)
            st.caption(f"{types} · added by {plain(hook.created_by)}")
        if button.button("Remove", key=f"remove-{hook.id}", width="stretch"):
            with acting.transaction(Role.OWNER) as tx:
                webhooks.delete_webhook(tx, hook.id)
            st.rerun()


def _show_secrets(secrets: list[SigningSecret]) -> None:
    with st.expander("Signing secret", icon=":material/key:"):
        st.write(
            "Messages are signed as [Standard Webhooks](https://www.standardwebhooks.com) says. Verify them with any of"
            " its libraries and this secret."
        )
        for secret in secrets:
            st.code(secret.secret, language=None)
            if secret.expires_at:
                st.caption(f"Signs until {moment(secret.expires_at)}, beside the new one.")
        if st.button("Rotate", disabled=len(secrets) > 1, help="A new secret; the old one signs too for a day."):
            with acting.transaction(Role.OWNER) as tx:
                webhooks.rotate_secret(tx)
            st.rerun()


def _show_deliveries(deliveries: list[Delivery], *, is_told: bool) -> None:
    st.subheader("Deliveries", anchor=False)
    if not deliveries:
        st.caption("Nothing has been sent yet." + (" The next finished import is." if is_told else ""))
    for delivery in deliveries:
        words, color = STATUSES[delivery.status]
        tries = counted(delivery.attempts, "attempt")
        label = f":{color}-badge[{words}] {moment(delivery.created_at)} · {plain(delivery.url)} · {tries}"
        with st.expander(label):
            _show_delivery(delivery)


def _show_delivery(delivery: Delivery) -> None:
    with acting.transaction(Role.OWNER) as tx:
        attempts = webhooks.search_attempts(tx, delivery.id)
    if attempts:
        lines = [
            {
                "Attempt": each["attempt"],
                "When": moment(each["attempted_at"]),
                "Seconds": round(each["seconds"], 2),
                "Answer": str(each["status_code"] or ""),
                "Trouble": each["error"] or "",
            }
            for each in attempts
        ]
        st.dataframe(pd.DataFrame(lines), hide_index=True)
    st.json({"type": delivery.type, "data": delivery.data}, expanded=False)
    if delivery.status == "failed" and st.button("Try again", key=f"retry-{delivery.id}"):
        with acting.transaction(Role.OWNER) as tx:
            webhooks.retry_delivery(tx, delivery.id)
        st.rerun()


show()
