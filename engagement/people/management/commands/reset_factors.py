"""For an installation whose only operator lost the second step: done on the server, on record."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from engagement.audit.actors import Actor
from engagement.people.account_links import enrolment_path
from engagement.people.identity import sign_in_keys
from engagement.people.models import User
from engagement.people.recovery import reset_factors


class Command(BaseCommand):
    help = (
        "Remove the second steps of an account, end its sessions and mail a link for new ones. "
        "Colleagues do this for each other on the portal; use it when nobody is left who can."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the address that the person signs in with")
        parser.add_argument(
            "--show-link",
            action="store_true",
            help="print the link too, for a portal whose mail does not work",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        keys = sign_in_keys(options["email"])
        user = User.objects.filter(sign_in_key__in=keys, is_active=True).first()
        if user is None:
            raise CommandError("No active account signs in with this address.")
        reset_factors(user, by=Actor.task("reset_factors"), now=timezone.now())
        self.stdout.write(f"Account {user.pk} begins anew; a mail with a link is on its way.")
        if options["show_link"]:
            self.stdout.write(f"{settings.ORIGIN}{enrolment_path(user.pk)}")
