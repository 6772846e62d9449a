"""The first account of an installation in service."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.utils import timezone

from engagement.audit.actors import Actor
from engagement.people.account_links import enrolment_path
from engagement.people.actions import AccountExists, create_account
from engagement.people.recovery import permit_enrolment


class Command(BaseCommand):
    help = "Create the operator's account and mail its owner a link to set up their sign-in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="where the link goes; stored encrypted")
        parser.add_argument("--name", required=True, help="as colleagues read it")
        parser.add_argument("--language", default="en")
        parser.add_argument(
            "--show-link",
            action="store_true",
            help="print the link too, for a portal whose mail does not work yet",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now, by = timezone.now(), Actor.task("make_operator")
        try:
            validate_email(options["email"])
            user = create_account(
                email=options["email"],
                name=options["name"],
                language=options["language"],
                is_operator=True,
                by=by,
                now=now,
            )
        except ValidationError:
            raise CommandError("This is no e-mail address.") from None
        except AccountExists:
            raise CommandError("There is an account with this address already.") from None
        permit_enrolment(user, by=by, now=now)
        self.stdout.write(f"Account {user.pk} is made; a mail with a link is on its way.")
        if options["show_link"]:
            self.stdout.write(f"{settings.ORIGIN}{enrolment_path(user.pk)}")
