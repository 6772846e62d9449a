"""The portal's own settings, as it serves, on a cluster of the bench's own."""

import os

for name in ("DATABASE_URL", "REDIS_URL", "CACHE_URL", "EMAIL_URL", "PORTAL_HOSTS"):
    os.environ.pop(name, None)
os.environ["PORTAL_VAR"] = "var/bench"
os.environ["PORTAL_DEMO"] = "1"
os.environ.setdefault("PORTAL_PROCESS", "bench")
os.environ.setdefault("PORTAL_DATABASE", "postgres")

from portal.settings import *  # noqa: E402, F403

ROOT_URLCONF = "tests.bench.urls"
ALLOWED_HOSTS = ["testserver"]
QUEUE_PREFIX = "bench:"
