"""The command line of the web server."""

import sys

from django.conf import settings

from portal.environment import ROOT
from portal.preconditions import bind_address

LOG = ROOT / "portal" / "web_server_log.json"


def command(processes: int) -> list[str]:
    """Granian with `processes` processes of four threads each, at PORTAL_BIND and PORT.

    On SIGTERM it takes no more connections, ends the requests in hand and leaves.
    """
    return [
        *(sys.executable, "-m", "granian", "portal.wsgi:application", "--interface", "wsgi"),
        *("--host", bind_address(), "--port", str(settings.PORT), "--http", "1", "--no-ws"),
        *("--workers", str(processes), "--blocking-threads", "4", "--backlog", "512"),
        # Its own lines would name addresses and paths; ours are quiet and JSON.
        *("--no-access-log", "--log-level", "warning", "--log-config", str(LOG)),
        *("--respawn-failed-workers", "--respawn-interval", "0.5", "--workers-kill-timeout", "20"),
    ]
