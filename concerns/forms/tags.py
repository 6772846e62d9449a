"""Tags, typed on a case and kept tidy in the list of an agency: shape only."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concerns.forms.desk import SeenForm
from concerns.models import Tag
from concerns.models.tags import NAME_LIMIT
from concerns.words import clean_line

HINT = _("A matter, such as “night club”; never the name of a person.")


def cleaned(form: forms.Form, name: str) -> str:
    """Return what was typed without control characters, which may be all that it was."""
    words = clean_line(form.cleaned_data[name], limit=NAME_LIMIT)
    if not words:
        raise forms.ValidationError(form.fields[name].error_messages["required"])
    return words


class TagForm(SeenForm):
    tag = forms.CharField(
        label=_("Add a tag"),
        help_text=HINT,
        max_length=NAME_LIMIT,
        widget=forms.TextInput(attrs={"list": "tag-names", "autocomplete": "off"}),
        error_messages={
            "required": _("Write the tag first."),
            "max_length": _("A tag has at most 40 characters."),
        },
    )

    def clean_tag(self) -> str:
        return cleaned(self, "tag")


class RenameTagForm(forms.Form):
    name = forms.CharField(
        label=_("New name"),
        help_text=HINT,
        max_length=NAME_LIMIT,
        error_messages={
            "required": _("Write the new name first."),
            "max_length": _("A tag has at most 40 characters."),
        },
    )

    def clean_name(self) -> str:
        return cleaned(self, "name")


class MergeTagForm(forms.Form):
    into = forms.TypedChoiceField(
        label=_("Join it with"),
        coerce=int,
        error_messages={"required": _("Choose the tag that stays.")},
    )

    def __init__(self, *args: Any, others: list[Tag], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Choose a tag")), *((str(tag.pk), tag.name) for tag in others)]
        self.fields["into"].choices = choices  # type: ignore[attr-defined]
