"""Statuses and ledger buckets in words and colors, the same on every page."""

import streamlit as st

from lead_store.imports import Import

LABELS = {
    "received": ("Columns to match", "orange"),
    "mapped": ("Ready to check", "orange"),
    "preparing": ("Checking rows", "blue"),
    "in_review": ("Waits for your review", "orange"),
    "importing": ("Importing", "blue"),
    "paused": ("Paused", "orange"),
    "imported": ("Imported", "green"),
    "undoing": ("Being undone", "blue"),
    "undone": ("Undone", "gray"),
    "cancelled": ("Cancelled", "gray"),
    "failed": ("Stopped by an error", "red"),
}

# What comes after "its import".
SENTENCES = {
    "received": "waits for its columns to be matched",
    "mapped": "waits to be checked",
    "preparing": "is being checked",
    "in_review": "waits to be reviewed",
    "importing": "is running",
    "paused": "is paused",
    "imported": "is done",
    "undoing": "is being undone",
    "undone": "was undone",
    "cancelled": "was cancelled",
    "failed": "was stopped by an error",
}

BUCKETS = {
    "created": ("Created", "green", "New to you: they become leads."),
    "updated": ("Updated", "blue", "Leads you have, with something new in this file."),
    "unchanged": ("Unchanged", "gray", "Leads you have, just as this file says."),
    "merged": ("Merged", "violet", "Further rows of a person who stands in this file more than once."),
    "skipped": ("Skipped", "orange", "Left out by your own rule or decision."),
    "rejected": ("Rejected", "red", "Cannot be used; each with its reason."),
}


def show(run: Import) -> None:
    """The status as a badge."""
    words, color = LABELS[run.status]
    st.badge(words, color=color)  # type: ignore[arg-type]
