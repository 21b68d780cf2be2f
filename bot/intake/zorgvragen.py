"""The two requests of a source: bring a zorgvraag, and ask how it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from fastapi import Request, Security
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import ValidationError

from bot.intake.body import read_json
from bot.intake.checks import must_be_new, personal_data
from bot.intake.door import Door
from bot.intake.models import NewZorgvraag
from bot.intake.problems import invalid, refused
from bot.intake.shown import Shown, show
from commands.submit import Delivery, deliver
from domain.refusals import PersonalData
from storage.work import Store
from texts import intake as texts

bearer = HTTPBearer(auto_error=False, scheme_name="token", description="The token of the source, as it was handed out.")
Bearer = Annotated[HTTPAuthorizationCredentials | None, Security(bearer)]


class Zorgvragen:
    """Brings what sources send into the house. `ring` is called after a commit, and only then."""

    def __init__(
        self,
        store: Store,
        now: Callable[[], datetime],
        ring: Callable[[], None],
        door: Door,
        *,
        max_body: int,
        fingerprint_key: bytes,
    ) -> None:
        self._store = store
        self._now = now
        self._ring = ring
        self._door = door
        self._max_body = max_body
        self._fingerprint_key = fingerprint_key

    async def submit(self, request: Request, token: Bearer) -> JSONResponse:
        """Send a new zorgvraag.

        `201` once it is kept. Sending the same body again gives `200` and the same zorgvraag, so whoever got no answer
        just sends it again; another body under a known reference gives `409`.
        """
        source = self._admit(token, request)
        body = await read_json(request, self._max_body)
        try:
            new = NewZorgvraag.model_validate_json(body)
        except ValidationError as error:
            raise invalid(error) from None
        shown, is_new = await self._keep(new, source)
        if is_new:
            self._ring()
        status = 201 if is_new else 200
        return JSONResponse(shown.model_dump(mode="json"), status, {"Location": shown.status_url})

    async def status(self, reference: str, request: Request, token: Bearer) -> Shown:
        """Ask how a zorgvraag is, by the reference under which you sent it."""
        source = self._admit(token, request)
        async with self._store.look() as work:
            known = await work.references.find(source, reference)
            if known is None:
                raise refused(404, texts.UNKNOWN_REFERENCE)
            return await show(await work.zorgvragen.get(known.zorgvraag_id), reference, work, self._now())

    async def _keep(self, new: NewZorgvraag, source: str) -> tuple[Shown, bool]:
        care, contact, now = new.as_care(), new.as_contact(), self._now()
        delivery = Delivery(source, new.reference, new.fingerprint(self._fingerprint_key))
        try:
            async with self._store.work() as work:
                zorgvraag, is_new = await deliver(care, delivery, work, now, contact)
                if is_new:
                    region = await work.people.region(zorgvraag.region_id)
                    must_be_new(care, contact, now, region.local(now).date())
                return await show(zorgvraag, new.reference, work, now), is_new
        except PersonalData:
            raise personal_data(care, now) from None

    def _admit(self, token: HTTPAuthorizationCredentials | None, request: Request) -> str:
        address = request.client.host if request.client else ""
        return self._door.admit(token.credentials if token else None, address)
