"""The schema, and nothing but the schema. Alembic's migrations bring an older database here."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
    text,
)


class Utc(TypeDecorator[datetime]):
    """An aware moment, kept as UTC; SQLite forgets the zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> Any:
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

regions = Table(
    "regions",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("body", JSON, nullable=False),  # postcodes, time zone and policy, as domain.people.Region has them
    Column("last_number", Integer, nullable=False, default=0),
    Column("active", Boolean, nullable=False, default=True),
)

organisations = Table(
    "organisations",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
)

teams = Table(
    "teams",
    metadata,
    Column("id", String, primary_key=True),
    Column("region_id", ForeignKey("regions.id"), nullable=False, index=True),
    Column("organisation_id", ForeignKey("organisations.id"), nullable=False),
    Column("body", JSON, nullable=False),  # name, postcodes, expertise
)

members = Table(
    "members",
    metadata,
    Column("user_id", String, primary_key=True),
    Column("region_id", ForeignKey("regions.id"), primary_key=True),
    Column("team_id", ForeignKey("teams.id"), nullable=True),
    Column("roles", JSON, nullable=False),
    Column("name", String, nullable=False),
    Index(None, "region_id"),
)

rooms = Table(
    "rooms",
    metadata,
    Column("purpose", String, primary_key=True),  # "region:noord", "coordinators:noord", "direct:@fatima:..."
    Column("room_id", String, nullable=False, unique=True),
)

invitations = Table(
    "invitations",
    metadata,
    Column("purpose", String, primary_key=True),
    Column("user_id", String, primary_key=True),
)

zorgvragen = Table(
    "zorgvragen",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("region_id", ForeignKey("regions.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("care", JSON, nullable=False),
    Column("state", String, nullable=False),
    Column("submitted_by", String, nullable=False),
    Column("submitted_at", Utc, nullable=False),
    Column("opened_at", Utc, nullable=False),
    Column("due_at", Utc, nullable=True),
    Column("claimed_by", String, nullable=True),
    Column("claimed_at", Utc, nullable=True),
    Column("ended_at", Utc, nullable=True),
    Column("erased_at", Utc, nullable=True),
    Column("reason", String, nullable=True),
    Column("round", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("region_id", "number"),
    Index(None, "region_id", "state"),
    Index(None, "state", "due_at"),
    Index(None, "claimed_by", "state"),
)

contacts = Table(
    "contacts",
    metadata,
    Column("zorgvraag_id", ForeignKey("zorgvragen.id"), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)

references = Table(
    "references",
    metadata,
    Column("source", String, primary_key=True),
    Column("reference", String, primary_key=True),
    Column("fingerprint", String, nullable=False),
    Column("zorgvraag_id", ForeignKey("zorgvragen.id"), nullable=False),
)

rounds = Table(
    "rounds",
    metadata,
    Column("zorgvraag_id", ForeignKey("zorgvragen.id"), primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("at", Utc, nullable=False, index=True),
)

lights = Table(
    "lights",
    metadata,
    Column("team_id", ForeignKey("teams.id", ondelete="CASCADE"), primary_key=True),
    Column("dagdeel", String, primary_key=True),
    Column("colour", String, nullable=False),
    Column("set_at", Utc, nullable=False),
    Column("set_by", String, nullable=False),
    Column("until", Utc, nullable=True),
    Column("note", String, nullable=True),
)

digests = Table(
    "digests",
    metadata,
    Column("region_id", ForeignKey("regions.id"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("at", Utc, nullable=False),
)

seen = Table(
    "seen",
    metadata,
    Column("event_id", String, primary_key=True),
    Column("at", Utc, nullable=False, index=True),
    Column("outcome", String, nullable=False),
)

reactions = Table(
    "reactions",
    metadata,
    Column("event_id", String, primary_key=True),
    Column("user_id", String, nullable=False),
    Column("zorgvraag_id", ForeignKey("zorgvragen.id"), nullable=False),
)

cursors = Table(
    "cursors",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", String, nullable=False),
)

WAITING = text("done_at IS NULL")

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("batch", String, nullable=True, index=True),  # the transaction id; letters told as one share it
    Column("audience", String, nullable=False),  # the name of a domain.audience
    Column("address", String, nullable=False),
    Column("region_id", ForeignKey("regions.id"), nullable=True),
    Column("kind", String, nullable=False),
    Column("facts", JSON, nullable=False),
    Column("sealed", LargeBinary, nullable=True),
    Column("priority", Integer, nullable=False),
    Column("merge_key", String, nullable=True),
    Column("zorgvraag_id", ForeignKey("zorgvragen.id"), nullable=True),
    Column("asked_by", String, nullable=True),
    Column("reply_to", String, nullable=True),
    Column("created_at", Utc, nullable=False),
    Column("not_before", Utc, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("room_id", String, nullable=True),
    Column("event_id", String, nullable=True, index=True),
    Column("done_at", Utc, nullable=True),
    Column("outcome", String, nullable=True),  # "sent" or an error code
    Index(None, "zorgvraag_id", "kind"),
    # What waits is little beside what was said in all those years.
    Index(None, "priority", sqlite_where=WAITING),
    Index(None, "audience", "address", "priority", sqlite_where=WAITING),
    Index(None, "audience", "address", "merge_key", sqlite_where=WAITING),
)

journal = Table(
    "journal",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", Utc, nullable=False, index=True),
    Column("user_id", String, nullable=False),
    Column("what", String, nullable=False),
    Column("region_id", String, nullable=True),
    Column("zorgvraag_id", Integer, nullable=True, index=True),
)
