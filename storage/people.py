"""Rows of regions, organisations, teams and members to `domain.people` and back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, bindparam, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.people import Member, Organisation, Region, Role, Team
from storage import tables as t
from storage.codec import from_json, to_json

# Asked for every command and every answer, and made once: making one takes as long as asking it.
_REGION = select(t.regions).where(t.regions.c.id == bindparam("region_id"))
_ORGANISATIONS = select(t.organisations)
_TEAMS = select(t.teams)
_TEAMS_IN = _TEAMS.where(t.teams.c.region_id == bindparam("region_id"))
_MEMBERS_IN = select(t.members).where(t.members.c.region_id == bindparam("region_id"))
_PLACES_OF = (
    select(t.members)
    .join(t.regions, t.regions.c.id == t.members.c.region_id)
    .where(t.members.c.user_id == bindparam("user_id"), t.regions.c.active)
    .order_by(t.members.c.region_id)
)


class People:
    """The area as it was last applied, within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def regions(self) -> list[Region]:
        """Every active region, by name."""
        query = select(t.regions).where(t.regions.c.active).order_by(t.regions.c.name)
        return [_region(row) for row in (await self._connection.execute(query)).all()]

    async def region(self, region_id: str) -> Region:
        """The region with this id. Raises sqlalchemy.exc.NoResultFound."""
        return _region((await self._connection.execute(_REGION, {"region_id": region_id})).one())

    async def organisations(self) -> dict[str, Organisation]:
        """id -> organisation."""
        rows = (await self._connection.execute(_ORGANISATIONS)).all()
        return {row.id: Organisation(row.id, row.name) for row in rows}

    async def teams(self, region_id: str | None = None) -> dict[str, Team]:
        """id -> team, of one region or of all."""
        query = _TEAMS if region_id is None else _TEAMS_IN
        rows = (await self._connection.execute(query, {"region_id": region_id})).all()
        return {row.id: from_json(Team, row.body) for row in rows}

    async def members(self, region_id: str) -> dict[str, Member]:
        """user id -> member of this region."""
        rows = (await self._connection.execute(_MEMBERS_IN, {"region_id": region_id})).all()
        return {row.user_id: _member(row) for row in rows}

    async def places_of(self, user_id: str) -> list[Member]:
        """Every active region in which this person works; nothing for a stranger."""
        return [_member(row) for row in (await self._connection.execute(_PLACES_OF, {"user_id": user_id})).all()]

    async def put_region(self, region: Region) -> None:
        """Add or change a region; its numbers go on where they were."""
        row = {"name": region.name, "body": to_json(Region, region), "active": True}
        changed = await self._connection.execute(update(t.regions).where(t.regions.c.id == region.id).values(row))
        if changed.rowcount == 0:
            await self._connection.execute(insert(t.regions).values(row | {"id": region.id, "last_number": 0}))

    async def free_name(self, region_id: str) -> None:
        """Let go of the region's name, so that another region can take it; put this one again if it stays."""
        row = t.regions.c.id == region_id
        await self._connection.execute(update(t.regions).where(row).values(name=f"- {region_id}"))

    async def retire_region(self, region_id: str) -> None:
        """The region is no longer served; what happened there stays known."""
        await self._connection.execute(update(t.regions).where(t.regions.c.id == region_id).values(active=False))

    async def put_organisation(self, organisation: Organisation) -> None:
        """Add or change an organisation."""
        await self._put(t.organisations, vars(organisation), "id")

    async def put_team(self, team: Team) -> None:
        """Add or change a team."""
        row = {
            "id": team.id,
            "region_id": team.region_id,
            "organisation_id": team.organisation_id,
            "body": to_json(Team, team),
        }
        await self._put(t.teams, row, "id")

    async def put_member(self, member: Member) -> None:
        """Add somebody to a region, or change their place in it."""
        row = vars(member) | {"roles": sorted(role.value for role in member.roles)}
        await self._put(t.members, row, "user_id", "region_id")

    async def remove_organisation(self, organisation_id: str) -> None:
        """Forget an organisation; its teams are gone already."""
        await self._connection.execute(delete(t.organisations).where(t.organisations.c.id == organisation_id))

    async def remove_team(self, team_id: str) -> None:
        """Forget a team and its lights; its members are gone or moved already."""
        await self._connection.execute(delete(t.teams).where(t.teams.c.id == team_id))

    async def remove_member(self, user_id: str, region_id: str) -> None:
        """Somebody does not work in this region any more."""
        await self._connection.execute(
            delete(t.members).where(t.members.c.user_id == user_id, t.members.c.region_id == region_id)
        )

    async def _put(self, table: Any, row: dict[str, Any], *key: str) -> None:
        same = [table.c[name] == row[name] for name in key]
        changed = await self._connection.execute(update(table).where(*same).values(row))
        if changed.rowcount == 0:
            await self._connection.execute(insert(table).values(row))


def _region(row: Row[Any]) -> Region:
    return from_json(Region, row.body)


def _member(row: Row[Any]) -> Member:
    return Member(
        user_id=row.user_id,
        region_id=row.region_id,
        team_id=row.team_id,
        roles=frozenset(Role(role) for role in row.roles),
        name=row.name,
    )
