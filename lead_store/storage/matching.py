"""What happens to a row, as SQL that the review and the import share: folding, facts, writes, bucket.

    fold      the rows of one person in a file -> one, values as decided
    facts     that row against what is stored -> bits of the fields it fills and changes
    writes    facts and the user's rules -> bits of the fields to be written
    bucket    facts, rules and decisions -> where the row stands in the ledger

There is one expression for each; whoever shows or does something uses it, so that what was reviewed is what
is imported.
"""

from collections.abc import Mapping
from enum import IntFlag


class FieldBit(IntFlag):
    """The fields of an organization's view of a lead, as bits of `fills` and `changes`."""

    NAME = 1
    EMAIL = 2
    PHONE = 4
    EXTERNAL_ID = 8
    TAGS = 16
    ATTRIBUTES = 32
    OPTED_OUT = 64


# Beside the fields: the row's identifier is given to a lead whom a person linked it to. No rule forbids that.
IDENTITY_BIT = 128
BUCKETS = ("created", "updated", "unchanged", "merged", "skipped", "rejected")


def get_masks(on_existing: str, field_rules: Mapping[str, str]) -> dict[str, int]:
    """The bits that may fill a blank and those that may change a value, under the user's rules.

    Args:
        on_existing: update, fill or skip; the rule of every field without one of its own.
        field_rules: field -> keep, fill, overwrite (append, for tags, is the same bit).
    """
    general = {"update": "overwrite", "fill": "fill", "skip": "keep"}[on_existing]
    fill_mask, overwrite_mask = IDENTITY_BIT, 0
    for bit in FieldBit:
        rule = field_rules.get(str(bit.name).lower(), general)
        fill_mask |= bit if rule != "keep" else 0
        overwrite_mask |= bit if rule in ("overwrite", "append") else 0
    return {"fill_mask": int(fill_mask), "overwrite_mask": int(overwrite_mask)}


# Whom a row is about. a, b: channel_identity of its identifier and of the other form. A lead whom the organization
# already has goes before one it has not, then the identifier as given before its other form. That both are known,
# and of two leads of the organization, is a conflict for a person to decide. Whoever joins on the matched lead ends
# the query that finds it with `offset 0`: only a plain column can be looked up in an index.
def is_linked(identity: str) -> str:
    """Whether the lead of an identity is one of the organization's; `offset 0` has it looked up, not all leads read."""
    return f"""exists (select 1 from lead_organization l
        where l.organization_id = current_organization() and l.lead_id = {identity}.lead_id offset 0)"""


# Nested, so that links are looked up only where both forms are known: "unknown and ..." goes on to the next condition.
MATCHED_LEAD = f"""
case when a.lead_id <> b.lead_id then
    case when not {is_linked("a")} and {is_linked("b")} then b.lead_id else a.lead_id end
    else coalesce(a.lead_id, b.lead_id) end
"""
IS_CONFLICT = f"""
case when a.lead_id <> b.lead_id then {is_linked("a")} and {is_linked("b")} else false end
"""
# There is one at most: `limit 1` tells so to the planner, which knows nothing of a store that has just begun to fill.
IDENTITIES_OF_ROW = """
left join lateral (select lead_id from channel_identity
    where channel = :channel and channel_identifier = i.identifier limit 1) a on true
left join lateral (select lead_id from channel_identity
    where channel = :channel and channel_identifier = i.variant limit 1) b on true
"""
# Of a file that is imported again nearly all rows say what is stored: that is told by one comparison of each value.
_SAYS_NOTHING_NEW = """
(r.name is null or r.name = s.name) and (r.email is null or r.email = s.email)
    and (r.phone is null or r.phone = s.phone) and (r.external_id is null or r.external_id = s.external_id)
    and (r.tags is null or r.tags = s.tags) and (r.attributes is null or r.attributes = s.attributes)
    and (r.opted_out is not true or s.opted_out_at is not null)
"""
# Of a person who is new nothing is asked: for a store that it found empty the planner takes any index, and another
# worker fills that store meanwhile. A hundred thousand links were read for each new row.
LINK_OF_ROW = f"""
left join lateral (select s.*, ({_SAYS_NOTHING_NEW}) as has_nothing_new from lead_organization s
    where r.matched_lead is not null
        and organization_id = (select current_organization()) and lead_id = r.matched_lead limit 1) s on true
"""


def new_lead_id(row: str, number: str) -> str:
    """The id that a new person gets; one draw serves all rows of a statement."""
    return f"new_lead_id(least({row}.identifier, {row}.variant), (select gen_random_uuid()::text), {row}.{number})"


# Who joins with links names the organization by a query of its own: the planner then expects of each as many links as
# all have on average. It knows of one that has just begun that it has hardly any, and would read all of them for each
# row instead of looking up the lead: 18 seconds for the second batch of its first import.


def _bits(has_nothing_new: str, bits: str) -> str:
    """r: a row; s: lead_organization of the lead it matches, null where there is none.

    A blank fills and changes nothing. An e-mail or a tag differs by more than letter case, a phone by more than the
    form WhatsApp knows it under.
    """
    return f"case when s.lead_id is null or ({has_nothing_new}) then 0 else {bits} end"


_FILLED = """
    case when s.name is null and r.name is not null then 1 else 0 end
  | case when s.email is null and r.email is not null then 2 else 0 end
  | case when s.phone is null and r.phone is not null then 4 else 0 end
  | case when s.external_id is null and r.external_id is not null then 8 else 0 end
  | case when s.tags = '{}' and r.tags <> '{}' then 16 else 0 end
  | case when r.attributes is null or s.attributes @> r.attributes then 0
         when s.attributes ?& array(select jsonb_object_keys(r.attributes)) then 0 else 32 end
  | case when s.opted_out_at is null and r.opted_out then 64 else 0 end
"""
_CHANGED = """
    case when s.name <> r.name then 1 else 0 end
  | case when s.email <> r.email and lower(s.email) <> lower(r.email) then 2 else 0 end
  | case when s.phone <> r.phone and s.phone is distinct from r.variant and s.phone <> r.identifier then 4 else 0 end
  | case when s.external_id <> r.external_id then 8 else 0 end
  | case when s.tags <> '{}' and not s.tags @> r.tags
        and not lower(s.tags::text)::text[] @> lower(r.tags::text)::text[] then 16 else 0 end
  | case when r.attributes is null or s.attributes @> r.attributes then 0
         when exists (select 1 from jsonb_each(r.attributes) a
                      where s.attributes -> a.key <> a.value) then 32 else 0 end
"""
FILLS, CHANGES = _bits(_SAYS_NOTHING_NEW, _FILLED), _bits(_SAYS_NOTHING_NEW, _CHANGED)
# Where `s` comes from LINK_OF_ROW, which has compared them once for both.
FILLS_OF_ROW, CHANGES_OF_ROW = _bits("s.has_nothing_new", _FILLED), _bits("s.has_nothing_new", _CHANGED)

WRITES = "((r.fills & :fill_mask) | (r.changes & :overwrite_mask))"

# r: an import_row, or anything with its facts.
BUCKET = f"""
case
    when r.outcome is not null then r.outcome
    when r.blocking is not null or r.decision = 'reject' then 'rejected'
    when r.decision = 'skip' then 'skipped'
    when r.is_folded then 'merged'
    when not r.is_linked then 'created'
    when :on_existing = 'skip' then 'skipped'
    when {WRITES} <> 0 then 'updated'
    else 'unchanged'
end
"""

# What `import_row.facts` says, but for `blocking`, of which it holds a hash; the migration that made it has the same
# numbers. Rows are counted by this one number, and what it says is told once for each that there is.
FACTS = f"""
(facts & 255)::smallint as fills, (facts >> 8 & 127)::smallint as changes,
    facts >> 15 & 1 = 1 as is_folded, facts >> 16 & 1 = 1 as is_linked,
    (array['skip', 'reject'])[facts >> 17 & 3] as decision, (array{list(BUCKETS)})[facts >> 19 & 7] as outcome
"""

# Among the rows of a group that fold into one, filled cells win by their row's place: later ones by default. Where the
# first row wins with its blanks, the others bring only what takes nothing from it: their tags, and an opt-out.
_PLACE = "(case when g.decision in ('merge_first', 'merge_fill') then -r.row_number else r.row_number end)"
_COUNTS = "(g.decision is distinct from 'merge_first' or not r.is_folded)"


def _last_filled(column: str) -> str:
    return (
        f"(array_agg(r.{column} order by {_PLACE} desc) filter (where r.{column} is not null and {_COUNTS}))[1]"
        f" as {column}"
    )


def _of_standing(aggregate: str, column: str) -> str:
    return f"{aggregate}(r.{column}) filter (where not r.is_folded)"


_FOLDED_COLUMNS = "r.name, r.email, r.phone, r.external_id, r.tags, r.attributes, r.opted_out"


def fold(rows: str) -> str:
    """A query of the rows that stand for a person, with the values of those that fold into them.

    Args:
        rows: a condition on `r`, an import_row; the rows of a group must meet it together.
    """
    return f"""
select r.row_number, r.identifier, r.variant, {_FOLDED_COLUMNS},
       r.lead_id, r.is_known, r.is_linked, r.stored_version, r.fills, r.changes
from import_row r
where r.import_id = :import_id and {rows} and r.group_number is null and r.blocking is null and r.decision is null
union all
select {_of_standing("max", "row_number")}, {_of_standing("max", "identifier")}, {_of_standing("max", "variant")},
       {_last_filled("name")}, {_last_filled("email")}, {_last_filled("phone")}, {_last_filled("external_id")},
       distinct_tags(joined_tags(r.tags order by r.row_number) filter (where r.tags is not null)),
       nullif(merged_attributes(r.attributes order by {_PLACE})
           filter (where r.attributes is not null and {_COUNTS}), '{{}}'),
       bool_or(r.opted_out),
       (array_agg(r.lead_id) filter (where not r.is_folded))[1], {_of_standing("bool_or", "is_known")},
       {_of_standing("bool_or", "is_linked")}, {_of_standing("max", "stored_version")},
       {_of_standing("max", "fills")}, {_of_standing("max", "changes")}
from import_row r
-- Each row looks up its group: to go through all groups of the file costs more with each batch of it.
cross join lateral (select g.decision from import_group g
    where g.import_id = r.import_id and g.group_number = r.group_number offset 0) g
where r.import_id = :import_id and {rows} and r.group_number is not null and r.blocking is null and r.decision is null
group by r.group_number
having count(*) filter (where not r.is_folded) = 1
"""
