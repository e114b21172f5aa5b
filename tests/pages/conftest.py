"""Pages run in this process, without a browser and without a worker, on a real PostgreSQL."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lead_store import access, imports
from lead_store.imports import Import
from lead_store.storage import database
from tests.integration.conftest import home, organization, run_import, start_and_finish

__all__ = ["home", "organization", "run_import"]

FRAME = Path(__file__).resolve().parents[2] / "pages" / "frame.py"
# Far more than any page takes on a busy machine.
PATIENCE_SECONDS = 60

OpenPage = Callable[..., AppTest]


@pytest.fixture
def open_page(organization: access.Organization) -> OpenPage:
    """Opens a page as the local user of the test's organization."""

    def open_(page: str, **place: Any) -> AppTest:
        app = AppTest.from_file(FRAME, default_timeout=PATIENCE_SECONDS)
        app.query_params["organization"] = organization.slug
        app.run()
        # Switching forgets the place in the URL.
        app.switch_page(page).run()
        for name, value in {"organization": organization.slug, **place}.items():
            app.query_params[name] = str(value)
        return app.run()

    return open_


@pytest.fixture
def receive(organization: access.Organization) -> Callable[..., Import]:
    """Uploads a file."""

    def receive_(content: str, name: str = "people.csv") -> Import:
        with database.transaction(organization.id) as tx:
            return imports.receive(tx, organization, name, io.BytesIO(content.encode()), "test")

    return receive_


@pytest.fixture
def review(organization: access.Organization, receive: Callable[..., Import]) -> Callable[..., Import]:
    """Uploads a file, matches its columns as suggested and checks all rows."""

    def review_(content: str, name: str = "people.csv") -> Import:
        run = receive(content, name)
        with database.transaction(organization.id) as tx:
            imports.map_columns(
                tx,
                run.id,
                imports.get_mapping(run),
                "test",
                region=run.region,
                channel=run.channel,
                on_existing=run.on_existing,
            )
            imports.prepare(tx, run.id, "test")
        with database.transaction(organization.id) as tx:
            return imports.stage(tx, run.id)

    return review_


@pytest.fixture
def finish(organization: access.Organization) -> Callable[[Import], None]:
    """Carries out a reviewed import to its end."""
    return lambda run: start_and_finish(organization, run.id)


def texts(app: AppTest) -> str:
    """All that stands on the page in words, markup included."""
    elements = [*app.title, *app.markdown, *app.caption, *app.error, *app.info, *app.warning]
    return "\n".join(str(element.value) for element in elements)
