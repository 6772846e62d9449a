"""Where it really is: the same ways to name a place as in the report, and nothing else."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engagement.places.models import Area


class PlaceForm(forms.Form):
    """The place alone; the names of its fields are those of the report form."""

    is_for_oneself = True

    place_query = forms.CharField(
        label=_("Street address or corner"), required=False, max_length=200
    )
    place_hit = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)
    place_kept = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)
    lon = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)
    area = forms.ChoiceField(label=_("Or choose the neighborhood"), required=False)
    no_place = forms.BooleanField(label=_("There is no exact place"), required=False)
    is_home = forms.BooleanField(
        label=_("This is where I live"),
        help_text=_("Then the public never sees the street, only the block."),
        required=False,
    )

    def __init__(self, *args: Any, areas: Iterable[Area], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.areas = {area.code: area.name for area in areas}
        field = self.fields["area"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Choose from the list")), *self.areas.items()]


class StaffPlaceForm(PlaceForm):
    """The same as staff say it of somebody else's report, with the version that they saw."""

    is_for_oneself = False

    seen_version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["is_home"].label = _("The reporter lives here")
