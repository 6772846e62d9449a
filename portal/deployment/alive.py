"""Ask the web server of this container whether it lives: `python -m portal.deployment.alive`."""

import http.client
import os
import sys

SECONDS = 3


def is_alive(port: int, host: str) -> bool:
    """Whether /health/live answers at loopback under a name that the portal answers to."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        connection.request("GET", "/health/live", headers={"Host": host})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    name = os.environ.get("PORTAL_HOSTS", "localhost").split(",")[0].strip()
    sys.exit(0 if is_alive(int(os.environ.get("PORT", "8000")), name) else 1)
