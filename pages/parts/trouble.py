"""The one way in which errors are shown: as the sentence they hold, or as a reference to the log."""

import logging
import secrets

import streamlit as st

from lead_store.errors import LeadStoreError
from pages.parts.plain import plain

log = logging.getLogger(__name__)


def show(error: BaseException) -> bool:
    """Show what happened and what to do; never a traceback. True: nothing else needs to be shown."""
    if isinstance(error, LeadStoreError):
        st.error(plain(error.detail), icon=":material/error:")
        return True
    reference = secrets.token_hex(4)
    log.error("page failed, reference %s", reference, exc_info=error)
    st.error(
        f"Something unexpected happened on this page. Nothing is lost. Reload the page; if it happens again, "
        f"send us the reference **{reference}**.",
        icon=":material/error:",
    )
    return True
