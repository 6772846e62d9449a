"""Categories are reference data and managed here; concerns themselves never appear."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from concerns.actions.public_side import fit_all_to
from concerns.admin_moderation import ModerationReasonAdmin
from concerns.admin_outside import CallMappingAdmin, OutsideSystemsAdmin
from concerns.admin_phrases import DangerPhrasesAdmin
from concerns.admin_questions import GuidedDayAdmin, QuestionAdmin
from concerns.admin_ways import OfferedWaysAdmin, RelayAdmin
from concerns.models import Category, Concern
from engagement.doors.access import actor_of
from engagement.doors.admin import AuditedAdmin, site

# Registered by being imported: the library looks for this module alone.
__all__ = [
    "CallMappingAdmin",
    "DangerPhrasesAdmin",
    "GuidedDayAdmin",
    "ModerationReasonAdmin",
    "OfferedWaysAdmin",
    "OutsideSystemsAdmin",
    "QuestionAdmin",
    "RelayAdmin",
]


@admin.register(Category, site=site)
class CategoryAdmin(AuditedAdmin):
    help_texts: ClassVar[dict[str, Any]] = {
        "code": _("A short name of your own, such as graffiti; never changed."),
        "mode": _("Takes the report here, or leads people to who handles it."),
        "handler": _("Who works on it, as residents read it, such as: Street department."),
        "visibility": _(
            "How near to the place the public map may come. Never: nothing of it is shown."
        ),
        "public_sentence": _("What everybody reads when it is accepted, such as: Graffiti."),
        "redirect_text": _("Shown instead of the form when others handle it: who, and how."),
        "advice": _("Shown above the form, such as what a photo should show."),
        "ack_days": _("Business days until staff must have answered once. Empty: no deadline."),
        "target_days": _("Business days until it should be resolved. Empty: no deadline."),
        "sort": _("Lower numbers stand first."),
    }
    list_display = ("label", "code", "agency", "mode", "visibility", "target_days", "is_active")
    list_filter = ("agency", "group", "mode", "visibility", "is_active")
    list_select_related = ("agency",)
    search_fields = ("code", "label__en", "label__es")
    ordering = ("agency", "sort", "code")
    fieldsets = (
        (None, {"fields": ("agency", "code", "label", "group", "sort", "is_active")}),
        (_("Who takes it"), {"fields": ("mode", "handler", "redirect_text")}),
        (_("On the form"), {"fields": ("advice", "everyday_words")}),
        (
            _("What the public sees"),
            {"fields": ("visibility", "publishes_without_text", "public_sentence")},
        ),
        (_("Deadlines"), {"fields": ("ack_days", "target_days")}),
    )

    def get_readonly_fields(
        self, request: HttpRequest, obj: models.Model | None = None
    ) -> tuple[str, ...]:
        # Concerns and what was published name their category by these two.
        return ("agency", "code") if obj is not None else ()

    def save_model(self, request: HttpRequest, obj: models.Model, form: Any, change: bool) -> None:
        """What is public follows the rules of its category at once, in the same transaction."""
        assert isinstance(obj, Category)
        before = Category.objects.filter(pk=obj.pk).first()
        super().save_model(request, obj, form, change)
        if before is not None and {"visibility", "label", "group"} & set(form.changed_data):
            fit_all_to(obj, before=before, by=actor_of(request), now=timezone.now())

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        # A category in use is taken out of use instead, so that history keeps its name.
        if obj is None or not super().has_delete_permission(request, obj):
            return False
        return not Concern.objects.filter(category_id=obj.pk).exists()
