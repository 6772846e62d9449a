"""What somebody fills in to follow what is published: where, what, how often, and where to."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concerns.subscriptions.models import Pace
from concerns.subscriptions.shapes import LONGEST_TEXT, BadShape, Box, Shape, circle, read_shape
from engagement.places.models import Agency, Area
from engagement.places.queries import PlaceHit, agency_bounds, search_places

EMAIL_LIMIT = 254
# Distances as people say them, in metres.
QUARTER_MILE, HALF_MILE, MILE = 402, 805, 1609
# A shape may reach a little over the border.
MARGIN_KILOMETRES = 5

EVERYWHERE, AREAS, NEAR, SHAPE = "everywhere", "areas", "near", "shape"


class PaceForm(forms.Form):
    """What can be changed later, too."""

    kinds = forms.MultipleChoiceField(
        label=_("Which kinds?"),
        help_text=_("Without a tick you hear of all kinds."),
        required=False,
        widget=forms.CheckboxSelectMultiple(),
        error_messages={"invalid_choice": _("Choose kinds from the list.")},
    )
    pace = forms.ChoiceField(
        label=_("How often?"),
        choices=Pace.choices,
        initial=Pace.DAILY,
        widget=forms.RadioSelect(),
        error_messages={"required": _("Choose how often.")},
    )

    def __init__(self, *args: Any, kinds: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kinds"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = list(kinds)


class FollowForm(PaceForm):
    where = forms.ChoiceField(
        label=_("Where?"),
        choices=[
            (EVERYWHERE, _("Everywhere")),
            (AREAS, _("In areas that I choose from a list")),
            (NEAR, _("Around a street or corner")),
            (SHAPE, _("Inside a shape that I draw on the map")),
        ],
        initial=AREAS,
        widget=forms.RadioSelect(),
        error_messages={"required": _("Choose where.")},
    )
    areas = forms.MultipleChoiceField(
        label=_("Areas"),
        required=False,
        widget=forms.CheckboxSelectMultiple(),
        error_messages={"invalid_choice": _("Choose areas from the list.")},
    )
    place_query = forms.CharField(required=False, max_length=120)
    near = forms.CharField(required=False, max_length=200)
    metres = forms.TypedChoiceField(
        label=_("How far around it?"),
        choices=[
            (QUARTER_MILE, _("A quarter mile (400 m)")),
            (HALF_MILE, _("Half a mile (800 m)")),
            (MILE, _("One mile (1.6 km)")),
        ],
        coerce=int,
        required=False,
        initial=HALF_MILE,
    )
    shape = forms.CharField(
        required=False, max_length=LONGEST_TEXT, widget=forms.HiddenInput(), strip=True
    )
    email = forms.EmailField(
        label=_("Your e-mail"),
        help_text=_(
            "Kept encrypted and used for nothing else. We first send a link to press, so that "
            "nobody can sign you up."
        ),
        max_length=EMAIL_LIMIT,
        error_messages={
            "required": _("Write where the mails should go."),
            "invalid": _("Write the e-mail like name@example.org."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    field_order = ("where", "areas", "place_query", "metres", "shape", "kinds", "pace", "email")

    def __init__(
        self,
        *args: Any,
        agency: Agency,
        areas: Iterable[Area],
        has_account_address: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.agency = agency
        self.known_areas = {area.slug: area for area in areas}
        self.hits: list[PlaceHit] = []
        field = self.fields["areas"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(slug, area.name) for slug, area in self.known_areas.items()]
        if has_account_address:
            del self.fields["email"]

    def find(self) -> None:
        """Offer what the search words may mean, for a page without a script."""
        self.hits = search_places(agency=self.agency, text=str(self["place_query"].value() or ""))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        where = data.get("where")
        if where == AREAS and not data.get("areas") and "areas" not in self.errors:
            self.add_error("areas", _("Choose one area or more."))
        if where == SHAPE:
            data["drawn"] = self._drawn(data)
        if where == NEAR:
            data["drawn"] = self._around(data)
        return data

    @property
    def chosen_areas(self) -> list[int]:
        """Ids; only after is_valid."""
        if self.cleaned_data["where"] != AREAS:
            return []
        return [self.known_areas[slug].pk for slug in self.cleaned_data["areas"]]

    def _drawn(self, data: dict[str, Any]) -> Shape | None:
        if not data.get("shape"):
            self.add_error(
                "shape", _("Draw a shape on the map, or choose areas from the list instead.")
            )
            return None
        try:
            return read_shape(data["shape"], bounds=self._bounds())
        except BadShape as refusal:
            self.add_error("shape", str(refusal))
            return None

    def _around(self, data: dict[str, Any]) -> Shape | None:
        point = _point(data.get("near", "")) or self._only_hit(data.get("place_query", ""))
        if point is None:
            return None
        try:
            return circle(
                *point, metres=float(data.get("metres") or HALF_MILE), bounds=self._bounds()
            )
        except BadShape as refusal:
            self.add_error("place_query", str(refusal))
            return None

    def _only_hit(self, words: str) -> tuple[float, float] | None:
        """Where one exact place is found it is taken as meant, else the page asks."""
        if not words.strip():
            self.add_error("place_query", _("Write a street or corner."))
            return None
        self.find()
        exact = [hit for hit in self.hits if hit.exact]
        if len(exact) == 1:
            return exact[0].lon, exact[0].lat
        known = _("Choose which of the places below you mean.")
        unknown = _("No street or corner found. Check the spelling, or choose areas instead.")
        self.add_error("place_query", known if self.hits else unknown)
        return None

    def _bounds(self) -> Box | None:
        bounds = agency_bounds(self.agency)
        return Box(*bounds.padded(MARGIN_KILOMETRES)) if bounds else None


def _point(text: str) -> tuple[float, float] | None:
    """Longitude and latitude of a chosen search result, "lon,lat"."""
    try:
        lon, lat = (float(part) for part in text.split(","))
    except ValueError:
        return None
    return (lon, lat) if -180 <= lon <= 180 and -85 <= lat <= 85 else None
