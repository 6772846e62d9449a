"""What staff fill in while somebody is on the phone, at the counter, or has written."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concerns import spoken
from concerns.actions.filings import FiledFor
from concerns.forms.report import ReportForm
from concerns.models.concern import Channel
from concerns.models.filings import Agreed, AskedBy

CHANNELS = (Channel.PHONE, Channel.IN_PERSON, Channel.LETTER, Channel.EMAIL)


class FilingForm(ReportForm):
    """The report form, with how it came and what the person agreed to."""

    # The device is at the desk, not where the caller means.
    is_for_oneself = False
    field_order = (
        *("channel", "language", "had_interpreter", "on_paper_form", "is_urgent"),
        *ReportForm.field_order,
    )

    channel = forms.ChoiceField(
        label=_("How did they come?"),
        widget=forms.RadioSelect,
        choices=[(channel.value, channel.label) for channel in CHANNELS],
        error_messages={"required": _("Choose how they came.")},
    )
    language = forms.ChoiceField(label=_("Language of the person"), initial="en")
    had_interpreter = forms.BooleanField(label=_("An interpreter helped"), required=False)
    on_paper_form = forms.BooleanField(label=_("Copied from a paper report form"), required=False)
    is_urgent = forms.BooleanField(
        label=_("Somebody must look at this today"),
        help_text=_("It is marked as urgent. Danger right now is a call to dispatch."),
        required=False,
    )
    asked_by = forms.ChoiceField(
        label=_("Who asked you to file it?"),
        choices=[("", _("Choose from the list")), *AskedBy.choices],
        error_messages={"required": _("Say who asked you to file it.")},
    )
    agreed = forms.ChoiceField(
        label=_("How did they agree?"),
        choices=[("", _("Choose from the list")), *Agreed.choices],
        error_messages={"required": _("Say how they agreed.")},
    )
    has_agreed = forms.BooleanField(
        label=_("They agreed to these words, and to how they may be reached."),
        error_messages={"required": _("Read it back and ask. Without a yes it is not filed.")},
    )

    def __init__(self, data: Any = None, **facts: Any) -> None:
        super().__init__(data, is_signed_in=False, **facts)
        language = self.fields["language"]
        assert isinstance(language, forms.ChoiceField)
        language.choices = spoken.choices()

    @property
    def filed_for(self) -> FiledFor:
        """What is kept beside the concern; for a valid form."""
        data = self.cleaned_data
        return FiledFor(
            asked_by=data["asked_by"],
            agreed=data["agreed"],
            had_interpreter=data["had_interpreter"],
            on_paper_form=data["on_paper_form"],
            is_urgent=data["is_urgent"],
        )
