from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Count, QuerySet
from django.utils import timezone

from engagement.audit.actors import Actor
from engagement.outbox.actions import requeue
from engagement.outbox.models import Message

BY = Actor.task("held_messages")


class Command(BaseCommand):
    help = "Count the messages that wait for a person's decision, or send some of them again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--kind", help="Only this kind, for example concerns.received.")
        parser.add_argument("--agency", help="Only of the agency with this short name (slug).")
        parser.add_argument(
            "--code", help='Only with this last code; "restored": held by a restore.'
        )
        parser.add_argument("--send", action="store_true", help="Send them; a kind is needed.")

    def handle(self, *args: Any, **options: Any) -> None:
        given = {"kind": "kind", "agency": "agency__slug", "code": "last_code"}
        wanted = {field: options[name] for name, field in given.items() if options[name]}
        held = Message.objects.dead().filter(**wanted)
        if not options["send"]:
            self._count(held)
            if not held.exists():
                self.stdout.write("No message waits for a decision.")
            return
        if not options["kind"]:
            raise CommandError("name the kind to send; see them without --send.")
        rows = list(held.order_by("due_at", "pk").values_list("pk", "agency_id"))
        for message_id, agency_id in rows:
            requeue(message_id=message_id, agency_id=agency_id, by=BY, now=timezone.now())
        self.stdout.write(f"Messages that leave now, if still true: {len(rows)}.")

    def _count(self, held: QuerySet[Message]) -> None:
        groups = held.values_list("agency__slug", "kind", "state", "last_code")
        for slug, kind, state, code, count in groups.annotate(Count("pk")).order_by(
            "agency__slug", "kind", "state", "last_code"
        ):
            self.stdout.write(f"{slug or 'installation'} {kind} {state} {code or '-'}: {count}")
