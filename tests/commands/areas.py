"""Made-up areas for tests: a small one to change by hand, and any at all for hypothesis."""

from __future__ import annotations

from datetime import time, timedelta

from hypothesis import strategies as st

from domain.area import Area
from domain.care import Urgency
from domain.people import Member, Organisation, Policy, PostcodeRange, Region, Role, Team

NOORD = Region("noord", "Noord", (PostcodeRange("7520", "7529"),))
LIVIO = Organisation("livio", "Livio")
ROOMBEEK = Team("livio-roombeek", "Roombeek", "livio", "noord", (PostcodeRange("7523", "7523"),))
ELS = Member("@els:zorg.test", "noord", frozenset({Role.COORDINATOR}), "Els")
ANNA = Member("@anna:livio.test", "noord", frozenset({Role.NURSE}), "Anna", "livio-roombeek")
SMALL = Area((NOORD,), (LIVIO,), (ROOMBEEK,), (ANNA, ELS))

# Few of each, so that two areas often share some, and names often change hands.
IDS = st.sampled_from(["a", "b", "c"])
NAMES = st.sampled_from(["Noord", "Zuid", "Oost"])
HOURS = st.integers(1, 99).map(lambda hours: timedelta(hours=hours))
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))
ROLES = st.frozensets(st.sampled_from(list(Role)), min_size=1)
POSTCODES = st.lists(
    st.tuples(st.integers(1000, 4999), st.integers(5000, 9999)).map(lambda ends: PostcodeRange(*map(str, ends))),
    max_size=2,
).map(tuple)
POLICIES = st.builds(
    Policy,
    steps=st.fixed_dictionaries({urgency: st.tuples(HOURS) for urgency in Urgency}),
    quiet_from=TIMES,
    quiet_until=TIMES,
    digest_at=st.just(time(8)) | TIMES,
    erase_after=st.none() | HOURS,
    lights_stale_after=HOURS,
)


@st.composite
def areas(draw: st.DrawFn) -> Area:
    """Any area that fits together, as the reader of the area file promises."""
    region_names = draw(
        st.dictionaries(IDS, NAMES, min_size=1).filter(lambda names: len({*names.values()}) == len(names))
    )
    regions = [
        Region(key, name, draw(POSTCODES), "Europe/Amsterdam", draw(POLICIES)) for key, name in region_names.items()
    ]
    organisations = [Organisation(key, draw(NAMES)) for key in draw(st.sets(IDS, min_size=1))]
    teams = [
        Team(
            key,
            draw(NAMES),
            draw(st.sampled_from(organisations)).id,
            draw(st.sampled_from(regions)).id,
            draw(POSTCODES),
        )
        for key in draw(st.sets(IDS))
    ]
    members = []
    for user_id, region in draw(st.sets(st.tuples(IDS, st.sampled_from([region.id for region in regions])))):
        own = [None, *(team.id for team in teams if team.region_id == region)]
        members.append(Member(f"@{user_id}:zorg.test", region, draw(ROLES), draw(NAMES), draw(st.sampled_from(own))))
    return Area(tuple(regions), tuple(organisations), tuple(teams), tuple(members))
