"""Forms of the administration: an address is typed once and never shown again."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagement.people.actions import set_grant_areas
from engagement.people.granting import NEEDS_A_SECOND
from engagement.people.identity import sign_in_keys
from engagement.people.models import AreaAssignment, Grant, User
from engagement.people.queries import staff_holding
from engagement.people.roles import Role
from engagement.places.models import Agency, Area

if TYPE_CHECKING:
    UserForm = forms.ModelForm[User]
    GrantModelForm = forms.ModelForm[Grant]
    AssignmentModelForm = forms.ModelForm[AreaAssignment]
else:
    UserForm = GrantModelForm = AssignmentModelForm = forms.ModelForm


class StaffForm(UserForm):
    language = forms.ChoiceField(
        label=_("Language of mails"), choices=lambda: list(settings.LANGUAGES)
    )

    class Meta:
        model = User
        fields = ("name", "language", "is_active", "is_superuser")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Staff have a name; an account without one belongs to a resident.
        self.fields["name"].required = True


class NewStaffForm(StaffForm):
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_(
            "Gets a mail with a link to choose a password and set up the second step. It is "
            "stored encrypted and cannot be read here afterwards."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "class": "vTextField"}),
    )

    class Meta(StaffForm.Meta):
        fields = ("name", "email", "language", "is_superuser")

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if User.objects.filter(sign_in_key__in=sign_in_keys(email)).exists():
            raise ValidationError(_("There is an account with this address already."))
        return email


class GrantForm(GrantModelForm):
    granted_areas = forms.ModelMultipleChoiceField(
        label=_("Areas"),
        queryset=Area.objects.select_related("agency").order_by("agency", "layer", "name", "id"),
        required=False,
        help_text=_("None chosen means the whole agency."),
    )

    class Meta:
        model = Grant
        fields = ("user", "role", "agency", "from_on", "until_on")

    # Whoever fills the form in; set for each request.
    giver_id: int | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _let_today_be_left_out(self.fields["from_on"])
        if self.instance.pk:
            self.fields["granted_areas"].initial = self.instance.areas.all()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        agency = cleaned.get("agency")
        cleaned["from_on"] = cleaned.get("from_on") or _first_day(agency)
        areas = cleaned.get("granted_areas") or ()
        if any(agency is None or area.agency_id != agency.pk for area in areas):
            self.add_error("granted_areas", _("Choose areas of the same agency."))
        person = cleaned.get("user")
        if person is not None and self.giver_id is not None and person.pk == self.giver_id:
            self.add_error("user", _("Nobody gives a role to themselves. Ask another operator."))
        if cleaned.get("role") == Role.AGENCY_ADMIN and agency is not None:
            self._refuse_a_second_administrator(agency, person or self.instance.user_id)
        return cleaned

    def _refuse_a_second_administrator(self, agency: Agency, person: Any) -> None:
        """The operator gives an agency its first one; whoever is one already may stay it."""
        present = staff_holding(roles=NEEDS_A_SECOND, agency=agency, now=timezone.now())
        known = getattr(person, "pk", person)
        if present.exists() and not present.filter(pk=known).exists():
            self.add_error(
                "role",
                _(
                    "This agency has an administrator. Another one is asked for at its people desk "
                    "and confirmed by a second person there."
                ),
            )

    def _save_m2m(self) -> None:
        super()._save_m2m()  # type: ignore[misc]
        set_grant_areas(self.instance, self.cleaned_data["granted_areas"])


class AssignmentForm(AssignmentModelForm):
    class Meta:
        model = AreaAssignment
        fields = ("user", "area", "is_lead", "from_on", "until_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _let_today_be_left_out(self.fields["from_on"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("area"):
            # The agency follows from the area and is never typed.
            self.instance.agency_id = cleaned["area"].agency_id
            cleaned["from_on"] = cleaned.get("from_on") or _first_day(cleaned["area"].agency)
        return cleaned


def _let_today_be_left_out(first_day: forms.Field) -> None:
    first_day.required = False
    first_day.help_text = _("Left empty: from today, by the agency's own calendar.")


def _first_day(agency: Agency | None) -> date:
    """Today as the agency's own calendar has it: by the server's it may begin tomorrow there."""
    now = timezone.now()
    return agency.day_of(now) if agency is not None else now.date()
