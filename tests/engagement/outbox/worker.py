"""One sweep in a process of its own, for tests that kill it.

Arguments: port of the mail server, the moment of the sweep in ISO format. It says "ready" when it
begins. Runs on the database named by PORTAL_DATABASE.
"""

import copy
import sys
from datetime import datetime

import django
from django.conf import settings
from django.utils.module_loading import import_string


def main(port: str, moment: str) -> None:
    django.setup()
    kinds = import_string("tests.engagement.outbox.kinds.register_all")
    kinds()
    templates = copy.deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"].append(import_string("tests.engagement.outbox.kinds.TEMPLATES"))
    settings.TEMPLATES = templates
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.ORIGIN = "https://portal.example.gov"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(port)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    import_string("engagement.outbox.actions.delivery.sweep")(now=datetime.fromisoformat(moment))


if __name__ == "__main__":
    main(*sys.argv[1:])
