"""The HTTP door for new zorgvragen: its app, and the server that runs it in this process. No rules of care here."""

from bot.intake.app import build_app
from bot.intake.fingerprint import fingerprint_key
from bot.intake.server import Intake, IntakeError

__all__ = ["Intake", "IntakeError", "build_app", "fingerprint_key"]
