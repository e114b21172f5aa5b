"""django-import-export in bulk mode: the same tables as models, one resource for each, 1,000 rows to a statement.

    python -m benchmarks.others.django_import_export FILE DATABASE_URL ORGANIZATION_ID

In its favour: cached loaders (one look-up for all rows), no diffs, no row results, phones and lead ids made beforehand.
"""

import csv
import sys
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import django
import tablib
from django.conf import settings

from benchmarks.others import contacts


def configure(url: str) -> None:
    parts = urlsplit(url)
    host = parts.hostname or parse_qs(parts.query).get("host", [""])[0]
    settings.configure(
        INSTALLED_APPS=["import_export"],
        USE_TZ=True,
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": unquote(parts.path[1:]),
                "USER": parts.username or "",
                "PASSWORD": parts.password or "",
                "HOST": host,
                "PORT": str(parts.port or ""),
            }
        },
    )
    django.setup()


def read_people(file: str) -> list[dict[str, Any]]:
    """Of the rows with one number, the last one counts: bulk mode cannot create and update it in one run."""
    people = {}
    with Path(file).open(encoding="utf-8", newline="") as content:
        for row in csv.DictReader(content, delimiter=contacts.SEPARATOR):
            phone = contacts.to_e164(row[contacts.PHONE])
            if phone is not None:
                people[phone] = {**row, "phone": phone}
    return list(people.values())


def main(file: str, url: str, organization_id: str) -> None:
    configure(url)
    from benchmarks.others import django_resources as resources

    people = read_people(file)
    known = dict(
        resources.ChannelIdentity.objects.filter(channel=contacts.CHANNEL).values_list("channel_identifier", "lead_id")
    )
    for person in people:
        person["lead_id"] = known.get(person["phone"]) or uuid.uuid4()
    load(
        resources.LeadResource,
        ("id", "name", "email", "phone"),
        ((p["lead_id"], p[contacts.NAME], p[contacts.EMAIL], p["phone"]) for p in people),
    )
    load(
        resources.IdentityResource,
        ("channel_identifier", "channel", "lead_id"),
        ((p["phone"], contacts.CHANNEL, p["lead_id"]) for p in people),
    )
    load(
        resources.LinkResource,
        ("lead_id", "organization_id", "name", "email", "phone", "external_id", "tags", "attributes"),
        (
            (
                p["lead_id"],
                organization_id,
                p[contacts.NAME],
                p[contacts.EMAIL],
                p["phone"],
                p[contacts.CODE],
                contacts.to_tags(p[contacts.TAGS]),
                {contacts.CITY: p[contacts.CITY]},
            )
            for p in people
        ),
    )


def load(resource: type, headers: tuple[str, ...], rows: Iterable[tuple]) -> None:
    result = resource().import_data(tablib.Dataset(*rows, headers=headers), raise_errors=True)
    if result.has_errors():
        raise SystemExit(f"{resource.__name__} failed")


if __name__ == "__main__":
    main(*sys.argv[1:])
