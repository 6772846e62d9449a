"""A text that replies begin with: shape only."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concerns import words, workflow
from concerns.forms.desk import choices_of, clean_text
from concerns.models import Category
from concerns.models.categories import Group
from concerns.models.reply_templates import NAME_LIMIT
from concerns.reply_templates import VARIABLES, unknown_variables
from concerns.spoken import choices as languages
from engagement.places.models import Agency

NEVER_TAKEN = (Group.REDIRECT, Group.ACCOUNTABILITY)


class TemplateForm(forms.Form):
    """`kind` is "" for every kind, "g:traffic" for a group, "c:12" for one category."""

    name = forms.CharField(
        label=_("Name"),
        help_text=_("What staff read on the button."),
        max_length=NAME_LIMIT,
        error_messages={"required": _("Give it a name.")},
    )
    state = forms.ChoiceField(
        label=_("State"),
        help_text=_("The one that the concern has, or gets by the reply."),
        choices=[(str(state), label) for state, label in workflow.STATE_LABELS.items()],
    )
    kind = forms.ChoiceField(label=_("For which concerns?"), required=False)
    language = forms.ChoiceField(label=_("Language"))
    text = forms.CharField(
        label=_("Text"),
        help_text=_(
            "Say five things: we heard, we are sorry, what we did, what comes next, whom to call. "
            "Filled in for you: {reference}, {day} of the report, {officer}, {phone}. A line with "
            "one that has no value is left out."
        ),
        max_length=words.TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 9}),
        error_messages={"required": _("Write the text.")},
    )
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = [(f"g:{code}", label) for code, label in Group.choices if code not in NEVER_TAKEN]
        kinds = choices_of(Category.objects.of(agency).taken(), "label")
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            ("", _("Every kind")),
            (_("A group of kinds"), groups),
            (_("One kind"), [(f"c:{pk}", label) for pk, label in kinds]),
        ]
        self.fields["language"].choices = languages()  # type: ignore[attr-defined]

    def clean_text(self) -> str:
        text = clean_text(self.cleaned_data["text"])
        unknown = unknown_variables(text)
        if unknown:
            raise forms.ValidationError(
                _("Nothing can be filled in for %(names)s. Use only %(known)s.")
                % {"names": _braced(unknown), "known": _braced(VARIABLES)}
            )
        return text

    @property
    def values(self) -> dict[str, Any]:
        """What the action takes, once the form is valid."""
        kind = self.cleaned_data["kind"]
        values = {name: self.cleaned_data[name] for name in self.fields if name != "kind"}
        values["category"] = int(kind[2:]) if kind.startswith("c:") else None
        values["group"] = kind[2:] if kind.startswith("g:") else ""
        return values


def _braced(names: Any) -> str:
    return ", ".join(f"{{{name}}}" for name in names)
