"""Links of an organization by when they were made: new ones lie side by side, and those of a batch share an entry.

The key leads with the lead: it also finds the organizations of one, for which there was an index more.
"""

from alembic import op

revision = "0017"
down_revision = "0016"

NEWEST_FIRST = """
alter table lead_organization drop constraint lead_organization_pkey, add primary key (lead_id, organization_id);
drop index lead_organization_lead;
create index lead_organization_newest on lead_organization (organization_id, created_at);
"""


def upgrade() -> None:
    op.execute(NEWEST_FIRST)
