"""The operator connects an agency to its directory, and stores where its chief is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagement.audit.actions import record
from engagement.audit.subjects import Subject
from engagement.doors.access import actor_of
from engagement.doors.admin import AuditedAdmin, WithRecentFactor, site
from engagement.people.directories import seal_secret
from engagement.people.identity import erase_contact, store_contact
from engagement.people.models import AgencyChief, ContactKind, DirectoryConnection
from portal.people.directory import callback_address

if TYPE_CHECKING:
    ConnectionForm = forms.ModelForm[DirectoryConnection]
    ChiefModelForm = forms.ModelForm[AgencyChief]
else:
    ConnectionForm = ChiefModelForm = forms.ModelForm


class DirectoryForm(ConnectionForm):
    secret = forms.CharField(
        label=_("Client secret"),
        required=False,
        strip=True,
        max_length=400,
        help_text=_("Stored encrypted and never shown again. Leave empty to keep the present one."),
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "class": "vTextField"}),
    )

    class Meta:
        model = DirectoryConnection
        fields = (
            "agency",
            "slug",
            "name",
            "issuer",
            "other_hosts",
            "client_id",
            "secret",
            "vouching_values",
            "is_required",
            "is_active",
        )

    def clean_issuer(self) -> str:
        issuer: str = self.cleaned_data["issuer"]
        if not issuer.startswith("https://") and not settings.OUTBOUND_LOOPBACK:
            raise ValidationError(_("An issuer begins with https://."))
        return issuer

    def clean_secret(self) -> str:
        secret: str = self.cleaned_data["secret"]
        if not secret and not self.instance.pk:
            raise ValidationError(_("Enter the secret that the directory gave for this portal."))
        return secret


@admin.register(DirectoryConnection, site=site)
class DirectoryAdmin(WithRecentFactor, AuditedAdmin):
    """Who may sign in is decided there; who is who was confirmed by each person here."""

    form = DirectoryForm
    list_display = ("name", "agency", "is_required", "is_active")
    list_filter = ("agency",)
    list_select_related = ("agency",)
    ordering = ("agency", "name", "id")
    readonly_fields = ("redirect_address", "logout_address")
    fields = (*DirectoryForm.Meta.fields, "redirect_address", "logout_address")

    @admin.display(description=_("Redirect address to register there"))
    def redirect_address(self, connection: DirectoryConnection) -> str:
        return callback_address(connection) if connection.pk else str(_("Shown once it is saved."))

    @admin.display(description=_("Back-channel logout address"))
    def logout_address(self, connection: DirectoryConnection) -> str:
        if not connection.pk:
            return str(_("Shown once it is saved."))
        return callback_address(connection).removesuffix("callback/") + "logged-out/"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        # People are connected under this issuer; another one would make them strangers.
        fixed = ("agency", "slug", "issuer") if obj is not None else ()
        return (*fixed, *self.readonly_fields)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(
        self,
        request: HttpRequest,
        obj: DirectoryConnection,
        form: ModelForm[DirectoryConnection],
        change: bool,
    ) -> None:
        if form.cleaned_data.get("secret"):
            seal_secret(obj, form.cleaned_data["secret"])
        super().save_model(request, obj, form, change)


class ChiefForm(ChiefModelForm):
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_(
            "Is told whenever one person of a small agency does alone what needs two. Stored "
            "encrypted; it cannot be read here afterwards."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "class": "vTextField"}),
    )

    class Meta:
        model = AgencyChief
        fields = ("agency", "email")


@admin.register(AgencyChief, site=site)
class ChiefAdmin(WithRecentFactor, AuditedAdmin):
    form = ChiefForm
    fields = ("agency", "email")
    list_display = ("agency_name",)
    list_select_related = ("agency",)
    ordering = ("agency__name", "id")

    @admin.display(description=_("agency"))
    def agency_name(self, chief: AgencyChief) -> str:
        return chief.agency.name

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("agency",) if obj is not None else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: AgencyChief, form: ModelForm[AgencyChief], change: bool
    ) -> None:
        """Every change stores a new address and destroys the one before."""
        now = timezone.now()
        with transaction.atomic():
            before = obj.contact if change else None
            obj.contact = store_contact(
                agency_id=obj.agency_id,
                kind=ContactKind.EMAIL,
                value=form.cleaned_data["email"],
                language="en",
                now=now,
            )
            super().save_model(request, obj, form, change)
            if before is not None:
                erase_contact(before, now=now)
            record(
                "CHIEF_NAMED",
                by=actor_of(request),
                subject=Subject("agency", str(obj.agency_id)),
                agency_id=obj.agency_id,
                now=now,
            )
