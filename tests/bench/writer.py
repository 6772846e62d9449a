"""Writers in a process of their own: says "ready", then for each line "JOB with|without SECONDS"
lets its threads work that long and prints how many transactions they committed."""

import sys
import threading
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

import django
from django.utils import timezone
from django.utils.module_loading import import_string

THREADS = 4
RECORD = "engagement.audit.actions.record"


class Writing:
    """What one process needs at hand to write."""

    def __init__(self, database: str) -> None:
        import_string("tests.databases.point_connections_at")(database)
        self.worlds: Any = import_module("tests.worlds")
        self.triage: Any = import_module("concerns.actions.triage")
        agency = import_string("engagement.places.models.Agency")
        user = import_string("engagement.people.models.User")
        self.agency = agency.objects.get()
        actor = import_string("engagement.audit.actors.Actor")
        self.officer = actor.staff(user.objects.get(name="Officer Vale").pk)

    def report(self) -> int:
        """One transaction."""
        self.worlds.reported(self.agency, now=timezone.now())
        return 1

    def mix(self) -> int:
        """A report comes in, is accepted and answered: three transactions."""
        now = timezone.now()
        concern = self.worlds.reported(self.agency, now=now).concern
        seen = {"concern_id": concern.pk, "by": self.officer, "now": now}
        accepted = self.triage.accept(seen_version=concern.version, **seen)
        self.triage.reply(seen_version=accepted.version, text="We are on it.", **seen)
        return 3


def silence() -> Callable[[], None]:
    """Take the writing of history out of every action; returns what puts it back."""
    record = import_string(RECORD)
    entry = import_string("engagement.audit.models.Entry")(id=0)

    def nothing(*args: object, **kwargs: object) -> object:
        return entry

    found = [
        (module, name)
        for module in list(sys.modules.values())
        for name, value in list(vars(module).items())
        if value is record
    ]
    for module, name in found:
        setattr(module, name, nothing)

    def restore() -> None:
        for module, name in found:
            setattr(module, name, record)

    return restore


def work(job: Callable[[], int], seconds: float) -> int:
    """Let all threads repeat the job for so long; how many transactions they committed."""
    done = [0] * THREADS
    end = time.monotonic() + seconds

    def run(number: int) -> None:
        while time.monotonic() < end:
            done[number] += job()
        import_string("django.db.connections").close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done)


def main(database: str) -> None:
    django.setup()
    writing = Writing(database)
    writing.mix()
    say("ready")
    for line in sys.stdin:
        job, how, seconds = line.split()
        restore = silence() if how == "without" else None
        say(str(work(getattr(writing, job), float(seconds))))
        if restore:
            restore()


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
