"""A day in a region, step by step. Every step waits until somebody's own client shows what must be there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import httpx

from demo.people import Message
from demo.stage import Stage, StepFailed
from texts.words import day

Show = Callable[[str, Message], None]
Tell = Callable[[str], None]

# Made-up clients.
CONTACT = {"name": "Mevr. A. de Vries (verzonnen)", "address": "Voorbeeldstraat 1", "telephone": "06-00000000"}
FAKE_BSN = "111222333"  # passes the elfproef; a well-known number for tests


class Day:
    """The story; `show` gets what a person's client shows, `tell` what the story-teller says."""

    def __init__(self, stage: Stage, show: Show, tell: Tell) -> None:
        self._stage = stage
        self._show = show
        self._tell = tell
        self._first: Message

    @property
    def steps(self) -> tuple[tuple[str, Callable[[], Awaitable[None]]], ...]:
        """Title and deed of each step, in order."""
        return (
            ("A hospital sends a zorgvraag over HTTP; it stands in the region's encrypted room", self.over_http),
            ("Carla, coordinator, types one in chat", self.by_chat),
            ("Fatima and Jan claim at the same moment: one gets it, the other hears who", self.two_at_once),
            ("The details of the client reach the claimant alone, one to one", self.details),
            ("The claimant gives it back; it is posted again, and a ✋ under the post takes it", self.release),
            ("Team leads set their lights; a new zorgvraag names the teams with room", self.lights),
            ("Somebody types a BSN: it leaves the room, and its sender hears why", self.personal_data),
            ("The bot is killed with -9 while somebody claims; the day goes on", self.kill),
            ("48 hours later: what nobody took comes back, with a mention of the room", self.after_48_hours),
            ("The next morning at eight: the digest", self.digest),
            ("The care has started", self.close),
        )

    async def over_http(self) -> None:
        """POST twice with one reference: one zorgvraag."""
        body = {
            "reference": "demo-1",
            "pc4": "7523",
            "kinds": ["wondzorg", "PV"],
            "visits": {"count": 2, "per": "dag"},
            "dagdelen": ["ochtend", "avond"],
            "hours": 5,
            "referrer": "ziekenhuis",
            "contact": CONTACT,
        }
        first = await self._stage.submit(body)
        again = await self._stage.submit(body)
        if (first.status_code, again.status_code) != (httpx.codes.CREATED, httpx.codes.OK):
            raise StepFailed(f"the intake answered {first.status_code} and {again.status_code}: {first.text}")
        self._tell(f"POST /v1/zorgvragen → {first.status_code}; the same again → {again.status_code}")
        self._first = await self._stage.shows("fatima", "🆕 Noord-1", "7523", "wondzorg")
        self._show("fatima", self._first)

    async def by_chat(self) -> None:
        """Tokens in any order."""
        await self._say("carla", "!zorgvraag 7526 steunkousen 1x/dag ochtend voorkeur Livio: trap op, geen lift")
        self._show("jan", await self._stage.shows("jan", "🆕 Noord-2", "7526", "trap op"))

    async def two_at_once(self) -> None:
        """Whoever is first."""
        await asyncio.gather(self._say("fatima", "!pak 1"), self._say("jan", "!oppakken 1"))
        won = await self._stage.shows("mo", "Noord-1 is opgepakt door")
        lost = await self._stage.shows("mo", "Noord-1 is net al opgepakt door")
        post = await self._stage.shows("mo", "✅ Noord-1 ·")
        for message in (won, lost, post):
            self._show("mo", message)

    async def details(self) -> None:
        """Nobody else can have them: they were never sent to the region's room."""
        winner = await self._winner()
        self._show(winner, await self._stage.shows_alone(winner, "alleen voor jou", CONTACT["address"]))
        for person in self._stage.people.values():
            if any(CONTACT["telephone"] in shown.body for shown in person.read(self._stage.room)):
                raise StepFailed("the client's telephone number stands in the region's room")

    async def release(self) -> None:
        """By words, and by hand."""
        winner = await self._winner()
        loser = "jan" if winner == "fatima" else "fatima"
        await self._say(winner, "!vrijgeven 1 toch geen plek in de avondroute")
        post = await self._stage.shows("mo", "Weer open: Noord-1", "avondroute")
        self._show("mo", post)
        await self._stage.people[loser].react(self._stage.room, post.event_id, "✋")
        self._show("mo", await self._shown_as("mo", post, "✅ Noord-1"))

    async def lights(self) -> None:
        """Orange and red, and what that does to a new post."""
        await self._say("linda", "!capaciteit groen")
        await self._say("mo", "/capaciteit avond rood tot morgen 12:00 twee zieken")
        self._show("fatima", await self._stage.shows("fatima", "Deppenbroek", "groen – ruimte"))
        self._show("fatima", await self._stage.shows("fatima", "Twekkelerveld", "rood – geen ruimte"))
        await self._say("carla", "!zorgvraag 7521 injecties 3x/week ochtend spoed")
        self._show("fatima", await self._stage.shows("fatima", "Noord-3", "Ruimte:", "Deppenbroek"))

    async def personal_data(self) -> None:
        """Refused, taken out of the room, given back."""
        typed = await self._say("carla", f"!zorgvraag 7523 verpleging: mevrouw met BSN {FAKE_BSN}")
        self._show("carla", await self._stage.shows_alone("carla", "BSN", "uit de groep gehaald"))
        jan = self._stage.people["jan"]
        await jan.wait_until(lambda: all(shown.event_id != typed for shown in jan.read(self._stage.room)), within=60)
        self._tell("Jan's client does not show it any more.")

    async def kill(self) -> None:
        """In the middle of things."""
        before = self._stage.bot.pid
        post = await self._stage.shows("mo", "🆕 Noord-3")
        await self._say("jan", "!oppakken 3")
        self._stage.bot.kill()
        await self._say("jan", "!mijn")
        self._show("mo", await self._stage.shows("mo", "Noord-3 is opgepakt door Jan"))
        self._show("mo", await self._shown_as("mo", post, "✅ Noord-3"))
        told = [one for one in self._stage.people["mo"].read(self._stage.room) if "Noord-3 is opgepakt" in one.body]
        if len(told) != 1:
            raise StepFailed(f"the claim was told {len(told)} times")
        self._tell(f"Process {before} was killed, {self._stage.bot.pid} went on: the claim was told exactly once.")

    async def after_48_hours(self) -> None:
        """Nobody took Noord-2."""
        self._stage.move_clock(timedelta(hours=48))
        post = await self._stage.shows("fatima", "Nog open na 48 uur", "Noord-2")
        self._show("fatima", post)
        self._show("fatima", await self._stage.shows("fatima", "➡️ Noord-2"))

    async def digest(self) -> None:
        """08:00 local time; the clock is moved to the next morning."""
        now = self._stage.now()
        morning = (now + timedelta(days=1)).replace(hour=7, minute=30)
        self._stage.move_clock(morning - now)
        room = self._stage.coordination
        title = f"📋 Noord, {day(morning.date())}"  # the one of two days before came late, when the clock was moved
        self._show("carla", await self._stage.shows("carla", title, "Sinds gisteren", "Capaciteit", room=room))

    async def close(self) -> None:
        """The end of Noord-3."""
        await self._say("jan", "!afronden 3")
        self._show("mo", await self._stage.shows("mo", "🏁 Noord-3 is afgerond door Jan"))

    async def _say(self, who: str, text: str) -> str:
        self._tell(f"{who.capitalize()} types: {text}")
        return await self._stage.people[who].say(self._stage.room, text)

    async def _winner(self) -> str:
        notice = await self._stage.shows("mo", "Noord-1 is opgepakt door")
        return "fatima" if "Fatima" in notice.body else "jan"

    async def _shown_as(self, who: str, post: Message, words: str) -> Message:
        """The post with this event id, once it shows these words."""
        person = self._stage.people[who]

        def found() -> Message | None:
            shown = (one for one in person.read(self._stage.room) if one.event_id == post.event_id)
            return next((one for one in shown if words in one.body), None)

        try:
            await person.wait_until(lambda: found() is not None, within=60)
        except TimeoutError:
            raise StepFailed(f"the post never became: {words}") from None
        return found() or post
