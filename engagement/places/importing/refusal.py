"""How an import says no, what it tells besides, and how far a file may go."""

from collections.abc import Callable
from dataclasses import dataclass, field

Progress = Callable[[str, int, int], None]


def silent(what: str, done: int, total: int) -> None:
    """Report progress to nobody."""


class ImportRefused(Exception):
    """The file cannot be used. The text is one line for whoever imports; nothing was stored."""

    def __init__(self, reason: str, *, feature: int | None = None) -> None:
        self.reason = reason
        self.feature = feature
        where = "" if feature is None else f"Feature {feature}: "
        super().__init__(f"{where}{reason} Nothing was imported.")


@dataclass
class Limits:
    """Bounds that no honest file reaches, so that a hostile one cannot fill memory or time."""

    file_bytes: int = 64 * 2**20
    features: int = 5_000
    vertices: int = 1_000_000
    vertices_per_feature: int = 200_000
    rings_per_feature: int = 5_000


AREA_LIMITS = Limits()
STREET_LIMITS = Limits(
    file_bytes=128 * 2**20, features=300_000, vertices=3_000_000, vertices_per_feature=50_000
)
ADDRESS_LIMITS = Limits(file_bytes=256 * 2**20, features=1_000_000, vertices=20_000_000)


@dataclass
class Notices:
    """Repairs in the order in which they were made; the same kind is not repeated without end."""

    lines: list[str] = field(default_factory=list)
    kept: int = 40
    left_out: int = 0

    def add(self, line: str) -> None:
        if len(self.lines) < self.kept:
            self.lines.append(line)
        else:
            self.left_out += 1

    def all(self) -> list[str]:
        more = [f"... and {self.left_out} more notices."] if self.left_out else []
        return self.lines + more
