"""What staff write to a reporter: shape only. Who reads another language than English is never
written to without a word about the language."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concerns import words, workflow
from concerns.forms.desk import SeenForm, clean_text
from concerns.spoken import name_of
from concerns.workflow import Outcome
from engagement.places.wording import DEFAULT_LANGUAGE

OWN, TOLD, COLLEAGUE, INTERPRETER, MACHINE = "own", "told", "colleague", "interpreter", "machine"
# These put a task on the desk instead of sending.
ASKS_FOR_HELP = (COLLEAGUE, INTERPRETER)


class SpokenForm(SeenForm):
    """`language` is the reporter's. Words in English need no more than the words."""

    # Which field holds the words.
    worded = "text"

    spoken = forms.ChoiceField(
        label=_("How do your words reach them?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Say how your words get into their language.")},
    )
    colleague = forms.TypedChoiceField(
        label=_("Which colleague?"), coerce=int, empty_value=None, required=False
    )
    template = forms.IntegerField(required=False, widget=forms.HiddenInput)
    # What a machine made of the words, as it was looked at before sending.
    translated = forms.CharField(
        required=False, max_length=words.TEXT_LIMIT, widget=forms.HiddenInput
    )

    def __init__(
        self,
        *args: Any,
        language: str = DEFAULT_LANGUAGE,
        colleagues: Iterable[tuple[int, str]] = (),
        has_machine: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.language = language
        if language == DEFAULT_LANGUAGE:
            del self.fields["spoken"], self.fields["colleague"]
            return
        self._offer(name_of(language), list(colleagues), has_machine)

    def _offer(self, language: str, colleagues: list[tuple[int, str]], has_machine: bool) -> None:
        named = {"language": language}
        ways = [
            (OWN, _("I wrote it in %(language)s myself") % named),
            (COLLEAGUE, _("A colleague writes it in %(language)s: put it on their list") % named),
            (INTERPRETER, _("Put it on the list for the interpreter line")),
            (TOLD, _("An interpreter told them these very words")),
        ]
        if has_machine:
            ways.append((MACHINE, _("A machine translates it, and they are told so")))
        self.fields["spoken"].choices = ways  # type: ignore[attr-defined]
        whoever = ("", _("Whoever writes %(language)s") % named)
        self.fields["colleague"].choices = [whoever, *colleagues]  # type: ignore[attr-defined]

    @property
    def is_foreign(self) -> bool:
        return self.language != DEFAULT_LANGUAGE

    @property
    def told(self) -> str:
        """What was written, once it is valid."""
        text: str = self.cleaned_data[self.worded]
        return text

    @property
    def chosen_way(self) -> str:
        way: str = self.cleaned_data.get("spoken", OWN)
        return way


class ReplyForm(SpokenForm):
    text = forms.CharField(
        label=_("Your words to the reporter"),
        help_text=_("Say that you heard them, what you did, and what comes next."),
        max_length=words.TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Write what the reporter should read.")},
    )
    is_question = forms.BooleanField(
        label=_("This is a question: wait for the answer"),
        help_text=_(
            "The clock stops. They are reminded after 7 days; after 14 the work goes on by itself."
        ),
        required=False,
    )
    field_order = ("text", "spoken", "colleague", "is_question")

    def clean_text(self) -> str:
        return clean_text(self.cleaned_data["text"])


class ResolveForm(SpokenForm):
    worded = "words"

    outcome = forms.ChoiceField(
        label=_("What came of it?"),
        choices=[
            (str(outcome), label)
            for outcome, label in workflow.OUTCOME_LABELS.items()
            if outcome in workflow.STAFF_OUTCOMES
        ],
        initial=str(Outcome.FIXED),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what came of it.")},
    )
    words = forms.CharField(
        label=_("Tell the reporter what was done"),
        max_length=words.TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Write what was done, so that the reporter knows.")},
    )
    at_once = forms.BooleanField(
        label=_("Close it at once"),
        help_text=_("Else they have 14 days to say that it is not fixed."),
        required=False,
    )

    def clean_words(self) -> str:
        return clean_text(self.cleaned_data["words"])


class WaitForm(SeenForm):
    why = forms.CharField(
        label=_("For whom, and for what?"),
        help_text=_("For staff. The reporter reads only that it waits for someone else."),
        max_length=300,
        error_messages={"required": _("Say for whom and for what it waits.")},
    )


class PriorityForm(SeenForm):
    priority = forms.ChoiceField(label=_("Priority"))
    why = forms.CharField(label=_("Why?"), max_length=300, required=False)

    def __init__(self, *args: Any, choices: Iterable[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["priority"].choices = list(choices)  # type: ignore[attr-defined]


class ReopenForm(SeenForm):
    why = forms.CharField(
        label=_("Why is it opened again?"),
        max_length=300,
        error_messages={"required": _("Say why it is opened again.")},
    )
