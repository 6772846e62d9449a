"""What a step on many cases asks before it begins: one small form per verb."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from concerns import words, workflow
from concerns.actions.bulk_texts import ENDS, OWN_WORDS
from concerns.forms.desk import choices_of, clean_text
from concerns.models import BulkRun, Category, ReplyTemplate, Tag, Team
from concerns.models.bulk import Verb
from concerns.models.concern import Priority
from concerns.reply_templates import unknown_variables
from engagement.people.models import User
from engagement.places.wording import DEFAULT_LANGUAGE

NOBODY = 0
Choices = list[tuple[str, Any]]


# The languages of the portal itself: of words in others nobody here could read what goes out.
WRITTEN_IN = ("en", "es")


class DetailsForm(forms.Form):
    """One choice; `details` is what the step keeps of it: ids and codes."""

    def __init__(self, *args: Any, label: Any, hint: Any = "", choices: Choices, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["choice"] = forms.ChoiceField(
            label=label,
            help_text=hint,
            choices=[("", _("Choose one")), *choices],
            error_messages={"required": _("Choose one first.")},
        )

    def details(self, run: BulkRun) -> dict[str, Any]:
        chosen = self.cleaned_data["choice"]
        name = KEYS[run.verb]
        if name in ("priority", "text"):
            return {name: chosen}
        number = int(chosen)
        return {name: None if name == "officer" and number == NOBODY else number}


def _own_words(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=words.TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


def _checked(text: str) -> str:
    found = clean_text(text)
    unknown = ", ".join(f"{{{name}}}" for name in unknown_variables(found))
    if unknown:
        raise forms.ValidationError(
            _("Nothing can be filled in for %(names)s.") % {"names": unknown}
        )
    return found


class EndForm(DetailsForm):
    """Words of one's own go to whoever reads a language that they are written in; to others
    nothing is sent, and their cases stay as they are."""

    outcome = forms.ChoiceField(
        label=_("What came of it?"),
        choices=[
            (str(outcome), label)
            for outcome, label in workflow.OUTCOME_LABELS.items()
            if outcome in workflow.STAFF_OUTCOMES
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what came of it.")},
    )
    words_en = _own_words(_("Your words, in English"))
    words_es = _own_words(_("Your words, in Spanish"))

    def clean_words_en(self) -> str:
        return _checked(self.cleaned_data["words_en"])

    def clean_words_es(self) -> str:
        return _checked(self.cleaned_data["words_es"])

    def clean(self) -> dict[str, Any]:
        super().clean()
        is_own = self.cleaned_data.get("choice") == OWN_WORDS
        if is_own and not self.errors and not self._words():
            self.add_error("words_en", _("Write to the reporters, or choose a text."))
        return self.cleaned_data

    def details(self, run: BulkRun) -> dict[str, Any]:
        found = {**super().details(run), "outcome": self.cleaned_data["outcome"]}
        return {**found, "words": self._words()} if found["text"] == OWN_WORDS else found

    def _words(self) -> dict[str, str]:
        written = {code: self.cleaned_data.get(f"words_{code}", "") for code in WRITTEN_IN}
        return {code: text for code, text in written.items() if text}


KEYS: dict[str, str] = {
    Verb.ASSIGN: "officer",
    Verb.TEAM: "team",
    Verb.PRIORITY: "priority",
    Verb.TAG: "tag",
    Verb.UNTAG: "tag",
    Verb.CATEGORY: "category",
    Verb.REPLY: "text",
    Verb.RESOLVE: "text",
    Verb.CLOSE: "text",
}
# The state for which a text is kept that goes with the move; a reply fits the state that each has.
TEXT_STATES = ENDS
LABELS: dict[str, Any] = {
    Verb.ASSIGN: _("Officer"),
    Verb.TEAM: _("Team"),
    Verb.PRIORITY: pgettext_lazy("noun", "Priority"),
    Verb.TAG: _("Tag"),
    Verb.UNTAG: _("Tag"),
    Verb.CATEGORY: _("Category"),
    Verb.REPLY: _("Text"),
    Verb.RESOLVE: _("Text to the reporters"),
    Verb.CLOSE: _("Text to the reporters"),
}
TEXT_HINT = _(
    "Each reporter gets it in their own language. Cases in a language that it is not kept in are "
    "left out, and the next page says how many."
)


def details_form(run: BulkRun, *, officers: QuerySet[User], data: Any = None) -> DetailsForm | None:
    """Return the form of the step's verb, or None where nothing has to be chosen. One query."""
    if run.verb not in KEYS:
        return None
    kind = EndForm if run.verb in TEXT_STATES else DetailsForm
    hint = TEXT_HINT if KEYS[run.verb] == "text" else ""
    return kind(
        data,
        label=LABELS[run.verb],
        hint=hint,
        choices=_choices(run, officers),
        initial=_initial(run),
    )


def _initial(run: BulkRun) -> dict[str, Any]:
    kept = run.details.get(KEYS[run.verb])
    chosen = NOBODY if kept is None and run.is_chosen else kept
    written = {f"words_{code}": text for code, text in run.details.get("words", {}).items()}
    shown = "" if chosen is None else str(chosen)
    return {"choice": shown, "outcome": run.details.get("outcome"), **written}


def _choices(run: BulkRun, officers: QuerySet[User]) -> Choices:
    agency = run.agency
    teams = Team.objects.filter(agency=agency, is_active=True)
    found: dict[str, Callable[[], Choices]] = {
        "officer": lambda: _people(officers),
        "team": lambda: choices_of(teams.order_by("name"), "name"),
        "priority": lambda: list(Priority.choices),
        "tag": lambda: _tags(run),
        "category": lambda: choices_of(Category.objects.of(agency).taken(), "label"),
        "text": lambda: _texts(run),
    }
    return found[KEYS[run.verb]]()


def _people(officers: QuerySet[User]) -> Choices:
    return [*choices_of(officers, "name"), (str(NOBODY), _("Nobody: back to the queue"))]


def _tags(run: BulkRun) -> Choices:
    tags = Tag.objects.filter(agency=run.agency).order_by("name")
    return choices_of(tags.filter(is_active=True) if run.verb == Verb.TAG else tags, "name")


def _texts(run: BulkRun) -> Choices:
    texts = ReplyTemplate.objects.in_use().filter(agency=run.agency)
    if run.verb in TEXT_STATES:
        texts = texts.filter(state=TEXT_STATES[Verb(run.verb)])
    # Their counterparts in other languages go along with them.
    spoken = texts.filter(language=get_language() or DEFAULT_LANGUAGE)
    names = spoken.order_by("name").values_list("name", flat=True).distinct()
    own = [(OWN_WORDS, _("Words of your own"))] if run.verb in TEXT_STATES else []
    return [*((name, name) for name in names), *own]


def chosen_words(run: BulkRun, form: DetailsForm | None) -> str:
    """Return the label of what was chosen, such as the name of an officer; "" without a choice."""
    if form is None:
        return ""
    kept = str(_initial(run)["choice"])
    field = form.fields["choice"]
    labels = {str(value): str(label) for value, label in field.choices}  # type: ignore[attr-defined]
    return labels.get(kept, "") if kept else ""
