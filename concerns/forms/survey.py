"""The checklist of a security survey as a form: good, to be improved, or not there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from concerns.forms.police_side import day_input
from concerns.services import survey_parts

SAID = [("ok", _("Good")), ("improve", _("To be improved")), ("none", _("Does not apply"))]
LINE_LIMIT = 200


@dataclass(frozen=True)
class Row:
    words: str
    said: forms.BoundField
    line: forms.BoundField


class SurveyForm(forms.Form):
    recheck_on = forms.DateField(label=_("Look again on"), required=False, widget=day_input())

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        found: Mapping[str, tuple[str, str]] | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        """`found` is what was found before, by item."""
        super().__init__(data, initial=initial)
        for item in _items():
            said, line = (found or {}).get(item.code, ("", ""))
            self.fields[f"{item.code}_said"] = forms.ChoiceField(
                label=str(item.words),
                choices=SAID,
                required=False,
                initial=said,
                widget=forms.RadioSelect,
            )
            self.fields[f"{item.code}_line"] = forms.CharField(
                label=_("Remark"), required=False, max_length=LINE_LIMIT, initial=line
            )

    @property
    def findings(self) -> dict[str, tuple[str, str]]:
        """What was found, by item; those without a word are left out. For a valid form."""
        data = self.cleaned_data
        found = {
            item.code: (data[f"{item.code}_said"], data[f"{item.code}_line"]) for item in _items()
        }
        return {code: one for code, one in found.items() if any(one)}

    def parts(self, language: str | None) -> list[tuple[str, list[Row]]]:
        """Headings with their lines in that language, None for the reader's own."""
        return [
            (
                part.heading.text(language),
                [
                    Row(
                        item.words.text(language),
                        self[f"{item.code}_said"],
                        self[f"{item.code}_line"],
                    )
                    for item in part.items
                ],
            )
            for part in survey_parts()
        ]


def _items() -> Any:
    return [item for part in survey_parts() for item in part.items]
