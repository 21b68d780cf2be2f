"""Regions, organisations, teams and members as short facts, in the words of the area file. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import time, timedelta

from domain.area import Area, spell
from domain.people import Member, Organisation, Policy, PostcodeRange, Region, Role, Team

Facts = Mapping[str, str]


@dataclass(frozen=True)
class Names:
    """What the ids stand for."""

    regions: Mapping[str, str]
    organisations: Mapping[str, str]
    teams: Mapping[str, str]


def names_in(*areas: Area) -> Names:
    """The names of all areas; where they differ, those of the last one."""
    return Names(
        regions={region.id: region.name for area in areas for region in area.regions},
        organisations={one.id: one.name for area in areas for one in area.organisations},
        teams={team.id: team.name for area in areas for team in area.teams},
    )


def about_region(region: Region) -> Facts:
    """Name, postcodes, time zone and policy."""
    return {
        "name": region.name,
        "postcodes": _spell_all(region.postcodes),
        "timezone": region.timezone,
        **_about_policy(region.policy),
    }


def about_organisation(organisation: Organisation) -> Facts:
    """Its name."""
    return {"name": organisation.name}


def about_team(team: Team, names: Names) -> Facts:
    """Name, organisation, region, postcodes and expertise."""
    return {
        "name": team.name,
        "organisation": names.organisations[team.organisation_id],
        "region": names.regions[team.region_id],
        "postcodes": _spell_all(team.postcodes) or "the whole region",
        "expertise": ", ".join(team.expertise) or "none",
    }


def about_member(member: Member, names: Names) -> Facts:
    """Name, roles and team."""
    return {
        "name": member.name,
        "roles": " and ".join(role.value for role in Role if role in member.roles),
        "team": names.teams[member.team_id] if member.team_id else "none",
    }


def _about_policy(policy: Policy) -> Facts:
    steps = {f"steps {urgency}": ", ".join(map(_spell, lengths)) for urgency, lengths in policy.steps.items()}
    is_never_quiet = policy.quiet_from == policy.quiet_until
    return {
        "quiet_hours": "never" if is_never_quiet else f"{_clock(policy.quiet_from)}-{_clock(policy.quiet_until)}",
        "digest_at": _clock(policy.digest_at),
        "erase_after": _spell(policy.erase_after) if policy.erase_after else "never",
        "lights_stale_after": _spell(policy.lights_stale_after),
        **steps,
    }


def _spell_all(postcodes: Iterable[PostcodeRange]) -> str:
    return ", ".join(map(spell, postcodes))


def _spell(length: timedelta) -> str:
    """`30d`, `48h` or `90m`; days from a week on."""
    minutes = length // timedelta(minutes=1)
    if length >= timedelta(days=7) and minutes % 1440 == 0:
        return f"{minutes // 1440}d"
    return f"{minutes}m" if minutes % 60 else f"{minutes // 60}h"


def _clock(at: time) -> str:
    return f"{at:%H:%M}"
