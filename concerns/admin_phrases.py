"""Danger phrases in the administration: one list for each line of help and language."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from concerns.actions.danger import usual_phrases
from concerns.models import DangerPhrases
from engagement.doors.admin import AuditedAdmin, site


@admin.register(DangerPhrases, site=site)
class DangerPhrasesAdmin(AuditedAdmin):
    help_texts: ClassVar[dict[str, Any]] = {
        "line": _("The help that is shown when a phrase is found, and the mark at the desk."),
        "phrases": _(
            "One phrase on each line. “he/she hit me” stands for either word, “threat * school” "
            "for up to three words more, “strangl*” for all words that begin so. Capitals, "
            "accents and apostrophes make no difference. This list stands in place of the usual "
            "one. Leave it empty in a new one, and the usual phrases are laid in to be edited; "
            "emptied later, it switches this line off."
        ),
    }
    list_display = ("line", "language", "agency")
    list_filter = ("agency", "line", "language")
    list_select_related = ("agency",)
    ordering = ("agency", "id")
    fields = ("agency", "line", "language", "phrases")

    def save_model(self, request: HttpRequest, obj: models.Model, form: Any, change: bool) -> None:
        """A new list that says nothing begins with the usual phrases, so that none is lost."""
        assert isinstance(obj, DangerPhrases)
        if not change and not obj.phrases.strip():
            obj.phrases = "\n".join(usual_phrases()[obj.line, obj.language])
        super().save_model(request, obj, form, change)

    def get_readonly_fields(
        self, request: HttpRequest, obj: models.Model | None = None
    ) -> tuple[str, ...]:
        return ("agency", "line", "language") if obj is not None else ()
