"""The table of all sentences: which function says which announcement or refusal. A test proves that none is missing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from domain import announcements as a
from domain import refusals as r
from domain.picture import Picture
from texts import (
    coordinators,
    digest,
    help,  # noqa: A004 - the verb is called so
    lists,
    not_understood,
    notices,
    posts,
    refused,
)
from texts.markup import Message

# What is done in a room, not said in it.
WORDLESS = (a.Redact, a.Erase, a.DetailsTaken)

SENTENCES: dict[type[Any], Callable[[Any, Picture], Message]] = {
    a.Opened: posts.opened,
    a.Reopened: posts.reopened,
    a.LeftBehind: posts.left_behind,
    a.Restored: posts.restored,
    a.Reposted: posts.reposted,
    a.PostChanged: posts.changed,
    a.Superseded: posts.superseded,
    a.Claimed: notices.claimed,
    a.Closed: notices.closed,
    a.Resumed: notices.resumed,
    a.Withdrawn: notices.withdrawn,
    a.StillOpen: coordinators.still_open,
    a.Departed: coordinators.departed,
    a.Details: notices.details,
    a.StatusOf: lists.status_of,
    a.LightsSet: notices.lights_set,
    a.Board: lists.board,
    a.OpenList: lists.open_list,
    a.OpenPart: lists.open_part,
    a.OwnList: lists.own_list,
    a.Welcome: lists.welcome,
    a.Help: help.help_,
    a.Digest: digest.digest,
    a.Overview: digest.overview,
    a.GivenBack: notices.given_back,
    a.Stranger: coordinators.stranger,
    a.ShutOut: coordinators.shut_out,
    a.Unread: notices.unread,
    a.KeyChanged: coordinators.key_changed,
    a.Alarm: coordinators.alarm,
    r.UnknownPerson: refused.unknown_person,
    r.LeadsOnly: refused.leads_only,
    r.WrongRole: refused.wrong_role,
    r.AlreadyClaimed: refused.already_claimed,
    r.NotOpen: refused.not_open,
    r.NotClaimed: refused.not_claimed,
    r.NotYours: refused.not_yours,
    r.NotEnded: refused.not_ended,
    r.NotYoursToRestore: refused.not_yours_to_restore,
    r.Erased: refused.erased,
    r.DetailsOfAnother: refused.details_of_another,
    r.NoDetails: refused.no_details,
    r.UnknownZorgvraag: refused.unknown_zorgvraag,
    r.UnknownPostcode: refused.unknown_postcode,
    r.OtherRegion: refused.other_region,
    r.NoTeam: refused.no_team,
    r.OtherTeam: refused.other_team,
    r.ReferenceReused: refused.reference_reused,
    r.UnknownVerb: not_understood.unknown_verb,
    r.NoCommand: not_understood.no_command,
    r.Unsure: not_understood.unsure,
    r.OneAtATime: not_understood.one_at_a_time,
    r.MissingNumber: not_understood.missing_number,
    r.MissingParts: not_understood.missing_parts,
    r.UnknownWord: not_understood.unknown_word,
    r.BadValue: not_understood.bad_value,
    r.ClockOrHours: not_understood.clock_or_hours,
    r.TwoColours: not_understood.two_colours,
    r.LaterLight: not_understood.later_light,
    r.WhichRegion: not_understood.which_region,
    r.PersonalData: refused.personal_data,
    r.TooLong: refused.too_long,
    r.Failed: refused.failed,
}


def say(told: a.Announcement | r.Refusal, picture: Picture) -> Message:
    """The Dutch message for this fact. Raises KeyError for what is not said in words (`WORDLESS`)."""
    return SENTENCES[type(told)](told, picture)
