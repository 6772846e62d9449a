"""Who did something, as far as history may know it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class ActorKind(StrEnum):
    STAFF = "staff"
    """A staff member, named by user id."""
    REPORTER = "reporter"
    """The reporter of the concern at hand, whoever that is: never a user id."""
    TOKEN = "token"  # noqa: S105 a kind of actor
    """The holder of a link that was sent, or of an API key."""
    TASK = "task"
    """The portal itself, by its clock or a command."""
    RESIDENT = "resident"
    """Someone in their own account's matters; the account is not named."""


@dataclass(frozen=True)
class Actor:
    """The `by=` of every action. Only staff carry a user id; only tokens and tasks a name."""

    kind: ActorKind
    user_id: int | None = None
    name: str = ""

    def __post_init__(self) -> None:
        if (self.user_id is not None) != (self.kind is ActorKind.STAFF):
            raise ValueError("staff, and staff alone, are named by user id")
        if bool(self.name) != (self.kind in {ActorKind.TOKEN, ActorKind.TASK}):
            raise ValueError("tokens and tasks, and these alone, have a name")

    @classmethod
    def staff(cls, user_id: int) -> Self:
        return cls(ActorKind.STAFF, user_id=user_id)

    @classmethod
    def reporter(cls) -> Self:
        return cls(ActorKind.REPORTER)

    @classmethod
    def token(cls, name: str) -> Self:
        return cls(ActorKind.TOKEN, name=name)

    @classmethod
    def task(cls, name: str) -> Self:
        return cls(ActorKind.TASK, name=name)

    @classmethod
    def resident(cls) -> Self:
        return cls(ActorKind.RESIDENT)

    @property
    def is_reporter(self) -> bool:
        return self.kind is ActorKind.REPORTER

    @property
    def keeps_exact_times(self) -> bool:
        """Whether history may hold the minute; for residents it would join visits to reports."""
        return self.kind in {ActorKind.STAFF, ActorKind.TASK}
