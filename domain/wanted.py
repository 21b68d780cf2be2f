"""What somebody wants to see of all that is open. The choice alone: how it is looked up stands in storage/."""

from __future__ import annotations

from dataclasses import dataclass

from domain.care import Kind
from domain.people import PostcodeRange


@dataclass(frozen=True)
class Wanted:
    """In one of these postcode areas, of one of these kinds, and urgent; what is left empty asks for nothing."""

    postcodes: tuple[PostcodeRange, ...] = ()
    kinds: tuple[Kind, ...] = ()
    spoed: bool = False


EVERYTHING = Wanted()
