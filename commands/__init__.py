"""Every verb that changes something, whoever speaks it. This table is the list; help and parser derive from it."""

from commands import (
    capacity,
    claim,
    client,
    close,
    help,  # noqa: A004 - the verb is called so
    mine,
    open,  # noqa: A004 - the verb is called so
    overview,
    release,
    reopen,
    status,
    submit,
    withdraw,
)
from commands.verb import Verb

VERBS: tuple[Verb, ...] = (
    claim.VERB,
    client.VERB,
    release.VERB,
    close.VERB,
    reopen.VERB,
    capacity.VERB,
    open.VERB,
    mine.VERB,
    status.VERB,
    submit.VERB,
    withdraw.VERB,
    overview.VERB,
    help.VERB,
)
