"""Django's administration behind our door, with our sign-in and our history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.db import models, transaction
from django.forms import BaseForm
from django.forms.models import BaseModelFormSet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, resolve_url
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from engagement.audit.actions import record
from engagement.audit.queries import HistoryLine, history_of
from engagement.audit.subjects import Subject
from engagement.doors.access import OPERATE, actor_of
from engagement.people import rights
from engagement.people.factor_doors import to_second_step
from engagement.people.trust import has_recent_factor

if TYPE_CHECKING:
    # The library's classes take no parameters when the portal runs.
    Inline = admin.TabularInline[Any, Any]
    ModelAdmin = admin.ModelAdmin[Any]
else:
    Inline = admin.TabularInline
    ModelAdmin = admin.ModelAdmin

ADMIN_CHANGED = "ADMIN_CHANGED"
# Pages of the library for which the portal has its own, or none.
CLOSED_ROUTES = frozenset({"logout", "password_change", "password_change_done", "view_on_site"})


class PortalSite(admin.AdminSite):
    """The operator's administration: reference data only, no concern and nobody's address."""

    site_header = _("Administration")
    site_title = _("Administration")
    index_title = _("What this installation knows")
    site_url = "/"
    enable_nav_sidebar = True

    def has_permission(self, request: HttpRequest) -> bool:
        return rights.allowed(request.user, OPERATE, agency_id=None)

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The library's own page would let a password alone through; ours decides."""
        return redirect_to_login(reverse("admin:index"), resolve_url("account_login"))

    def get_urls(self) -> list[URLResolver | URLPattern]:
        return [route for route in super().get_urls() if _name(route) not in CLOSED_ROUTES]


def _name(route: URLResolver | URLPattern) -> str | None:
    return getattr(route, "name", None)


site = PortalSite(name="admin")


class OperatorOnly:
    """Asks rights instead of Django's per-model permissions, which this portal does not use."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return rights.allowed(request.user, OPERATE, agency_id=None)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return rights.allowed(request.user, OPERATE, agency_id=None)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return rights.allowed(request.user, OPERATE, agency_id=None)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return rights.allowed(request.user, OPERATE, agency_id=None)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return rights.allowed(request.user, OPERATE, agency_id=None)


class WithRecentFactor:
    """Accounts, roles and who vouches for them are changed only after a second step of now."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not has_recent_factor(request):
            return to_second_step(request)
        return super().changeform_view(request, *args, **kwargs)  # type: ignore[misc]

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not has_recent_factor(request):
            return to_second_step(request)
        return super().delete_view(request, *args, **kwargs)  # type: ignore[misc]


class AuditedInline(OperatorOnly, Inline):
    extra = 0
    show_change_link = False


@dataclass(frozen=True)
class HistoryRow:
    """One line of the history page; `by` is the id of the account."""

    at: datetime
    by: int | None
    sentence: str
    what: str
    fields: str


class AuditedAdmin(OperatorOnly, ModelAdmin):
    """Writes who changed which fields of what into the audit log; values are not kept.

    The library's own log is not written: it repeats names and free text. Whole lists cannot be
    deleted at once, because that happens outside the transaction of its audit entries.
    """

    actions = None
    # What an operator needs to know of a field, where the model itself does not say it.
    help_texts: ClassVar[Mapping[str, str | Promise]] = {}
    view_on_site = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    show_full_result_count = False

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.help_texts:
            kwargs["help_text"] = self.help_texts[db_field.name]
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def construct_change_message(  # type: ignore[override]
        self,
        request: HttpRequest,
        form: BaseForm,
        formsets: Iterable[BaseModelFormSet[Any, Any]],
        add: bool = False,
    ) -> list[str]:
        """Names of the changed fields, those of inline rows with their model in front."""
        names = set(form.changed_data)
        for formset in formsets or ():
            assert formset.model is not None
            name = formset.model._meta.model_name
            for _row, fields in formset.changed_objects:
                names |= {f"{name}.{field}" for field in fields}
            if formset.new_objects:
                names.add(f"{name}.added")
            if formset.deleted_objects:
                names.add(f"{name}.deleted")
        return sorted(names)

    def log_addition(self, request: HttpRequest, obj: models.Model, message: Any) -> None:  # type: ignore[override]
        self._record(request, obj, "added", message)

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> None:  # type: ignore[override]
        self._record(request, obj, "changed", message)

    def log_deletions(self, request: HttpRequest, queryset: Iterable[models.Model]) -> None:  # type: ignore[override]
        for obj in queryset:
            self._record(request, obj, "deleted", [])

    def _record(self, request: HttpRequest, obj: models.Model, what: str, names: list[str]) -> None:
        with transaction.atomic():
            record(
                ADMIN_CHANGED,
                by=actor_of(request),
                subject=subject_of(obj),
                agency_id=agency_of(obj),
                now=timezone.now(),
                payload={"what": what, "fields": ", ".join(names)},
            )

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        obj = get_object_or_404(self.get_queryset(request), pk=object_id)
        if not self.has_view_permission(request, obj):
            raise Http404
        lines = history_of(subject_of(obj), agency_id=agency_of(obj))
        context = {
            **self.admin_site.each_context(request),
            "title": _("History"),
            "subtitle": None,
            "object": obj,
            "opts": self.opts,
            "module_name": str(self.opts.verbose_name_plural),
            "lines": [_row(line) for line in lines],
        }
        return TemplateResponse(request, "admin/audit_history.html", context)


def subject_of(obj: models.Model) -> Subject:
    return Subject(f"{obj._meta.app_label}_{obj._meta.model_name}", str(obj.pk))


def agency_of(obj: models.Model) -> int | None:
    """The agency whose history this belongs to; None for what belongs to the installation."""
    found: int | None = getattr(obj, "agency_id", None)
    return found


def _row(line: HistoryLine) -> HistoryRow:
    payload = line.payload or {}
    return HistoryRow(
        at=line.at,
        by=line.actor.user_id,
        sentence=line.sentence,
        what=str(payload.get("what") or ""),
        fields=str(payload.get("fields") or ""),
    )
