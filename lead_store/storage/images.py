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
IS_LATEST_OF_ANOTHER = f"""exists (select 1 from import_change o where {_IS_OF_ANOTHER}
    and {updated_at("o.after")} = s.updated_at)"""


def _handed_down(*fields: str) -> str:
    return ", ".join(
        f"'{field}', case when {changed(field)} and o.before -> '{field}' = c.after -> '{field}'"
        f" then c.before -> '{field}' else o.before -> '{field}' end"
        for field in (*fields, "updated_at")
    )


# A later import that changed the lead further began from what this one wrote. Taken back after it, it must not bring
# that back: its image of before becomes what was before this one too.
_HAND_DOWN = f"""
update import_change o set before = o.before || jsonb_build_object(handed_down)
from import_change c
where c.import_id = :import_id and c.batch_number = :batch_number and c.target = 'of_target'
  and {_IS_OF_ANOTHER} and {updated_at("o.before")} >= {updated_at("c.after")}
  and not exists (select 1 from import_change n where n.organization_id = current_organization()
      and n.lead_id = c.lead_id and n.target = c.target and n.import_id not in (c.import_id, o.import_id)
      and {updated_at("n.before")} >= {updated_at("c.after")}
      and {updated_at("n.before")} < {updated_at("o.before")})
"""
# What the two imports together began from has the version that it had, unless something lay between them or an opt-out
# stays: what then comes of it was never seen before.
_OF_LINK = f"""{_handed_down(*SCALARS)},
    'tags', tags_taken_back(array(select jsonb_array_elements_text(o.before -> 'tags')), {BEFORE_TAGS}, {AFTER_TAGS}),
    'attributes', taken_back(o.before -> 'attributes', c.before -> 'attributes', c.after -> 'attributes'),
    'version', case when {updated_at("o.before")} = {updated_at("c.after")} and not ({changed("opted_out_at")})
        then c.before -> 'version' else to_jsonb(nextval('lead_version')) end"""
HAND_DOWN_LINKS = _HAND_DOWN.replace("handed_down", _OF_LINK).replace("of_target", "lead_organization")
HAND_DOWN_LEADS = _HAND_DOWN.replace("handed_down", _handed_down(*PROFILE)).replace("of_target", "lead")

# The last of such imports finds the lead as it left it, but for what was taken back here.
_KEEP_LATEST = f"""
update import_change o set after = to_jsonb(s)
from import_change c join stored
where c.import_id = :import_id and c.batch_number = :batch_number and c.target = 'of_target'
  and {_IS_OF_ANOTHER} and {updated_at("o.after")} = s.updated_at
"""
KEEP_LATEST_LINKS = _KEEP_LATEST.replace(
    "stored", "lead_organization s on s.organization_id = current_organization() and s.lead_id = c.lead_id"
).replace("of_target", "lead_organization")
KEEP_LATEST_LEADS = _KEEP_LATEST.replace("stored", "lead s on s.id = c.lead_id").replace("of_target", "lead")


def hand_down(tx: Connection, values: Mapping[str, Any]) -> None:
    """Before a batch is taken back: let later imports begin from what was before it."""
    for script in (HAND_DOWN_LINKS, HAND_DOWN_LEADS):
        tx.execute(text(script), values)


def keep_latest(tx: Connection, values: Mapping[str, Any]) -> None:
    """After it was taken back: what is stored now is how the last of the later imports left it."""
    for script in (KEEP_LATEST_LINKS, KEEP_LATEST_LEADS):
        tx.execute(text(script), values)
