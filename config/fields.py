"""Kinds of values that an administrator writes: their shape, checked, each with the reason why not."""

from __future__ import annotations

import base64
import ipaddress
import json
import re
from collections.abc import Iterable
from typing import Annotated, Any, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, SecretStr

T = TypeVar("T")

_SERVER = r"(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?"
_SERVER_NAME = re.compile(_SERVER)
# https://spec.matrix.org/latest/appendices/#user-identifiers
_USER_ID = re.compile(rf"@[a-z0-9._=/+-]+:{_SERVER}")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_TOKEN_HASH = re.compile(r"sha256:[0-9a-f]{64}")


def _user_id(value: str) -> str:
    if not _USER_ID.fullmatch(value) or len(value) > 255:
        raise ValueError("must be a Matrix user id such as @fatima:zorg.example, in lower case")
    return value


def _slug(value: str) -> str:
    if not _SLUG.fullmatch(value) or len(value) > 40:
        raise ValueError("must be at most 40 lower-case letters and digits, with single dashes between them")
    return value


def _server_name(value: str) -> str:
    if not _SERVER_NAME.fullmatch(value):
        raise ValueError("must be the name of a server such as zorg.example")
    return value


def _homeserver(value: str) -> str:
    """Plain http shows everything but the messages to the network; only this machine and its containers may."""
    try:
        url = urlsplit(value)
        host = url.hostname or ""
        _ = url.port
    except ValueError:
        raise ValueError("must be a URL such as https://matrix.zorg.example") from None
    if url.scheme not in ("http", "https") or not host or url.query or url.fragment or url.username is not None:
        raise ValueError("must be a URL such as https://matrix.zorg.example")
    if url.scheme == "http" and not _is_near(host):
        raise ValueError("must begin with https:// (plain http is for this machine and for containers beside it)")
    return value.rstrip("/")


def _is_near(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return "." not in host


def _sealing_keys(value: SecretStr) -> SecretStr:
    try:
        lengths = {
            len(base64.b64decode(key.strip(), "-_", validate=True)) for key in value.get_secret_value().split(",")
        }
    except ValueError:
        lengths = set()
    if lengths != {32}:
        raise ValueError("must be one or more keys of 32 bytes in url-safe base64, separated by commas")
    return value


def _token_hash(value: str) -> str:
    if not _TOKEN_HASH.fullmatch(value):
        raise ValueError("must be sha256: and the 64 hexadecimal digits of the token's SHA-256")
    return value


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


def _list(value: Any) -> Any:
    """A variable holds a list as words between commas, or as JSON."""
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith("["):
        try:
            return json.loads(value)
        except ValueError:
            raise ValueError("begins as a JSON list but is none") from None
    return [part.strip() for part in value.split(",") if part.strip()]


def the_first_double(values: Iterable[T]) -> T | None:
    """The first value that was there before, or None."""
    before = set()
    for value in values:
        if value in before:
            return value
        before.add(value)
    return None


UserId = Annotated[str, AfterValidator(_user_id)]
Slug = Annotated[str, AfterValidator(_slug)]
ServerName = Annotated[str, AfterValidator(_server_name)]
Homeserver = Annotated[str, AfterValidator(_homeserver)]
SealingKeys = Annotated[SecretStr, AfterValidator(_sealing_keys)]
TokenHash = Annotated[str, AfterValidator(_token_hash)]
AnyCase = BeforeValidator(_lower)
ListOrText = BeforeValidator(_list)
