"""The settings of the homeserver of demo and tests, as Synapse reads them. Nothing is started here."""

import base64
import json
import secrets
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Limits = Literal["default", "off"]

_PLENTY = {"per_second": 100_000, "burst_count": 100_000}


@dataclass(frozen=True)
class SynapseConfig:
    """What one homeserver is told; `write` turns it into a file."""

    directory: Path
    server_name: str
    port: int
    registration_secret: str
    limits: Limits
    default_room_version: str | None

    @property
    def url(self) -> str:
        """Where clients find it, for example `http://127.0.0.1:24680`."""
        return f"http://127.0.0.1:{self.port}"

    def write(self) -> Path:
        """Write `homeserver.yaml` and what it refers to; the signing key of an earlier start is kept."""
        self.directory.mkdir(parents=True, exist_ok=True)
        signing_key = self.directory / "signing.key"
        if not signing_key.exists():
            signing_key.write_text(_new_signing_key())
        logging = self.directory / "logging.yaml"
        logging.write_text(json.dumps(_LOGGING, indent=2))
        path = self.directory / "homeserver.yaml"
        path.write_text(json.dumps(self._settings(signing_key, logging), indent=2))  # JSON is YAML too
        return path

    def _settings(self, signing_key: Path, logging: Path) -> dict[str, Any]:
        return {
            "server_name": self.server_name,
            "public_baseurl": f"{self.url}/",
            "listeners": [
                {
                    "type": "http",
                    "port": self.port,
                    "bind_addresses": ["127.0.0.1"],
                    "tls": False,
                    "resources": [{"names": ["client"]}],
                }
            ],
            "database": {"name": "sqlite3", "args": {"database": str(self.directory / "homeserver.db")}},
            "media_store_path": str(self.directory / "media"),
            "log_config": str(logging),
            "signing_key_path": str(signing_key),
            "registration_shared_secret": self.registration_secret,
            "macaroon_secret_key": self.registration_secret,
            "form_secret": self.registration_secret,
            # It speaks with nobody outside: no federation, no key servers, no statistics.
            "federation_domain_whitelist": [],
            "trusted_key_servers": [],
            "suppress_key_server_warning": True,
            "report_stats": False,
            "presence": {"enabled": False},
            # The smallest number of rounds that bcrypt knows: made-up people need no strong hashes.
            "bcrypt_rounds": 4,
            **({"default_room_version": self.default_room_version} if self.default_room_version else {}),
            **(_NO_LIMITS if self.limits == "off" else {}),
        }


def free_port() -> int:
    """Return a port below those that the system gives to outgoing connections (from 32768 up).

    One of those could be taken, even by a client that waits for this very server, while the server is down.
    """
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port


def _new_signing_key() -> str:
    """Return a line as Synapse reads it: algorithm, key id, unpadded base64 of an Ed25519 seed."""
    seed = base64.b64encode(secrets.token_bytes(32)).decode().rstrip("=")
    return f"ed25519 a_{secrets.token_hex(2)} {seed}\n"


# To stderr, which the starter sends to one file together with what Synapse says before logging works.
_LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"level": "WARNING", "handlers": ["stderr"]},
}

# Every limit that local people can run into. Source: synapse/config/ratelimiting.py of version 1.163.
_NO_LIMITS: dict[str, Any] = {
    **dict.fromkeys(
        (
            "rc_message",
            "rc_registration",
            "rc_admin_redaction",
            "rc_joins_per_room",
            "rc_key_requests",
            "rc_media_create",
            "rc_delayed_event_mgmt",
            "rc_room_creation",
            "rc_reports",
            "rc_user_directory",
            "rc_profile",
        ),
        _PLENTY,
    ),
    "rc_login": dict.fromkeys(("address", "account", "failed_attempts"), _PLENTY),
    "rc_joins": dict.fromkeys(("local", "remote"), _PLENTY),
    "rc_invites": dict.fromkeys(("per_room", "per_user", "per_issuer"), _PLENTY),
}
