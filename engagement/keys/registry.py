"""Who must rewrite rows when a key changes. Apps register from AppConfig.ready()."""

from collections.abc import Callable
from dataclasses import dataclass

from engagement.keys.purposes import Purpose


@dataclass(frozen=True)
class Rekey:
    """Rows that hold values made with a key.

    `batch(after_id, limit)` rewrites, with the current key version, up to `limit` rows with
    id > after_id in order of id, and returns the last id that it looked at, or `after_id` when no
    row is left. It runs in a transaction of `rekey` together with the progress row, and must take
    rows that are already current.
    """

    name: str
    batch: Callable[[int, int], int]
    purposes: frozenset[Purpose] = frozenset({Purpose.CONTACT, Purpose.LOOKUP})


_registered: dict[str, Rekey] = {}


def register_rekey(rekey: Rekey) -> None:
    """Remember `rekey`. Raises ValueError when its name is taken."""
    if rekey.name in _registered:
        raise ValueError(f"rekey {rekey.name} is registered twice")
    _registered[rekey.name] = rekey


def rekeys_for(purpose: Purpose) -> list[Rekey]:
    """Those that hold values of `purpose`, by name."""
    return [rekey for _, rekey in sorted(_registered.items()) if purpose in rekey.purposes]
