"""What every form of the desk carries, and how it takes text."""

from typing import Any

from django import forms


class SeenForm(forms.Form):
    """Carries the version that its writer had before them; 0 for a meeting that is new."""

    seen_version = forms.IntegerField(min_value=0, initial=0, widget=forms.HiddenInput)

    def show_version(self, version: int) -> None:
        """Make a form that came too late sendable again, with what its writer wrote kept."""
        self.data = {**self.data.dict(), "seen_version": str(version), **self._lists()}

    def _lists(self) -> dict[str, Any]:
        """Posted values of questions with several answers, which a plain dict would cut to one."""
        return {
            name: self.data.getlist(name)
            for name, field in self.fields.items()
            if isinstance(field, forms.MultipleChoiceField)
        }


class LineField(forms.CharField):
    """One line of text: what was pasted with line breaks becomes one, so that it fits a subject."""

    def to_python(self, value: Any) -> str:
        return " ".join(super().to_python(value).split())
