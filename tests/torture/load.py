"""What people do while their bot is being killed: rounds, which keep the number of open zorgvragen in balance."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, Literal

import httpx

from tests.torture.jumps import Jump, span_of
from tests.torture.ledger import Ledger, Request, word
from tests.torture.stage import REGION, Stage

Round = Literal["day", "evening", "month"]
AGAIN = 0.1  # seconds until a source without an answer sends the same once more

Deed = Awaitable[None]


class Load:
    """The people of a stage, acting. Everything that they do is written into the ledger before or while they do it."""

    def __init__(self, stage: Stage, ledger: Ledger) -> None:
        self._stage = stage
        self._ledger = ledger

    async def act(self, kind: Round, jump: Jump) -> None:
        """One round, in which the clock jumps; returns when everybody has spoken and every request was answered."""
        rounds = {"day": self._day, "evening": self._evening, "month": self._month}
        await asyncio.gather(*rounds[kind](), self._let_time_pass(jump))

    async def fill(self, count: int) -> None:
        """Zorgvragen to begin with."""
        for _ in range(count):
            await self._submit()

    def _day(self) -> list[Deed]:
        opened = self._ledger.in_state("open")
        return [
            self._post(),
            self._submit(),
            *self._each(opened, self._race, self._claim_by_hand, self._claim_in_thread, self._hesitate),
            self._set_light(),
            self._ask(),
            self._leak(),
        ]

    def _evening(self) -> list[Deed]:
        claimed = list(self._ledger.in_state("claimed"))
        by_hand = [one for one in claimed if one.hand is not None]
        by_word = (one for one in claimed if one.hand is None)
        return [
            self._submit(),
            *self._each(iter(by_hand), self._take_hand_back),
            *self._each(by_word, self._release, self._close),
            *self._each(self._ledger.in_state("open"), self._withdraw, self._withdraw),
        ]

    def _month(self) -> list[Deed]:
        """Nobody types: what is heard while it is forgotten at the same moment would be heard anew."""
        return [self._submit()]

    def _each(self, requests: Iterator[Request], *deeds: Callable[[Request], Deed]) -> Iterator[Deed]:
        """Each deed with a zorgvraag of its own, as far as there are any. Touched now, so that time knows."""
        for deed, request in zip(deeds, list(requests), strict=False):
            request.is_touched = True
            yield deed(request)

    async def _say(self, who: str, text: str, **relation: Any) -> str:
        return await self._stage.people[who].say(self._stage.room, text, **relation)

    async def _command(self, who: str, text: str, **relation: Any) -> str:
        event_id = await self._say(who, text, **relation)
        self._ledger.commands.append(event_id)
        return event_id

    async def _post(self) -> None:
        request = Request(word())
        request.did("zorgvraag", "Carla")
        self._ledger.requests.append(request)
        await self._command("Carla", f"!zorgvraag 7523 wondzorg 2x/dag ochtend: {request.token}")

    async def _submit(self) -> None:
        """Over HTTP, again and again until there is an answer, and then once more to be told the same."""
        request = Request(word(), secret=word())
        request.did("zorgvraag", "source:ziekenhuis")
        self._ledger.requests.append(request)
        first = await self._until_answered(request)
        again = await self._until_answered(request)
        if again.status_code != httpx.codes.OK or again.json()["number"] != first.json()["number"]:
            self._ledger.wrong_answers.append(f"sent again: {again.status_code}")
        self._ledger.accepted[request.token] = int(first.json()["number"].rpartition("-")[2])

    async def _until_answered(self, request: Request) -> httpx.Response:
        contact = {"name": f"Mevr. {request.secret}", "address": "Voorbeeldstraat 1", "telephone": "06-00000000"}
        body = {"reference": request.token, "pc4": "7524", "kinds": ["wondzorg"], "note": request.token}
        while True:
            try:
                answer = await self._stage.intake.post("/v1/zorgvragen", json={**body, "contact": contact})
            except httpx.TransportError:
                await asyncio.sleep(AGAIN)
                continue
            if answer.is_success:
                return answer
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                self._ledger.wrong_answers.append(f"{answer.status_code}: {answer.text[:200]}")
            await asyncio.sleep(AGAIN)

    async def _race(self, request: Request) -> None:
        """Two nurses at the same moment."""
        request.did("oppakken", "Fatima", "Jan")
        request.lost_races += 1
        request.state = "claimed"
        await asyncio.gather(*(self._command(who, f"!pak {request.number}") for who in ("Fatima", "Jan")))

    async def _claim_by_hand(self, request: Request) -> None:
        request.did("oppakken", "Fatima")
        request.state = "claimed"
        fatima = self._stage.people["Fatima"]
        request.hand = await fatima.react(self._stage.room, self._post_of(request), "✋")
        self._ledger.commands.append(request.hand)

    async def _claim_in_thread(self, request: Request) -> None:
        request.did("oppakken", "Linda")
        request.state = "claimed"
        await self._command("Linda", "pak", thread=self._post_of(request))

    async def _hesitate(self, request: Request) -> None:
        """Taken and given back in one breath: the details may be told in between, or are not worth telling."""
        request.did("oppakken", "Jan")
        request.did("vrijgeven", "Jan")
        request.hesitant.append("Jan")
        await self._command("Jan", f"!pak {request.number}")
        await self._command("Jan", f"!vrijgeven {request.number} {word()}")

    async def _take_hand_back(self, request: Request) -> None:
        request.did("vrijgeven", "Fatima")
        hand, request.hand, request.state = request.hand, None, "open"
        fatima = self._stage.people["Fatima"]
        self._ledger.commands.append(await fatima.take_back(self._stage.room, hand or ""))

    async def _release(self, request: Request) -> None:
        who = request.holder or ""
        request.did("vrijgeven", who)
        request.state = "open"
        await self._command(who, f"!vrijgeven {request.number} {word()}")

    async def _close(self, request: Request) -> None:
        who = request.holder or ""
        request.did("afronden", who)
        request.state = "closed"
        await self._command(who, f"!afronden {request.number}")

    async def _withdraw(self, request: Request) -> None:
        request.did("intrekken", "Carla")
        request.state = "withdrawn"
        await self._command("Carla", f"!intrekken {request.number} {word()}")

    async def _set_light(self) -> None:
        token = word()
        self._ledger.lights.append(token)
        await self._command("Linda", f"!capaciteit avond rood {token}")

    async def _ask(self) -> None:
        self._ledger.asked.append(await self._command("Fatima", "!open"))

    async def _leak(self) -> None:
        """Somebody types a full postcode with a house number."""
        token = word()
        event_id = await self._command("Jan", f"kan iemand naar 7523 AB 12 {token}?")
        self._ledger.leaks.append((event_id, "Jan", token))

    async def _let_time_pass(self, jump: Jump) -> None:
        now = self._stage.now()
        span = span_of(jump, REGION, now)
        self._ledger.time_passed(now, now + span)
        if jump == "month":
            self._ledger.month_passed()
        self._stage.move_clock(span)

    def _post_of(self, request: Request) -> str:
        shown = self._stage.people["Carla"].read(self._stage.room)
        posts = [one for one in shown if one.sender == self._stage.bot_id and request.token in one.body]
        return posts[-1].event_id
