"""Reasons of moderation in the administration: wording is the agency's, grounds are fixed."""

from typing import ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from concerns.models import ModerationReason
from engagement.doors.admin import AuditedAdmin, site


@admin.register(ModerationReason, site=site)
class ModerationReasonAdmin(AuditedAdmin):
    help_texts: ClassVar[dict[str, str | Promise]] = {
        "outcome": _("The decision that moderators may give this reason for."),
        "label": _("Everyone reads it, in English and Spanish."),
        "explanation": _(
            "Say what is meant. Never a view: whether somebody praises or blames the police, an "
            "officer or anybody else can be no reason."
        ),
        "is_active": _("Clear this box instead of deleting: earlier decisions name it."),
    }
    list_display = ("label", "outcome", "ground", "agency", "is_active")
    list_filter = ("agency", "outcome", "ground")
    list_select_related = ("agency",)
    ordering = ("agency", "sort", "id")
    fields = ("agency", "code", "ground", "outcome", "label", "explanation", "sort", "is_active")

    def has_delete_permission(
        self, request: HttpRequest, obj: ModerationReason | None = None
    ) -> bool:
        return False
