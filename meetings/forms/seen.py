"""What every form of the desk carries, and how it takes text."""

from typing import Any

from django import forms
from django.http import QueryDict


class SeenForm(forms.Form):
    """Carries the version that its writer had before them; 0 for a meeting that is new."""

    seen_version = forms.IntegerField(min_value=0, initial=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if name.endswith(("_en", "_es")):
                # For screen readers and spell checkers: the text is in this language.
                field.widget.attrs["lang"] = name[-2:]

    def show_version(self, version: int) -> None:
        """Make a form that came too late sendable again, with what its writer wrote kept."""
        assert isinstance(self.data, QueryDict)
        data = self.data.copy()
        data["seen_version"] = str(version)
        self.data = data


class LineField(forms.CharField):
    """One line of text: what was pasted with line breaks becomes one, so that it fits a subject."""

    def to_python(self, value: Any) -> str:
        return " ".join((super().to_python(value) or "").split())
