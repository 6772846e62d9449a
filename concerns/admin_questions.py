"""Questions of each kind of concern are written here, in both languages, without a deploy."""

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from concerns.models import Category, GuidedDay, Question
from engagement.doors.admin import AuditedAdmin, site

if TYPE_CHECKING:
    # The library's classes take no parameters when the portal runs.
    ChoiceOfQuestion = forms.ModelChoiceField[Question]
    ChoiceOfCategory = forms.ModelChoiceField[Category]
else:
    ChoiceOfQuestion = ChoiceOfCategory = forms.ModelChoiceField


class QuestionField(ChoiceOfQuestion):
    """Questions of all categories, told apart by the name of theirs."""

    def label_from_instance(self, obj: Question) -> str:
        return f"{obj.category}: {obj.label}"


class CategoryField(ChoiceOfCategory):
    """Categories of all agencies, which bear the same names."""

    def label_from_instance(self, obj: Category) -> str:
        return f"{obj.agency}: {obj}"


@admin.register(Question, site=site)
class QuestionAdmin(AuditedAdmin):
    help_texts: ClassVar[dict[str, Any]] = {
        "category": _("The kind of concern that it is asked about; it cannot be moved later."),
        "help": _("A line below the question, such as what to look at. May stay empty."),
        "kind": _(
            "Change it only while nobody has answered. Lists need their answers in the next box."
        ),
    }
    list_display = (
        "label",
        "code",
        "category",
        "agency",
        "kind",
        "is_required",
        "sort",
        "is_active",
    )
    list_filter = ("agency", "kind", "is_active", "category")
    list_select_related = ("agency", "category")
    search_fields = ("code", "label__en", "label__es", "category__code")
    ordering = ("agency", "category__sort", "sort", "id")
    fields = (
        "category",
        "code",
        "label",
        "help",
        "kind",
        "choices",
        "shown_when",
        "shown_for",
        "is_required",
        "reminds_of_looks",
        "sort",
        "is_active",
    )

    def get_readonly_fields(
        self, request: HttpRequest, obj: models.Model | None = None
    ) -> tuple[str, ...]:
        # Answers name their question by code, and the questions after it its category.
        return ("category", "code") if obj is not None else ()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Questions and categories are told apart by their agency and category."""
        match = request.resolver_match
        if db_field.name == "shown_when":
            rows = Question.objects.select_related("category").order_by("category_id", "sort", "id")
            if match is not None and match.kwargs.get("object_id"):
                rows = rows.filter(category__questions__pk=match.kwargs["object_id"])
            kwargs.update(queryset=rows, form_class=QuestionField)
        if db_field.name == "category":
            kinds = Category.objects.select_related("agency").order_by("agency", "sort", "code")
            kwargs.update(queryset=kinds, form_class=CategoryField)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: models.Model, form: Any, change: bool) -> None:
        assert isinstance(obj, Question)
        obj.agency_id = obj.category.agency_id
        super().save_model(request, obj, form, change)


@admin.register(GuidedDay, site=site)
class GuidedDayAdmin(AuditedAdmin):
    """Numbers of a day, to read: how often the reminder was shown, and how often it was passed."""

    help_texts: ClassVar[dict[str, Any]] = {
        "reports": _("Reports of this day in categories that ask what somebody did."),
        "reminders": _("How often the form reminded, because the words told only of looks."),
        "sent_anyway": _("How many of these were sent unchanged after the reminder."),
    }

    list_display = ("on", "agency", "reports", "reminders", "sent_anyway")
    list_filter = ("agency",)
    list_select_related = ("agency",)
    ordering = ("-on", "agency")

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False
