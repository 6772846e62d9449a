"""What the floor must ask upward: permissions are registered here, and so are account mails."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from engagement.people.roles import Role


class UnknownPermission(LookupError):
    """Nobody registered a permission of that name."""


class RegisteredTwice(RuntimeError):
    """A name was registered a second time."""


@dataclass(frozen=True)
class Permission:
    """`name` is "noun.verb"; `roles` hold it by themselves, at the agency of their grant."""

    name: str
    words: Promise | str
    roles: frozenset[Role]


@dataclass(frozen=True)
class AccountMail:
    """A mail about an account: `kind` names a template under mail/account; no address, no link."""

    kind: str
    user_id: int
    contact_id: int
    event: str
    now: datetime


_permissions: dict[str, Permission] = {}
_mailers: list[Callable[[AccountMail], None]] = []


def register_permission(permission: Permission) -> None:
    if permission.name in _permissions:
        raise RegisteredTwice(permission.name)
    _permissions[permission.name] = permission


def permission(name: str) -> Permission:
    """Raises UnknownPermission; a typing error must not read as "not allowed"."""
    try:
        return _permissions[name]
    except KeyError:
        raise UnknownPermission(name) from None


def known_permissions() -> list[Permission]:
    return [_permissions[name] for name in sorted(_permissions)]


def register_account_mailer(mailer: Callable[[AccountMail], None]) -> None:
    """Name the one function that makes an outbox row of an account mail."""
    if mailer not in _mailers:
        if _mailers:
            raise RegisteredTwice("account mailer")
        _mailers.append(mailer)


def account_mail(mail: AccountMail) -> None:
    """Hand the mail to the outbox, in the caller's transaction. Raises LookupError without one."""
    if not _mailers:
        raise LookupError("no account mailer is registered")
    _mailers[0](mail)
