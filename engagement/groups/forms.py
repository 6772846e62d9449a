"""What an administrator types about an organisation: shape only."""

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from engagement.groups.actions import Details
from engagement.groups.models import NAME_LIMIT, Organisation, OrganisationKind, TakesBy
from engagement.people.models import User

EMAIL_LIMIT = 254
URL_LIMIT = 300
NEEDS_ADDRESS = frozenset({TakesBy.LINK, TakesBy.MAIL})


class OrganisationForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=NAME_LIMIT)
    kind = forms.ChoiceField(label=_("Kind"), choices=OrganisationKind.choices)
    takes_by = forms.ChoiceField(
        label=_("How they take work"), choices=TakesBy.choices, widget=forms.RadioSelect
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        max_length=EMAIL_LIMIT,
        help_text=_(
            "Stored encrypted and never shown again. Leave it empty to keep the one that is there."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages that they read"),
        choices=settings.LANGUAGES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Mails to them are written in the first one ticked."),
    )
    form_url = forms.URLField(
        label=_("Address of their form"),
        required=False,
        max_length=URL_LIMIT,
        assume_scheme="https",
        help_text=_("Only for a form on their own site."),
    )
    endpoint_url = forms.URLField(
        label=_("Address of their Open311 server"),
        required=False,
        max_length=URL_LIMIT,
        assume_scheme="https",
        help_text=_("Without “services.json” at the end. Only for Open311."),
    )
    jurisdiction = forms.CharField(
        label=_("Jurisdiction"),
        required=False,
        max_length=80,
        help_text=_("Only for Open311, and only where their server asks for it."),
    )
    endpoint_key = forms.CharField(
        label=_("API key"),
        required=False,
        max_length=200,
        help_text=_(
            "Given by who runs the server. Stored encrypted and never shown again; leave it empty "
            "to keep the one that is there."
        ),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    is_active = forms.BooleanField(
        label=_("In use"),
        required=False,
        initial=True,
        help_text=_("Clear it when they take no more work. What they have stays with them."),
    )

    def __init__(self, *args: Any, organisation: Organisation | None = None, **kwargs: Any) -> None:
        self.organisation = organisation
        if organisation is not None:
            kwargs.setdefault("initial", initial_of(organisation))
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        way = said.get("takes_by")
        has_address = self.organisation is not None and self.organisation.contact_id is not None
        if way in NEEDS_ADDRESS and not has_address and "email" in said and not said["email"]:
            self.add_error("email", _("Without an address no mail can go to them."))
        if way == TakesBy.FORM and "form_url" in said and not said["form_url"]:
            self.add_error("form_url", _("Give the address of their form."))
        if way == TakesBy.OPEN311 and "endpoint_url" in said:
            self._check_endpoint(said["endpoint_url"])
        return said

    def _check_endpoint(self, url: str) -> None:
        if not url:
            self.add_error("endpoint_url", _("Give the address of their server."))
        elif not url.startswith("https://") and not settings.OUTBOUND_LOOPBACK:
            self.add_error("endpoint_url", _("The address must begin with https://."))

    def details(self) -> Details:
        """What was said; for a valid form."""
        return Details(**self.cleaned_data)


def initial_of(organisation: Organisation) -> dict[str, Any]:
    kept = ("name", "kind", "takes_by", "form_url", "endpoint_url", "jurisdiction", "is_active")
    found = {name: getattr(organisation, name) for name in kept}
    return {**found, "languages": list(organisation.languages or ())}


class MemberForm(forms.Form):
    user = forms.TypedChoiceField(label=_("Who"), coerce=int)

    def __init__(self, *args: Any, partners: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.partners = list(partners)
        field = self.fields["user"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [(person.pk, str(person)) for person in self.partners]
