"""How reporters can be reached, and the organisations that relay, for the operator."""

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from concerns.models import ContactWish, OfferedWays, Relay
from engagement.doors.access import actor_of
from engagement.doors.admin import AuditedAdmin, site
from engagement.people.actions import erase_address
from engagement.people.identity import store_contact
from engagement.people.models import ContactKind

if TYPE_CHECKING:
    RelayModelForm = forms.ModelForm[Relay]
else:
    RelayModelForm = forms.ModelForm


class RelayForm(RelayModelForm):
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        help_text=_(
            "Gets a mail when somebody names this organisation and when an answer waits. It is "
            "stored encrypted and cannot be read here afterwards; leave it empty to keep it."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "class": "vTextField"}),
    )

    class Meta:
        model = Relay
        fields = ("agency", "name", "kind", "email", "is_active")

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if not email and self.instance.contact_id is None:
            raise forms.ValidationError(_("Without an address nobody there can be told."))
        return email


@admin.register(Relay, site=site)
class RelayAdmin(AuditedAdmin):
    form = RelayForm
    help_texts: ClassVar[dict[str, Any]] = {
        "name": _("As people in the neighborhood call it, such as: Grace Church, Pastor Lee."),
        "kind": _("Tells staff whom they write to."),
        "is_active": _(
            "Clear this box when they no longer relay. Answers to earlier reports still go there."
        ),
    }
    list_display = ("name", "kind", "agency", "is_active")
    list_filter = ("agency", "kind", "is_active")
    list_select_related = ("agency",)
    search_fields = ("name",)
    ordering = ("agency", "name", "id")

    def save_model(self, request: HttpRequest, obj: Relay, form: Any, change: bool) -> None:
        """A new address takes the place of the old one, which is destroyed."""
        email, now = form.cleaned_data["email"], timezone.now()
        before = obj.contact
        if email:
            obj.contact = store_contact(
                agency_id=obj.agency_id,
                kind=ContactKind.EMAIL,
                value=email,
                language="en",
                is_confirmed=True,
                now=now,
            )
        super().save_model(request, obj, form, change)
        if email and before is not None:
            erase_address(before, by=actor_of(request), now=now)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        # Its address and the reports that name it are of that agency.
        return ("agency",) if obj is not None else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None or not super().has_delete_permission(request, obj):
            return False
        return not ContactWish.objects.filter(relay_id=obj.pk).exists()


@admin.register(OfferedWays, site=site)
class OfferedWaysAdmin(AuditedAdmin):
    help_texts: ClassVar[dict[str, Any]] = {
        "by_email": _("A mail tells them that a message waits. Stays on when all else is off."),
        "by_text": _(
            "Works once a gateway for texts is set up that brings answers back (TEXT_URL, "
            "TEXT_ANSWERS_KEY)."
        ),
        "by_phone": _("Officers find the calls under Calls, with the best hours and wishes."),
        "by_letter": _("The same list prints the letter with its address."),
        "by_relay": _("Works once an organisation is listed under Organisations that relay."),
        "phone_region": _("Two letters, such as US: numbers of that country need no code."),
        "envelope_sender": _(
            "Stands outside on letters, so choose an address that does not say police: a post "
            "office box, or the city hall."
        ),
    }
    list_display = ("agency", "by_email", "by_text", "by_phone", "by_letter", "by_relay")
    list_select_related = ("agency",)
    ordering = ("agency",)
