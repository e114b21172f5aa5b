"""What holds for any file and any rules: the review is the import, its ledger balances, repeating and undoing."""

from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lead_store import access, imports
from lead_store.imports import deciding
from lead_store.settings import get_settings
from lead_store.storage import database
from tests.integration.conftest import start_and_finish
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
# Numbers of the time before the ninth digit stay as they are, so that people have numbers in two forms.
OLD_FORM = {"ninth_digit:BR": "keep"}


def _rule(name: str) -> st.SearchStrategy[str]:
    return st.sampled_from([choice for choice in imports.RULES[name] if choice != "ask"])


RULES = st.fixed_dictionaries(
    {},
    optional={
        "fields": st.dictionaries(
            st.sampled_from(("name", "email", "phone", "tags", "attributes", "opted_out")),
            st.sampled_from(("keep", "fill", "overwrite")),
            max_size=3,
        ),
        "phone_choices": st.just(OLD_FORM),
        **{name: _rule(name) for name in imports.RULES},
    },
)
# A decision for each place: it falls on the group or address in that place, if the file has one there.
GROUP_CHOICES = st.lists(st.sampled_from((None, *deciding.GROUP_CHOICES)), max_size=3)
ADDRESS_CHOICES = st.lists(st.sampled_from((None, *deciding.ADDRESS_CHOICES)), max_size=2)
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


def _decide(ours, import_id, group_choices, address_choices) -> None:
    with database.transaction(ours.id) as tx:
        run = imports.get_import(tx, import_id)
        groups = [
            group
            for with_other_people in (False, True)
            for group in imports.search_groups(tx, import_id, with_other_people=with_other_people)
        ]
        for group, choice in zip(groups, group_choices, strict=False):
            if choice:
                rows = imports.search_group_rows(tx, run, [group["group_number"]])
                row = {"row_number": rows[-1]["row_number"]} if choice == "owner" else {}
                imports.decide_groups(tx, import_id, [group["identifier"]], choice, "test", **row)
        shared = imports.search_addresses(tx, run)
        for address, choice in zip(shared, address_choices, strict=False):
            if choice:
                imports.decide_addresses(tx, import_id, [address["address"]], choice, "test")


def _get_ledger(ours, import_id) -> dict[str, int]:
    with database.transaction(ours.id) as tx:
        return imports.get_ledger(tx, imports.get_import(tx, import_id))


@thorough
@given(
    stored=FILES,
    others=FILES,
    content=FILES,
    rules=RULES,
    channel=CHANNELS,
    on_existing=ON_EXISTING,
    group_choices=GROUP_CHOICES,
    address_choices=ADDRESS_CHOICES,
)
def test_the_review_is_the_import_and_undo_leaves_every_table_as_it_was(
    run_import, stored, others, content, rules, channel, on_existing, group_choices, address_choices
):
    ours, theirs = _tenant(), _tenant()
    options = {"columns": COLUMNS, "channel": channel, "rules": {"phone_choices": OLD_FORM}}
    run_import(others, organization=theirs, **options)
    run_import(stored, organization=ours, **options)
    before = get_store(ours, theirs)
    chosen = {**options, "organization": ours, "on_existing": on_existing, "rules": rules}

    import_id = UUID(run_import(content, **chosen, is_dry_run=True)["importId"])
    _decide(ours, import_id, group_choices, address_choices)
    assert get_store(ours, theirs) == before, "a review writes nothing"
    planned = _get_ledger(ours, import_id)
    start_and_finish(ours, import_id)
    done = _get_ledger(ours, import_id)
    assert done == planned
    assert sum(rows for bucket, rows in done.items() if bucket != "read") == done["read"]

    assert undo(ours, import_id)["kept"] == 0
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
