"""The loop that a developer writes first: pandas, phonenumbers for each row, SQLAlchemy's ORM merging object by object.

    python -m benchmarks.others.first_loop FILE DATABASE_URL ORGANIZATION_ID

One commit at the end, which is in its favour: many commit each row, so that a bad one does not take the others along.
"""

import sys
import uuid
from datetime import datetime

import pandas as pd
from sqlalchemy import ForeignKey, create_engine
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TEXT
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from benchmarks.others import contacts


class Base(DeclarativeBase):
    pass


class Lead(Base):
    __tablename__ = "lead"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    name: Mapped[str | None]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=datetime.now)
    updated_at: Mapped[datetime] = mapped_column(default=datetime.now, onupdate=datetime.now)


class ChannelIdentity(Base):
    __tablename__ = "channel_identity"
    channel: Mapped[str] = mapped_column(primary_key=True)
    channel_identifier: Mapped[str] = mapped_column(primary_key=True)
    lead_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lead.id"))
    created_at: Mapped[datetime] = mapped_column(default=datetime.now)


class LeadOrganization(Base):
    __tablename__ = "lead_organization"
    organization_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    lead_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lead.id"), primary_key=True)
    name: Mapped[str | None]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    external_id: Mapped[str | None]
    tags: Mapped[list[str]] = mapped_column(ARRAY(TEXT))
    attributes: Mapped[dict] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(default=datetime.now)
    updated_at: Mapped[datetime] = mapped_column(default=datetime.now, onupdate=datetime.now)


def main(file: str, url: str, organization_id: str) -> None:
    people = pd.read_csv(file, sep=contacts.SEPARATOR, dtype=str, keep_default_na=False)
    with Session(create_engine(url.replace("postgresql://", "postgresql+psycopg://"))) as session:
        for _, person in people.iterrows():
            phone = contacts.to_e164(person[contacts.PHONE])
            if phone is None:
                continue
            known = session.get(ChannelIdentity, (contacts.CHANNEL, phone))
            lead_id = known.lead_id if known else uuid.uuid4()
            profile = {"name": person[contacts.NAME], "email": person[contacts.EMAIL], "phone": phone}
            session.merge(Lead(id=lead_id, **profile))
            session.merge(ChannelIdentity(channel=contacts.CHANNEL, channel_identifier=phone, lead_id=lead_id))
            session.merge(
                LeadOrganization(
                    organization_id=uuid.UUID(organization_id),
                    lead_id=lead_id,
                    external_id=person[contacts.CODE],
                    tags=contacts.to_tags(person[contacts.TAGS]),
                    attributes={contacts.CITY: person[contacts.CITY]},
                    **profile,
                )
            )
        session.commit()


if __name__ == "__main__":
    main(*sys.argv[1:])
