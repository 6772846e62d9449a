"""The first account of an installation in service."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.utils import timezone

from engagement.audit.actors import Actor
from engagement.people.actions import AccountExists, create_account, invite


class Command(BaseCommand):
    help = "Create the operator's account and mail its owner a link to choose a password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="where the link goes; stored encrypted")
        parser.add_argument("--name", required=True, help="as colleagues read it")
        parser.add_argument("--language", default="en")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        try:
            validate_email(options["email"])
            user = create_account(
                email=options["email"],
                name=options["name"],
                language=options["language"],
                is_operator=True,
                by=Actor.task("make_operator"),
                now=now,
            )
        except ValidationError:
            raise CommandError("This is no e-mail address.") from None
        except AccountExists:
            raise CommandError("There is an account with this address already.") from None
        invite(user, now=now)
        self.stdout.write(f"Account {user.pk} is made; a mail with a link is on its way.")
