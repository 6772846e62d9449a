"""How a reporter wants to be reached, as the form says it. Pure."""

import json
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True)
class Wishes:
    """What must be minded by whoever uses the address; stored sealed with it, as JSON."""

    no_voice_mail: bool = False
    not_at_night: bool = False
    not_at_home: bool = False
    ask_for: str = ""
    may_say: str = ""

    def __repr__(self) -> str:
        return "Wishes()"

    @property
    def any(self) -> bool:
        return self != Wishes()

    def as_text(self) -> str:
        """Empty when there is nothing to mind."""
        return json.dumps(asdict(self), ensure_ascii=False) if self.any else ""

    @classmethod
    def from_text(cls, text: str) -> "Wishes":
        known = json.loads(text) if text else {}
        names = cls.__dataclass_fields__
        return cls(**{name: value for name, value in known.items() if name in names})


@dataclass(frozen=True)
class Reach:
    """The way a reporter chose, with its address in plain: lives for one request.

    `value` is empty for a relay; `hours` are out of "morning", "afternoon", "evening".
    """

    way: str
    value: str = ""
    relay_id: int | None = None
    hours: frozenset[str] = frozenset()
    wishes: Wishes = field(default_factory=Wishes)

    def __repr__(self) -> str:
        # A traceback or a log line must not show the address.
        return f"Reach({self.way})"
