"""Tags that are one whatever their letter case."""

from alembic import op

revision = "0011"
down_revision = "0010"

# The first way in which a tag was written is kept.
TAGS = """
create or replace function distinct_tags(tags text[]) returns text[] language sql immutable parallel safe as $$
    select coalesce(array_agg(tag order by place), '{}')
    from (select distinct on (lower(tag)) tag, place from unnest(tags) with ordinality as t(tag, place)
          order by lower(tag), place) once
$$;
"""


def upgrade() -> None:
    op.execute(TAGS)
