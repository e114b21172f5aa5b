"""Before- and after-images of what imports changed (`import_change`), compared; and handed down among imports.

c: the change that is taken back; s: the lead as it is stored; o: a change of the same lead by another import.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, text

SCALARS = ("name", "email", "phone", "external_id")
PROFILE = SCALARS[:3]


def changed(field: str) -> str:
    """Whether the import changed the field."""
    return f"c.after -> '{field}' is distinct from c.before -> '{field}'"


def updated_at(image: str) -> str:
    """When the lead was changed, by an image."""
    return f"cast({image} ->> 'updated_at' as timestamptz)"


BEFORE_TAGS, AFTER_TAGS = (
    f"array(select jsonb_array_elements_text(c.{image} -> 'tags'))" for image in ("before", "after")
)
IS_UNTOUCHED = f"s.updated_at = {updated_at('c.after')}"
_IS_OF_ANOTHER = """o.organization_id = current_organization() and o.lead_id = c.lead_id and o.target = c.target
    and o.import_id <> c.import_id"""
_PLACE = f"{updated_at('o.before')}, {updated_at('o.after')}"
IS_LATEST_OF_ANOTHER = f"""exists (select 1 from import_change o where {_IS_OF_ANOTHER}
    and {updated_at("o.after")} = s.updated_at)"""


# Later imports that changed the lead further began from what this one wrote. Taken back after it, they must not bring
# that back: it goes from their images, one after the other, as far as each only found it there.
HAND_DOWN = f"""
update import_change o set before = h.new_before, after = h.new_after
from (select later.lead_id, later.target, h.* from (
    select c.lead_id, c.target, c.before, c.after, array_agg(o.import_id order by {_PLACE}) as import_ids,
        array_agg(o.before order by {_PLACE}) as befores, array_agg(o.after order by {_PLACE}) as afters
    from import_change c
    join import_change o on {_IS_OF_ANOTHER} and {updated_at("o.before")} >= {updated_at("c.after")}
    join import_batch b on b.import_id = o.import_id and b.batch_number = o.batch_number and b.status <> 'undone'
    where c.import_id = :import_id and c.batch_number = :batch_number and c.target in ('lead', 'lead_organization')
    group by c.import_id, c.lead_id, c.target, c.key) later
cross join lateral rows from (
    unnest(later.import_ids), handed_down(later.before, later.after, later.befores, later.afters)
) as h (import_id, new_before, new_after) offset 0) h
where o.import_id = h.import_id and o.lead_id = h.lead_id and o.target = h.target and o.key = ''
"""

# The last of such imports finds the lead as it left it, but for what was taken back here.
_KEEP_LATEST = f"""
update import_change o set after = to_jsonb(s)
from import_change c join stored
where c.import_id = :import_id and c.batch_number = :batch_number and c.target = 'of_target'
  and {_IS_OF_ANOTHER} and {updated_at("o.after")} = s.updated_at
"""
KEEP_LATEST_LINKS = _KEEP_LATEST.replace(
    "stored", "lead_organization s on s.organization_id = (select current_organization()) and s.lead_id = c.lead_id"
).replace("of_target", "lead_organization")
KEEP_LATEST_LEADS = _KEEP_LATEST.replace("stored", "lead s on s.id = c.lead_id").replace("of_target", "lead")


def hand_down(tx: Connection, values: Mapping[str, Any]) -> None:
    """Before a batch is taken back: let later imports begin from what was before it."""
    tx.execute(text(HAND_DOWN), values)


def keep_latest(tx: Connection, values: Mapping[str, Any]) -> None:
    """After it was taken back: what is stored now is how the last of the later imports left it."""
    for script in (KEEP_LATEST_LINKS, KEEP_LATEST_LEADS):
        tx.execute(text(script), values)
