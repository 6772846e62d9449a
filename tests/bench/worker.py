"""One outbox worker in a process of its own: says "ready", waits for "go", prints how many left."""

import sys

import django
from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string


def main(port: str) -> None:
    django.setup()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(port)
    sweep = import_string("engagement.outbox.actions.delivery.sweep")
    for form in ("subject.txt", "txt", "html"):
        import_string("django.template.loader.get_template")(f"concerns/mail/news.{form}")
    import_string("django.db.connection").ensure_connection()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    sys.stdout.write(f"{sweep(now=timezone.now())}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
