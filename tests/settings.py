"""The portal's own settings on servers of the tests' own, with quiet faults made loud."""

import os
import sys
from types import FrameType

for name in ("DATABASE_URL", "REDIS_URL", "CACHE_URL", "EMAIL_URL", "PORTAL_HOSTS"):
    os.environ.pop(name, None)
os.environ.setdefault("PORTAL_VAR", "var/test")
os.environ["PORTAL_DEMO"] = "1"

from portal.settings import *  # noqa: E402, F403
from portal.settings import CACHES, ROOT, STORAGES, TEMPLATES  # noqa: E402

TEMPLATE_FOLDER = str(ROOT / "templates")


class Undefined(str):
    """Stands for a variable that a template of ours names and its view does not give."""

    def __mod__(self, variable: object) -> str:
        frame: FrameType | None = sys._getframe()
        while frame is not None:
            if frame.f_code.co_name == "render_annotated":
                origin = str(getattr(frame.f_locals["self"], "origin", ""))
                if origin.startswith(TEMPLATE_FOLDER):
                    raise AssertionError(f"{origin} uses {variable}, which nothing defines")
                return ""
            frame = frame.f_back
        return ""


TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = Undefined("%s")  # type: ignore[index]
STORAGES["staticfiles"] = {
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
}
WHITENOISE_AUTOREFRESH = True
# Several test runs may share the servers; none sees another's counters or queue.
CACHES["default"]["KEY_PREFIX"] = f"test-{os.getpid()}"
QUEUE_PREFIX = f"test-{os.getpid()}:"
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Argon2 costs a tenth of a second on purpose; a thousand sign-ins in tests need not pay it.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
