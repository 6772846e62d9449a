"""`migrate` as the owner of the tables, then the rights of the limited roles."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import connections

from portal.database_roles import CannotGrant, check_ownership, ensure_roles, grant_rights
from portal.models import Installation

OWNER = "owner"


class Command(DjangoMigrate):
    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database=OWNER)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["database"] != OWNER:
            raise CommandError("Only the owner of the tables migrates: leave --database out.")
        if options["plan"] or options["check_unapplied"]:
            super().handle(*args, **options)
            return
        owner = connections[OWNER]
        try:
            # Before any table is made: a refusal leaves an empty database empty.
            check_ownership(owner)
            ensure_roles(owner)
            tables = owner.introspection.table_names()
            super().handle(*args, **options)
            grant_rights(owner)
        except CannotGrant as fault:
            raise CommandError(str(fault)) from None
        self.mark(was_empty=not tables)

    def mark(self, *, was_empty: bool) -> None:
        """Say once and for all whether this database is a demonstration."""
        found = connections[OWNER].introspection.table_names()
        if Installation._meta.db_table not in found:
            return  # a partial migration of another app
        rows = Installation.objects.using(OWNER)
        if not rows.exists():
            is_demonstration = was_empty and settings.EMBEDDED_DATABASE and settings.DEMO
            rows.create(is_demonstration=is_demonstration)
