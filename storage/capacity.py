"""Rows of the stoplicht to `domain.capacity.Light` and back."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.capacity import Colour, Light
from domain.care import Dagdeel
from storage import tables as t


class Lights:
    """The lights of all teams, within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def set(self, light: Light) -> None:
        """This is now the light of that team and dagdeel."""
        row = vars(light) | {"colour": light.colour.value, "dagdeel": light.dagdeel.value}
        statement = insert(t.lights).values(row)
        await self._connection.execute(statement.on_conflict_do_update(index_elements=["team_id", "dagdeel"], set_=row))

    async def in_region(self, region_id: str) -> tuple[Light, ...]:
        """Every light of the region's teams, by team and in the order of the day."""
        query = (
            select(t.lights).join(t.teams, t.teams.c.id == t.lights.c.team_id).where(t.teams.c.region_id == region_id)
        )
        rows = (await self._connection.execute(query)).all()
        lights = [
            Light(**row._asdict() | {"colour": Colour(row.colour), "dagdeel": Dagdeel(row.dagdeel)}) for row in rows
        ]
        order = list(Dagdeel)
        return tuple(sorted(lights, key=lambda light: (light.team_id, order.index(light.dagdeel))))
