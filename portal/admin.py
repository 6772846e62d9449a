"""The operator's reference data: accounts of staff, grants, agencies, places and hotlines."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from engagement.doors.access import actor_of
from engagement.doors.admin import AuditedAdmin, AuditedInline, WithRecentFactor, site
from engagement.people.actions import create_account
from engagement.people.departures import note_locked, note_lost_role
from engagement.people.factor_doors import to_second_step
from engagement.people.models import AreaAssignment, Grant, User
from engagement.people.recovery import may_reset_factors, permit_enrolment, reset_factors
from engagement.people.trust import has_recent_factor
from engagement.people.visits import end_sessions
from engagement.places.models import Agency, Area, AreaVersion, Holiday, Hotline
from engagement.places.registry import furnish
from portal.admin_directories import ChiefAdmin, DirectoryAdmin
from portal.admin_forms import AssignmentForm, GrantForm, NewStaffForm, StaffForm

# Registered by being imported: the library looks for this module alone.
__all__ = ["ChiefAdmin", "DirectoryAdmin"]


def _hand_on(request: HttpRequest, was: Grant, now_is: Grant | None) -> None:
    note_lost_role(was=was, now_is=now_is, by=actor_of(request), now=timezone.now())


class GrantInline(AuditedInline):
    model = Grant
    form = GrantForm


class AssignmentInline(AuditedInline):
    model = AreaAssignment
    form = AssignmentForm
    fields = ("area", "is_lead", "from_on", "until_on")
    autocomplete_fields = ("area",)


@admin.register(User, site=site)
class StaffAdmin(WithRecentFactor, AuditedAdmin):
    """Accounts of staff. Residents' accounts have no name and are not listed anywhere."""

    form = StaffForm
    list_display = ("name", "language", "is_active", "is_superuser")
    list_filter = ("is_active", "is_superuser")
    search_fields = ("name",)
    ordering = ("name", "id")
    inlines = (GrantInline, AssignmentInline)
    actions = ("let_begin_anew",)  # type: ignore[assignment]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).exclude(name="")

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm[User]]:
        if obj is None:
            kwargs["form"] = NewStaffForm
        return super().get_form(request, obj, change, **kwargs)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        if obj is not None and obj.pk == request.user.pk:
            # Nobody gives a role to themselves; another operator does.
            return ()
        return self.inlines if obj else (GrantInline,)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # History names the account; it is locked instead.
        return False

    def save_model(
        self, request: HttpRequest, obj: User, form: ModelForm[User], change: bool
    ) -> None:
        """A new account is created as a whole and invited by mail to set up its sign-in."""
        if change:
            obj.is_staff = obj.is_superuser
            obj.save()
            if not obj.is_active:
                end_sessions(obj)
                note_locked(user=obj, by=actor_of(request), now=timezone.now())
            return
        now, by = timezone.now(), actor_of(request)
        made = create_account(
            email=form.cleaned_data["email"],
            name=obj.name,
            language=obj.language,
            is_operator=obj.is_superuser,
            by=by,
            now=now,
        )
        permit_enrolment(made, by=by, now=now)
        obj.__dict__.update(made.__dict__)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Roles that end here hand their work on, as those ended at the people desk do."""
        is_about_roles = formset.model is Grant
        rows = Grant.objects.select_related("agency").filter(user=form.instance)
        before = {grant.pk: grant for grant in rows.order_by("pk")} if is_about_roles else {}
        super().save_formset(request, form, formset, change)
        if not before:
            return
        left = {grant.pk: grant for grant in rows.all().order_by("pk")}
        for number, was in before.items():
            _hand_on(request, was, left.get(number))

    @admin.action(description=_("Remove the second steps and mail a link for new ones"))
    def let_begin_anew(self, request: HttpRequest, chosen: QuerySet[User]) -> HttpResponse | None:
        """For colleagues whose phone or key is lost; ends their sessions. Never for oneself."""
        if not has_recent_factor(request):
            return to_second_step(request)
        assert isinstance(request.user, User)
        for person in chosen.order_by("id"):
            if not may_reset_factors(request.user, person):
                self.message_user(request, _("Your own are removed by another operator."), "ERROR")
                continue
            reset_factors(person, by=actor_of(request), now=timezone.now())
            self.message_user(
                request, _("Removed for %(name)s; a link is on its way.") % {"name": person}
            )
        return None


@admin.register(Grant, site=site)
class GrantAdmin(WithRecentFactor, AuditedAdmin):
    form = GrantForm
    fields = ("user", "role", "agency", "granted_areas", "from_on", "until_on")
    list_display = ("user", "role", "agency", "from_on", "until_on")
    list_filter = ("role", "agency")
    list_select_related = ("user", "agency")
    autocomplete_fields = ("user",)
    ordering = ("-from_on", "-id")

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm[Grant]]:
        form = super().get_form(request, obj, change, **kwargs)
        return type(form.__name__, (form,), {"giver_id": request.user.pk})

    def save_model(
        self, request: HttpRequest, obj: Grant, form: ModelForm[Grant], change: bool
    ) -> None:
        was = Grant.objects.select_related("agency").filter(pk=obj.pk).first()
        super().save_model(request, obj, form, change)
        if was is not None:
            _hand_on(request, was, obj)

    def delete_model(self, request: HttpRequest, obj: Grant) -> None:
        was = Grant.objects.select_related("agency").get(pk=obj.pk)
        super().delete_model(request, obj)
        _hand_on(request, was, None)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_own = obj is not None and obj.user_id == request.user.pk
        return not is_own and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_own = obj is not None and obj.user_id == request.user.pk
        return not is_own and super().has_delete_permission(request, obj)


@admin.register(AreaAssignment, site=site)
class AssignmentAdmin(AuditedAdmin):
    form = AssignmentForm
    fields = ("user", "area", "is_lead", "from_on", "until_on")
    list_display = ("area", "user", "is_lead", "from_on", "until_on")
    list_filter = ("agency", "is_lead")
    list_select_related = ("user", "area")
    autocomplete_fields = ("user", "area")
    ordering = ("agency", "area", "-from_on", "-id")


class HolidayInline(AuditedInline):
    model = Holiday


@admin.register(Agency, site=site)
class AgencyAdmin(AuditedAdmin):
    help_texts: ClassVar[dict[str, Any]] = {
        "slug": _("Names the agency in addresses, such as ?agency=cedar. Do not change it later."),
        "is_default": _("Its pages answer when neither the host nor the address names one."),
        "looks_at_reports": _(
            "Residents read this before they send, such as: Officers read reports on weekdays "
            "from 8 to 5. Nobody reads them at night."
        ),
        "publishes_officer_names": _("Off: residents read only “your officer”."),
        "mail_sender_name": _("Stands in front of the address that mails come from."),
        "timezone": _("As in America/Chicago. Deadlines and meetings follow it."),
        "responsible_layer": _(
            "The name of the imported boundary layer whose areas decide which officer gets a "
            "report, such as district."
        ),
        "public_layer": _(
            "The name of the layer that pages for residents are made of, such as neighborhood."
        ),
    }
    list_display = ("name", "slug", "timezone", "is_default")
    search_fields = ("name",)
    ordering = ("name", "id")
    inlines = (HolidayInline,)
    fieldsets = (
        (None, {"fields": ("name", "short_name", "slug", "is_default", "hosts", "languages")}),
        (
            _("What residents read"),
            {
                "fields": (
                    "emergency_number",
                    "non_emergency_phone",
                    "looks_at_reports",
                    "publishes_officer_names",
                    "mail_sender_name",
                )
            },
        ),
        (
            _("How it works inside"),
            {"fields": ("timezone", "responsible_layer", "public_layer", "is_small")},
        ),
    )

    def save_model(
        self, request: HttpRequest, obj: Agency, form: ModelForm[Agency], change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            furnish(obj, by=actor_of(request), now=timezone.now())

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class VersionInline(AuditedInline):
    """Shapes come from imports; here one reads since when they hold."""

    model = AreaVersion
    fields = ("valid_from", "valid_until", "source")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Area, site=site)
class AreaAdmin(AuditedAdmin):
    """Areas are made by importing boundaries; only their names are edited here."""

    list_display = ("name", "layer", "code", "agency")
    list_filter = ("agency", "layer")
    list_select_related = ("agency",)
    search_fields = ("name", "code")
    readonly_fields = ("agency", "layer", "code", "slug")
    ordering = ("agency", "layer", "name", "id")
    inlines = (VersionInline,)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Holiday, site=site)
class HolidayAdmin(AuditedAdmin):
    list_display = ("on", "name", "agency")
    list_filter = ("agency",)
    list_select_related = ("agency",)
    ordering = ("-on", "id")


@admin.register(Hotline, site=site)
class HotlineAdmin(AuditedAdmin):
    help_texts: ClassVar[dict[str, Any]] = {
        "code": _("A short name of your own, such as crisis. Once for each agency."),
        "when": _("One sentence: when somebody should call this number instead of reporting."),
        "is_on_help_screen": _("The page that everybody sees before the form."),
        "last_checked_on": _("The day on which somebody last called it to see that it is right."),
        "sort": _("Lower numbers stand first."),
    }
    list_display = (
        "label",
        "number",
        "agency",
        "last_checked_on",
        "to_do",
        "is_on_help_screen",
        "sort",
    )
    list_filter = ("agency", "is_on_help_screen", ("last_checked_on", admin.EmptyFieldListFilter))
    list_select_related = ("agency",)
    ordering = ("sort", "code", "id")

    @admin.display(description=_("to do"))
    def to_do(self, line: Hotline) -> str:
        """A number that nobody has called yet may be wrong, and people call it in need."""
        return "" if line.last_checked_on else gettext("Check me: call it, then enter the day")
