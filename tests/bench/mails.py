"""The outbox against a bare loop over the same mail server, and planning for very many."""

import os
import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.core.mail import EmailMultiAlternatives
from django.db import connection, transaction
from django.utils import timezone

from concerns.models import Concern
from concerns.notices import NEWS
from engagement.audit.subjects import Subject
from engagement.outbox.actions import queue, queue_audience
from engagement.outbox.models import Message
from engagement.outbox.states import State
from engagement.people.identity import store_contact
from engagement.people.models import Contact, ContactKind
from engagement.places.models import Agency
from portal.environment import ROOT
from tests.bench.timing import Line

MAILS = 600
MANY = 100_000
NOISE = """
INSERT INTO people_contact (
    agency_id, kind, binding, ciphertext, lookup, language, is_confirmed, created_on)
SELECT %s, 'email', gen_random_uuid(), '\\x00', '\\x00', 'bench', false, CURRENT_DATE
FROM generate_series(1, %s)"""


def measure(database: str) -> Iterator[Line]:
    """On the database of the moment, whose name child processes need."""
    with _sink() as port:
        bare = _bare_loop(port)
        one = _rate(1, port, database)
        three = _rate(3, port, database)
        bare_three = _bare_in_processes(port, 3)
        yield Line("bare smtplib loop (yardstick)", "", f"{bare:.0f} mails/s")
        yield Line(
            "outbox, one worker",
            "at least 0.45 of the loop",
            f"{one:.0f}/s, {one / bare:.2f}",
            one / bare >= 0.45,
        )
        yield Line(
            "outbox, three workers",
            "at least 2.2 times one",
            f"{three:.0f}/s, {three / one:.2f}",
            three / one >= 2.2,
        )
        yield Line(
            f"   three bare loops on these {os.cpu_count()} cores",
            "",
            f"{bare_three:.0f}/s, {bare_three / bare:.2f} times one",
        )
    yield _planning()


@contextmanager
def _sink() -> Iterator[int]:
    """The port of a mail server in a process of its own, so that it takes none of ours."""
    command = [sys.executable, "-m", "tests.bench.sink"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            yield int(server.stdout.readline())
        finally:
            # Also when a measurement fails: it runs until somebody ends it.
            server.kill()


def _bare_loop(port: int) -> float:
    """Mails a second: one connection, `sendmail` of one finished message again and again."""
    mail = EmailMultiAlternatives("News", "Words.\n" * 20, "a@bench.invalid", ["b@bench.invalid"])
    mail.attach_alternative("<p>Words.</p>\n" * 20, "text/html")
    text = mail.message().as_bytes(linesep="\r\n")
    with smtplib.SMTP("127.0.0.1", port) as server:
        began = time.perf_counter()
        for _ in range(MAILS):
            server.sendmail("a@bench.invalid", ["b@bench.invalid"], text)
        return MAILS / (time.perf_counter() - began)


def _bare_in_processes(port: int, loops: int) -> float:
    code = f"from tests.bench.mails import _bare_loop; print(_bare_loop({port}))"
    setup = "import django; django.setup(); "
    running = [
        subprocess.Popen(
            [sys.executable, "-c", setup + code], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        for _ in range(loops)
    ]
    return sum(float(process.communicate()[0]) for process in running)


def _rate(workers: int, port: int, database: str) -> float:
    """Mails a second of so many worker processes, from the first mail to the last."""
    _queue_mails()
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.bench.worker", str(port)],
            cwd=ROOT,
            env={**os.environ, "PORTAL_DATABASE": database},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(workers)
    ]
    for process in running:
        assert process.stdout
        process.stdout.readline()  # "ready": settings and templates are loaded
    began = time.perf_counter()
    for process in running:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    # What a process needs to end is not delivery.
    sent = sum(int(process.stdout.readline()) for process in running if process.stdout)
    rate = sent / (time.perf_counter() - began)
    for process in running:
        process.communicate()
    assert sent == MAILS, f"{sent} of {MAILS} mails left"
    return rate


def _queue_mails() -> None:
    """News about open concerns, each to a reporter with an address that can be opened."""
    now = timezone.now()
    # What is still due from visits to the pages would be counted too.
    Message.objects.filter(state=State.PLANNED).update(
        state=State.SUPERSEDED, finished_at=now, try_at=None
    )
    agency = Agency.objects.get(is_default=True)
    references = Concern.objects.filter(agency=agency).open().order_by("-id")
    chosen = list(references.values_list("staff_reference", flat=True)[:MAILS])
    with transaction.atomic():
        for number in range(MAILS):
            contact = store_contact(
                agency_id=agency.pk,
                kind=ContactKind.EMAIL,
                value=f"reader-{number}@bench.invalid",
                language="es" if number % 5 == 0 else "en",
                now=now,
            )
            queue(
                NEWS,
                contact_id=contact.pk,
                agency_id=agency.pk,
                subject=Subject("concern", chosen[number % len(chosen)]),
                event=f"bench:{number}",
                now=now - timedelta(seconds=1),
            )


def _planning() -> Line:
    """Rolled back: measuring leaves no hundred thousand rows behind."""
    agency = Agency.objects.get(is_default=True)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(NOISE, [agency.pk, MANY])
        audience = Contact.objects.filter(agency=agency, language="bench")
        began = time.perf_counter()
        made = queue_audience(
            NEWS,
            audience=audience,
            agency_id=agency.pk,
            subject=Subject("meeting", "BENCH"),
            event="bench",
            now=timezone.now(),
        )
        took = time.perf_counter() - began
        transaction.set_rollback(True)
    assert made == MANY
    return Line("planning 100,000 messages", "under 3 s", f"{took:.2f} s", took < 3)
