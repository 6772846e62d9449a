"""What staff type to show a photo to everyone: boxes to paint over, and what can be seen."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from concerns.forms.desk import SeenForm, clean_text
from engagement.doors.pictures.decoding import Box

MOST_BOXES = 8
EDGES = ("left", "top", "right", "bottom")
LABELS = {
    "left": _("From the left edge, percent"),
    "top": _("From the upper edge, percent"),
    "right": _("To, from the left edge, percent"),
    "bottom": _("To, from the upper edge, percent"),
}
SHOWS_LIMIT = 200


class CoverForm(SeenForm):
    """Boxes in percent of width and height from the upper left corner."""

    shows_en = forms.CharField(
        label=_("What can be seen, in English"),
        help_text=_("One line for those who cannot see it. Use your own words."),
        max_length=SHOWS_LIMIT,
        error_messages={"required": _("Say in a few words what can be seen.")},
    )
    shows_es = forms.CharField(
        label=_("What can be seen, in Spanish"), required=False, max_length=SHOWS_LIMIT
    )
    looked = forms.BooleanField(
        label=_("I looked at the whole photo: no face, child, plate or house number is left"),
        error_messages={"required": _("Look at the whole photo first, then say so here.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(MOST_BOXES):
            for edge in EDGES:
                self.fields[f"{edge}_{number}"] = forms.DecimalField(
                    label=LABELS[edge], required=False, min_value=0, max_value=100
                )

    def clean_shows_en(self) -> str:
        return clean_text(self.cleaned_data["shows_en"])

    def clean_shows_es(self) -> str:
        return clean_text(self.cleaned_data["shows_es"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for number in range(MOST_BOXES):
            edges = [data.get(f"{edge}_{number}") for edge in EDGES]
            given = [edge for edge in edges if edge is not None]
            if given and (len(given) < len(EDGES) or _is_empty(given)):
                self.add_error(
                    f"left_{number}", _("Fill in all four, the second two larger, or none.")
                )
        return data

    @property
    def boxes(self) -> list[Box]:
        """The boxes that were filled in, in thousandths; only of a valid form."""
        found = []
        for number in range(MOST_BOXES):
            edges = [self.cleaned_data.get(f"{edge}_{number}") for edge in EDGES]
            if None not in edges:
                found.append(Box(*(int(edge * 10) for edge in edges if edge is not None)))
        return found

    def box_rows(self) -> Iterator[list[BoundField]]:
        for number in range(MOST_BOXES):
            yield [self[f"{edge}_{number}"] for edge in EDGES]


def _is_empty(edges: list[Any]) -> bool:
    left, top, right, bottom = edges
    return bool(right <= left or bottom <= top)


def boxes_of(texts: list[str]) -> list[Box]:
    """Boxes as an address carries them: "100-50-300-200" in thousandths. Raises ValueError."""
    found = [Box(*(int(edge) for edge in text.split("-"))) for text in texts[:MOST_BOXES]]
    if any(not 0 <= edge <= 1000 for box in found for edge in vars(box).values()):
        raise ValueError("outside the photo")
    return found


def text_of(box: Box) -> str:
    """A box as an address carries it."""
    return "-".join(str(edge) for edge in vars(box).values())
