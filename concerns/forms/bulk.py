"""What a step on many cases asks before it begins: one small form per verb."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from concerns import workflow
from concerns.forms.desk import choices_of
from concerns.models import BulkRun, Category, ReplyTemplate, Tag, Team
from concerns.models.bulk import Verb
from concerns.models.concern import Priority
from concerns.workflow import State
from engagement.people.models import User
from engagement.places.wording import DEFAULT_LANGUAGE

NOBODY = 0
Choices = list[tuple[str, Any]]


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


class EndForm(DetailsForm):
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

    def details(self, run: BulkRun) -> dict[str, Any]:
        return {**super().details(run), "outcome": self.cleaned_data["outcome"]}


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
TEXT_STATES = {Verb.RESOLVE: State.RESOLVED, Verb.CLOSE: State.CLOSED}
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
    return {"choice": "" if chosen is None else str(chosen), "outcome": run.details.get("outcome")}


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
    return [(name, name) for name in names]


def chosen_words(run: BulkRun, form: DetailsForm | None) -> str:
    """Return the label of what was chosen, such as the name of an officer; "" without a choice."""
    if form is None:
        return ""
    kept = str(_initial(run)["choice"])
    field = form.fields["choice"]
    labels = {str(value): str(label) for value, label in field.choices}  # type: ignore[attr-defined]
    return labels.get(kept, "") if kept else ""
