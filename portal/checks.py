"""What `manage.py check --deploy` asks of servers that somebody else runs.

The embedded servers are started with the right settings, so nothing is asked of them.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error

from portal.environment import ImproperlySet
from portal.preconditions import check_cache_server, check_database_log


def outside_servers_keep_nothing(
    app_configs: Sequence[AppConfig] | None, **_: Any
) -> list[CheckMessage]:
    """One Error for each server that would keep what people write, or who they are.

    Raises OperationalError when the database cannot be reached.
    """
    questions: list[tuple[str, Callable[[], None]]] = [
        ("portal.E001", check_database_log),
        ("portal.E002", check_cache_server),
    ]
    found: list[CheckMessage] = []
    for name, ask in questions:
        try:
            ask()
        except ImproperlySet as refused:
            found.append(Error(str(refused), id=name))
    return found
