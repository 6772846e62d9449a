"""What `manage.py check --deploy` asks of a service, before anybody is let in.

The embedded servers are started with the right settings, so nothing is asked of them.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning

from portal.environment import ImproperlySet, text
from portal.preconditions import (
    check_cache_server,
    check_database,
    check_database_log,
    checks_of_settings,
)


def outside_servers_keep_nothing(
    app_configs: Sequence[AppConfig] | None, **_: Any
) -> list[CheckMessage]:
    """One Error for each server that would keep what people write, or who they are.

    Raises OperationalError when the database cannot be reached.
    """
    return refusals([("portal.E001", check_database_log), ("portal.E002", check_cache_server)])


def settings_expose_nobody(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """One Error for each setting with which the portal would not start."""
    return refusals(("portal.E003", check) for check in checks_of_settings())


def database_fits_its_settings(
    app_configs: Sequence[AppConfig] | None, **_: Any
) -> list[CheckMessage]:
    """An Error for a demonstration, or an account of one, in an outside database."""
    return [] if settings.EMBEDDED_DATABASE else refusals([("portal.E004", check_database)])


def backups_have_a_recipient(
    app_configs: Sequence[AppConfig] | None, **_: Any
) -> list[CheckMessage]:
    if settings.DEMO or text("PORTAL_BACKUP_RECIPIENT"):
        return []
    advice = "PORTAL_BACKUP_RECIPIENT: give the public key that backups are encrypted to."
    return [Warning(advice, id="portal.W001")]


CHECKS = (
    outside_servers_keep_nothing,
    settings_expose_nobody,
    database_fits_its_settings,
    backups_have_a_recipient,
)


def refusals(questions: Iterable[tuple[str, Callable[[], None]]]) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    for name, ask in questions:
        try:
            ask()
        except ImproperlySet as refused:
            found.append(Error(str(refused), id=name))
    return found
