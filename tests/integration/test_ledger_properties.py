"""What holds for any file and any rules: the review is the import, its ledger balances, repeating and undoing."""

from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lead_store import access
from lead_store.settings import get_settings
from lead_store.storage import database
from tests.integration.flows import get_store, undo

pytestmark = pytest.mark.filterwarnings("error")

# Few numbers and names, so that they meet: a mobile in both of its forms, a landline, damaged ones, a blank.
PHONES = (
    "+55 11 98765-4321",
    "11 8765-4321",
    "(11) 98765-4321",
    "+5511912340000",
    "+5511912340001",
    "1133334444",
    "123",
    "5,51199E+12",
    "",
)
NAMES = ("Ana Lima", "ana lima", "Ana L.", "Bruno Reis", "Carla Dias", "")
EMAILS = ("ana@example.com", "ANA@example.com", "family@example.com", "na@na", "")
TAGS = ("", "a", "a;b", "c")
CITIES = ("", "Rio", "Santos")
OPTED_OUT = ("", "yes", "no")
HEADER = "Nome,Telefone,E-mail,Tags,Cidade,Opt-out"
COLUMNS = {"Opt-out": "opted_out"}

ROWS = st.tuples(*map(st.sampled_from, (NAMES, PHONES, EMAILS, TAGS, CITIES, OPTED_OUT)))
FILES = st.lists(ROWS, min_size=1, max_size=9).map(
    lambda rows: "\n".join([HEADER, *(",".join(f'"{cell}"' for cell in row) for row in rows)]) + "\n"
)
RULES = st.fixed_dictionaries(
    {},
    optional={
        "fields": st.dictionaries(
            st.sampled_from(("name", "email", "phone", "tags", "attributes", "opted_out")),
            st.sampled_from(("keep", "fill", "overwrite")),
            max_size=3,
        )
    },
)
CHANNELS = st.sampled_from(("whatsapp", "whatsapp", "sms", "email"))
ON_EXISTING = st.sampled_from(("update", "update", "fill", "skip"))
thorough = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(scope="module", autouse=True)
def _small_batches():
    """Batches of three rows, so that nine rows make several."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LEAD_STORE_ROWS_PER_BATCH", "3")
        get_settings.cache_clear()
        yield
    get_settings.cache_clear()


def _tenant() -> access.Organization:
    with database.transaction() as tx:
        return access.create_organization(tx, f"any-{uuid4().hex[:12]}", "Any", "BR")


@thorough
@given(stored=FILES, others=FILES, content=FILES, rules=RULES, channel=CHANNELS, on_existing=ON_EXISTING)
def test_the_review_is_the_import_and_undo_leaves_every_table_as_it_was(
    run_import, stored, others, content, rules, channel, on_existing
):
    ours, theirs = _tenant(), _tenant()
    options = {"columns": COLUMNS, "channel": channel}
    run_import(others, organization=theirs, **options)
    run_import(stored, organization=ours, **options)
    before = get_store(ours, theirs)
    chosen = {**options, "organization": ours, "on_existing": on_existing, "rules": rules}

    review = run_import(content, **chosen, is_dry_run=True)
    assert get_store(ours, theirs) == before, "a review writes nothing"
    done = run_import(content, **chosen)
    assert done["ledger"] == review["ledger"]
    buckets = [rows for bucket, rows in done["ledger"].items() if bucket != "read"]
    assert sum(buckets) == done["ledger"]["read"]

    assert undo(ours, done["importId"])["kept"] == 0
    assert get_store(ours, theirs) == before


@thorough
@given(stored=FILES, content=FILES, rules=RULES, channel=CHANNELS, on_existing=ON_EXISTING)
def test_importing_twice_changes_nothing(run_import, stored, content, rules, channel, on_existing):
    ours = _tenant()
    chosen = {"organization": ours, "columns": COLUMNS, "channel": channel}
    run_import(stored, **chosen)
    chosen |= {"on_existing": on_existing, "rules": rules}
    run_import(content, **chosen)
    after = get_store(ours)
    again = run_import(content, **chosen)
    assert (again["ledger"]["created"], again["ledger"]["updated"]) == (0, 0)
    assert get_store(ours) == after
    assert undo(ours, again["importId"])["kept"] == 0
    assert get_store(ours) == after
