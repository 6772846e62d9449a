"""Danger phrases in the administration: one list for each line of help and language."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from concerns.models import DangerPhrases
from engagement.doors.admin import AuditedAdmin, site


@admin.register(DangerPhrases, site=site)
class DangerPhrasesAdmin(AuditedAdmin):
    help_texts: ClassVar[dict[str, Any]] = {
        "line": _("The help that is shown when a phrase is found, and the mark at the desk."),
        "phrases": _(
            "One phrase on each line. “he/she hit me” stands for either word, “threat * school” "
            "for up to three words more, “strangl*” for all words that begin so. Capitals, "
            "accents and apostrophes make no difference. An empty list switches this line off."
        ),
    }
    list_display = ("line", "language", "agency")
    list_filter = ("agency", "line", "language")
    list_select_related = ("agency",)
    ordering = ("agency", "id")
    fields = ("agency", "line", "language", "phrases")

    def get_readonly_fields(
        self, request: HttpRequest, obj: models.Model | None = None
    ) -> tuple[str, ...]:
        return ("agency", "line", "language") if obj is not None else ()
