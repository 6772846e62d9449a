"""What a visitor of the public list may filter by; what cannot be read is left out."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concerns.published.map import Box
from concerns.published.queries import Wanted
from concerns.published.rows import STATES
from engagement.places.models import Area

LOWEST_ZOOM, HIGHEST_ZOOM = 0, 22


class KnownChoices(forms.MultipleChoiceField):
    """Several of the offered values; what is not offered is left out, not refused."""

    def to_python(self, value: Any) -> list[str]:
        return [code for code in super().to_python(value) if self.valid_value(code)]


def states() -> list[tuple[str, Any]]:
    """Open and done first, for most people need no more; then the states themselves."""
    real = [(code, words) for code, words in STATES.items() if code != "received"]
    return [
        ("", _("Open and done")),
        ("open", _("Still open")),
        ("done", _("Done")),
        (_("Or exactly"), real),  # type: ignore[list-item]
    ]


class FilterForm(forms.Form):
    """Filters of the list, the map and the feed."""

    q = forms.CharField(label=_("Words"), required=False, max_length=100)
    category = KnownChoices(label=_("Kinds"), required=False, widget=forms.CheckboxSelectMultiple())
    progress = forms.ChoiceField(label=_("State"), required=False, choices=states)
    area = forms.ChoiceField(label=_("Area"), required=False)
    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("To"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )

    def __init__(
        self, data: Any, *, kinds: Iterable[tuple[str, str]], areas: Iterable[Area]
    ) -> None:
        super().__init__(data)
        self.kinds = dict(kinds)
        self.areas = {area.slug: area for area in areas}
        self._offer("category", [*self.kinds.items()])
        self._offer(
            "area", [("", _("All areas")), *((a.slug, a.name) for a in self.areas.values())]
        )

    def _offer(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    @property
    def chosen_area(self) -> Area | None:
        """The readable area, after `wanted`."""
        return self.areas.get(self.cleaned_data.get("area", ""))

    def wanted(self) -> Wanted:
        """The readable filters; a wrong one counts as not given."""
        self.is_valid()
        data = self.cleaned_data
        area = self.chosen_area
        return Wanted(
            categories=tuple(sorted(set(data.get("category", [])))),
            progress=data.get("progress", ""),
            area_id=area.pk if area else None,
            words=data.get("q", ""),
            since=data.get("since"),
            until=data.get("until"),
        )


def box_of(text: str) -> Box | None:
    """A map's box from "west,south,east,north" in degrees; None when it is none."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        return None
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        return None
    return Box(west, south, east, north)


def zoom_of(text: str) -> int:
    """A map's zoom, 12 when it cannot be read."""
    try:
        zoom = int(text)
    except ValueError:
        return 12
    return min(max(zoom, LOWEST_ZOOM), HIGHEST_ZOOM)
