"""The script of every rerun: the gate first, then the navigation and the page, and the one place for errors."""

import streamlit as st

from lead_store.errors import NotFound
from pages.parts import acting, heading, look, places, trouble

SIDEBAR_PIXELS = 220

st.set_page_config(page_title="Leads", page_icon=look.ICON, layout="wide", initial_sidebar_state=SIDEBAR_PIXELS)
look.apply()

try:
    acting.admit()
except Exception as error:
    trouble.show(error)
    st.stop()

of_importers = "visible" if acting.get().may_import else "hidden"
of_owners = "visible" if acting.get().may_manage else "hidden"

page = st.navigation(
    {
        "": [
            st.Page(places.LIST, title="Imports", icon=":material/upload_file:", default=True),
            st.Page(
                places.UPLOAD,
                title="New import",
                icon=":material/add_circle:",
                url_path="upload",
                visibility=of_importers,
            ),
            st.Page(places.SEARCH, title="Leads", icon=":material/group:", url_path="leads"),
            st.Page(places.HISTORY, title="Dispatches", icon=":material/send:", url_path="dispatches"),
            st.Page(places.COLUMNS, title="Columns", url_path="columns", visibility="hidden"),
            st.Page(places.REVIEW, title="Review", url_path="review", visibility="hidden"),
            st.Page(places.PROGRESS, title="Import", url_path="progress", visibility="hidden"),
            st.Page(places.REPORT, title="Report", url_path="report", visibility="hidden"),
            st.Page(places.LEAD, title="Lead", url_path="lead", visibility="hidden"),
            st.Page(places.COMPOSE, title="Dispatch", url_path="compose", visibility="hidden"),
        ],
        "Settings": [
            st.Page(places.MEMBERS, title="Members", icon=":material/badge:", url_path="members"),
            st.Page(places.MAPPINGS, title="Saved mappings", icon=":material/bookmark:", url_path="mappings"),
            st.Page(
                places.API_KEYS, title="API keys", icon=":material/key:", url_path="api-keys", visibility=of_owners
            ),
            st.Page(
                places.WEBHOOKS, title="Webhooks", icon=":material/webhook:", url_path="webhooks", visibility=of_owners
            ),
            st.Page(
                places.DATA_PROTECTION,
                title="Data protection",
                icon=":material/shield_person:",
                url_path="data-protection",
                visibility=of_owners,
            ),
        ],
    }
)

try:
    page.run()
except NotFound as error:
    heading.show("Not found")
    trouble.show(error)
    label, place = ("All leads", places.SEARCH) if page.url_path == "lead" else ("All imports", places.LIST)
    if st.button(label, type="primary", icon=":material/arrow_back:"):
        places.go(place)
except Exception as error:
    trouble.show(error)
