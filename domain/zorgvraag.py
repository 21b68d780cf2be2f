"""The zorgvraag: open -> claimed -> closed, or withdrawn; what is due, and when. One aggregate, its rules, no more.

open     --claim-->    claimed
claimed  --release or leave_behind-->  open
claimed  --close-->    closed
open or claimed  --withdraw-->  withdrawn
closed     --undo_end-->  claimed, by the same nurse
withdrawn  --undo_end-->  open
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from domain.announcements import Claimed, Closed, LeftBehind, Reopened, Reposted, Restored, Resumed, Withdrawn
from domain.care import Care
from domain.people import Member, Region, Role
from domain.refusals import (
    AlreadyClaimed,
    DetailsOfAnother,
    NotClaimed,
    NotEnded,
    NotOpen,
    NotYours,
    NotYoursToRestore,
)


class State(StrEnum):
    """Where a zorgvraag is in its life."""

    OPEN = "open"
    CLAIMED = "claimed"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


@dataclass
class Zorgvraag:
    """One request for care at home. Times are UTC; `number` counts per region; `version` counts the saves.

    `opened_at` is when it last became open, `due_at` when its next step falls due (None when it is not open) and
    `round` how often it was posted again.
    """

    id: int
    region_id: str
    number: int
    care: Care
    submitted_by: str
    submitted_at: datetime
    opened_at: datetime
    due_at: datetime | None
    state: State = State.OPEN
    claimed_by: str | None = None
    claimed_at: datetime | None = None
    ended_at: datetime | None = None
    reason: str | None = None
    round: int = 0
    version: int = 0

    def claim(self, nurse: Member, now: datetime) -> Claimed:
        """`nurse` takes it. Raises AlreadyClaimed, also for who has it already, or NotOpen."""
        self._must_live()
        if self.claimed_by is not None and self.claimed_at is not None:
            raise AlreadyClaimed(self.id, self.claimed_by, self.claimed_at)
        self.state, self.claimed_by, self.claimed_at, self.due_at = State.CLAIMED, nurse.user_id, now, None
        return Claimed(self.id, nurse.user_id, now)

    def release(self, by: Member, reason: str | None, region: Region, now: datetime) -> Reopened:
        """Give it back: open again, its steps counted anew. Raises NotClaimed, NotYours or NotOpen."""
        self._must_live()
        claimant = self._must_be_held_by(by)
        self._open_again(reason, region, now)
        return Reopened(self.id, claimant, by.user_id, reason)

    def leave_behind(self, region: Region, now: datetime) -> LeftBehind:
        """Its claimant works in the region no more: open again, as after a release. Raises NotClaimed or NotOpen."""
        self._must_live()
        if self.claimed_by is None:
            raise NotClaimed(self.id)
        self._open_again(None, region, now)
        return LeftBehind(self.id)

    def close(self, by: Member, now: datetime) -> Closed:
        """The care has started. Raises NotClaimed, NotYours or NotOpen."""
        self._must_live()
        self._must_be_held_by(by)
        self._end(State.CLOSED, None, now)
        return Closed(self.id, by.user_id)

    def withdraw(self, by: Member, reason: str | None, now: datetime) -> Withdrawn:
        """It is no longer needed. Raises NotOpen when it had ended already."""
        self._must_live()
        self._end(State.WITHDRAWN, reason, now)
        return Withdrawn(self.id, by.user_id, reason)

    def undo_end(self, by: Member, region: Region, now: datetime, *, has_left: bool = False) -> Resumed | Restored:
        """Take back an end that was a mistake, for whoever may say that end.

        What was closed is its claimant's again, unless they work in the region no more (`has_left`). What was withdrawn
        is open for everybody: who had it was told not to come. Raises NotEnded, NotYours or NotYoursToRestore.
        """
        if self.state not in (State.CLOSED, State.WITHDRAWN):
            raise NotEnded(self.id)
        if self.state is State.CLOSED:
            claimant = self._must_be_held_by(by)
            if not has_left:
                self.state, self.ended_at = State.CLAIMED, None
                return Resumed(self.id, claimant, by.user_id)
        elif Role.COORDINATOR not in by.roles:
            raise NotYoursToRestore(self.id)
        self._open_again(None, region, now)
        return Restored(self.id, by.user_id)

    def give_details_to(self, somebody: Member) -> None:
        """Only who claimed it may know who the client is. Source: KNMG 2021, consent covers one specific provider.

        Raises NotClaimed, DetailsOfAnother, or NotOpen once it was withdrawn: then nobody has a claim to them.
        """
        if self.state is State.WITHDRAWN:
            raise NotOpen(self.id, self.state.value)
        if self.claimed_by is None:
            raise NotClaimed(self.id)
        if somebody.user_id != self.claimed_by:
            raise DetailsOfAnother(self.id, self.claimed_by)

    def repost(self, region: Region, now: datetime) -> Reposted | None:
        """The step that is due at `now`, or None. However long nobody looked, it is one step, not several."""
        if self.state is not State.OPEN or self.due_at is None or self.due_at > now:
            return None
        passed = region.policy.steps_passed(self.care.urgency, self.opened_at, now)
        self.round += 1
        self.due_at = region.policy.next_step(self.care.urgency, self.opened_at, now)
        loud = not region.policy.is_quiet(region.local(now).time())
        waited = int((now - self.opened_at).total_seconds() // 3600)
        return Reposted(self.id, self.round, waited_hours=waited, loud=loud, escalated=passed >= 2)

    def put_right(self, region: Region, now: datetime) -> bool:
        """Mend what a clock wrote that was ahead and was put back to `now`; whether that changed anything.

        What happened later than now happened now. A step that is late by no more than one wait is left alone: counted
        anew, the step that was just taken would be taken again.
        """
        before = replace(self)
        urgency = self.care.urgency
        is_far = self.due_at is not None and self.due_at > region.policy.furthest_step(urgency, now)
        self.submitted_at, self.opened_at = min(self.submitted_at, now), min(self.opened_at, now)
        if self.claimed_at is not None:
            self.claimed_at = min(self.claimed_at, now)
        if self.due_at is not None and (is_far or self.opened_at != before.opened_at):
            self.due_at = region.policy.next_step(urgency, self.opened_at, now)
        return self != before

    def _open_again(self, reason: str | None, region: Region, now: datetime) -> None:
        self.state, self.claimed_by, self.claimed_at, self.ended_at = State.OPEN, None, None, None
        self.reason, self.opened_at = reason, now
        self.due_at = region.policy.next_step(self.care.urgency, now, now)
        self.round += 1

    def _must_live(self) -> None:
        if self.state in (State.CLOSED, State.WITHDRAWN):
            raise NotOpen(self.id, self.state.value)

    def _must_be_held_by(self, somebody: Member) -> str:
        """The claimant's user id, when `somebody` is that claimant or a coordinator of the region."""
        if self.claimed_by is None:
            raise NotClaimed(self.id)
        if somebody.user_id != self.claimed_by and Role.COORDINATOR not in somebody.roles:
            raise NotYours(self.id, self.claimed_by)
        return self.claimed_by

    def _end(self, state: State, reason: str | None, now: datetime) -> None:
        self.state, self.reason, self.ended_at, self.due_at = state, reason, now, None
