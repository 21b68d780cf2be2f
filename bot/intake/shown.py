"""What a source may see of its zorgvraag: its state and times, and which team has it. Never a person's name."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote

from pydantic import BaseModel, Field

from domain.picture import Picture
from domain.zorgvraag import State, Zorgvraag
from storage.work import Work


class Shown(BaseModel):
    """A zorgvraag, as its source sees it."""

    reference: str = Field(description="The sender's own key.", examples=["ZD-2026-00187"])
    number: str = Field(description="What nurses call it.", examples=["Noord-42"])
    region: str = Field(description="The name of the region.", examples=["Noord"])
    state: State = Field(description="open → claimed → closed, or withdrawn; claimed may become open again.")
    status_url: str = Field(description="Where its state can be asked.", examples=["/v1/zorgvragen/ZD-2026-00187"])
    submitted_at: datetime
    claimed_by: str | None = Field(description="The team that took it.", examples=[None])
    claimed_at: datetime | None = Field(examples=[None])
    ended_at: datetime | None = Field(description="When it was closed or withdrawn.", examples=[None])


async def show(zorgvraag: Zorgvraag, reference: str, work: Work, now: datetime) -> Shown:
    """Look up the names that stand around this zorgvraag."""
    region = await work.people.region(zorgvraag.region_id)
    picture = Picture(
        now=now,
        region=region,
        teams=await work.people.teams(region.id),
        organisations=await work.people.organisations(),
        members=await work.people.members(region.id),
    )
    return Shown(
        reference=reference,
        number=picture.number(zorgvraag),
        region=region.name,
        state=zorgvraag.state,
        status_url=f"/v1/zorgvragen/{quote(reference, safe='')}",
        submitted_at=zorgvraag.submitted_at,
        claimed_by=_team(zorgvraag, picture),
        claimed_at=zorgvraag.claimed_at,
        ended_at=zorgvraag.ended_at,
    )


def _team(zorgvraag: Zorgvraag, picture: Picture) -> str | None:
    """The claimant's team with its organisation; None without a claimant, or for one who left or has no team."""
    claimant = picture.members.get(zorgvraag.claimed_by or "")
    team = picture.teams.get(claimant.team_id or "") if claimant else None
    return picture.team_name(team) if team else None
