"""What an administrator types about people: shape only."""

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from engagement.people.forms import NEW_PASSWORD_HINT, address_field
from engagement.people.invitations import Offer
from engagement.people.models import User
from engagement.people.roles import ROLE_SENTENCES, ROLE_WORDS, Role
from engagement.places.models import Agency, Area

NAME_LENGTH = 120
# Everything but the installation operator: that one belongs to no agency.
ROLES = [
    (role.value, format_lazy("{}: {}", words, ROLE_SENTENCES[role]))
    for role, words in ROLE_WORDS.items()
    if role != Role.OPERATOR
]


def day_field(label: Any, *, hint: Any = "", required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=hint,
        required=required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Enter a day."),
            "invalid": _("Enter a day like 2026-12-31."),
        },
    )


def areas_of(agency: Agency) -> QuerySet[Area]:
    rows: QuerySet[Area] = Area.objects.filter(agency=agency, layer=agency.responsible_layer)
    return rows.order_by("name", "id")


class TermForm(forms.Form):
    """Where and how long somebody holds what is given."""

    def __init__(self, *args: Any, agency: Agency, today: date, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"{self.__class__.__name__.lower()}-%s")
        super().__init__(*args, **kwargs)
        self.fields["areas"] = forms.ModelMultipleChoiceField(
            label=_("Areas"),
            queryset=areas_of(agency),
            required=False,
            help_text=_("None chosen means the whole agency."),
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields["from_on"] = day_field(_("First day"))
        self.fields["from_on"].initial = today
        self.fields["until_on"] = day_field(
            _("Last day"), hint=_("Leave empty when no end is known."), required=False
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("from_on"), cleaned.get("until_on")
        if first and last and last < first:
            self.add_error("until_on", _("The last day must not be before the first day."))
        return cleaned


class InvitationForm(TermForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField(
            label=_("Name"),
            help_text=_("Name and rank or organization, as colleagues should read it."),
            max_length=NAME_LENGTH,
            error_messages={"required": _("Enter a name.")},
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )
        self.fields["email"] = address_field("off")
        self.fields["email"].label = _("Work e-mail address")
        self.fields["email"].help_text = _(
            "Gets a link that works for seven days. It is kept encrypted, and nobody can read it "
            "here afterwards."
        )
        self.fields["language"] = forms.ChoiceField(
            label=_("Language of mails"),
            choices=[("en", _("English")), ("es", _("Spanish"))],
            initial=get_language() or "en",
        )
        self.fields["roles"] = forms.MultipleChoiceField(
            label=_("Roles"),
            choices=ROLES,
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": _("Choose at least one role.")},
        )
        self.order_fields(["name", "email", "language", "roles", "areas", "from_on", "until_on"])

    def offer(self) -> Offer:
        said = self.cleaned_data
        return Offer(
            name=said["name"],
            roles=tuple(Role(value) for value in said["roles"]),
            areas=tuple(said["areas"]),
            from_on=said["from_on"],
            until_on=said["until_on"],
        )


class RoleForm(TermForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"] = forms.ChoiceField(label=_("Role"), choices=ROLES)
        self.order_fields(["role", "areas", "from_on", "until_on"])


class DutyForm(forms.Form):
    def __init__(self, *args: Any, agency: Agency, today: date, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "dutyform-%s")
        super().__init__(*args, **kwargs)
        self.fields["area"] = forms.ModelChoiceField(
            label=_("Area"),
            queryset=areas_of(agency),
            error_messages={"required": _("Choose an area.")},
        )
        self.fields["is_lead"] = forms.BooleanField(
            label=_("Lead: new concerns in the area go to this person"),
            required=False,
            initial=True,
        )
        self.fields["from_on"] = day_field(_("First day"))
        self.fields["from_on"].initial = today
        self.fields["until_on"] = day_field(
            _("Last day"), hint=_("Leave empty when no end is known."), required=False
        )


class LeaveForm(forms.Form):
    def __init__(self, *args: Any, colleagues: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hand_to"] = forms.ModelChoiceField(
            label=_("Who takes over the open work"),
            queryset=colleagues,
            required=False,
            empty_label=_("The lead of each area; else the list of what lies with nobody"),
        )


class AcceptForm(forms.Form):
    """A first password, typed twice, for somebody who has no account here."""

    password1 = forms.CharField(
        label=_("Password"),
        help_text=NEW_PASSWORD_HINT,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Enter a password.")},
    )
    password2 = forms.CharField(
        label=_("Password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Enter a password.")},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first = cleaned.get("password1")
        if first and cleaned.get("password2") and first != cleaned["password2"]:
            self.add_error("password2", _("The two passwords differ. Type the same one twice."))
        if first:
            try:
                validate_password(first)
            except ValidationError as weak:
                self.add_error("password1", weak)
        return cleaned
