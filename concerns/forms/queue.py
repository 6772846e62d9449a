"""What staff choose in the queue: a filter, its name, and the columns. Shape only."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concerns import spoken
from concerns.desk_columns import COLUMNS
from concerns.desk_search import AGES, DEADLINES, NAMES, NONE, TABS, Wanted
from concerns.desk_sorts import SORTS
from concerns.desk_words import WORDS_LIMIT
from concerns.forms.desk import choices_of
from concerns.models import Category, SavedFilter, Tag, Team
from concerns.models.concern import Channel, Priority
from concerns.models.saved_filters import NAME_LIMIT
from concerns.workflow import STATE_LABELS
from engagement.people.models import User
from engagement.people.queries import staff_holding
from engagement.people.roles import Role
from engagement.places.models import Agency, Area

# Whoever may own a case, and past owners find theirs under the same names.
OWNERS = (Role.OFFICER, Role.SUPERVISOR, Role.DISPATCHER)
MOST_TOLD = 500


def _several(label: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, required=False, widget=forms.CheckboxSelectMultiple
    )


def _one(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False)


class FilterForm(forms.Form):
    """All that a filter can ask. It is read by `Wanted`, which leaves out what means nothing, so
    that a link, a form and a kept filter obey one rule."""

    words = forms.CharField(
        label=_("Words"),
        help_text=_(
            "In report, place and notes. “Quoted words” stand together; -word must not appear."
        ),
        max_length=WORDS_LIMIT,
        required=False,
    )
    show = _one(_("Which concerns"))
    state = _several(_("State"))
    deadline = _one(_("Deadline"))
    age = _one(_("Received"))
    priority = _several(_("Priority"))
    owner = forms.MultipleChoiceField(label=_("With"), required=False)
    team = _several(_("Team"))
    category = _several(_("Category"))
    area = _several(_("Area"))
    tag = _several(_("Tags, all of them"))
    channel = _several(_("Came by"))
    language = _several(_("Language"))
    sort = _one(_("Order"))

    def __init__(self, *args: Any, agency: Agency, user: User, now: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas = Area.objects.filter(agency=agency, layer=agency.responsible_layer)
        anything = [("", _("Any"))]
        self._offer("show", [(name, tab.label) for name, tab in TABS.items()])
        self._offer("state", [(str(state), label) for state, label in STATE_LABELS.items()])
        self._offer("deadline", [*anything, *DEADLINES.items()])
        self._offer("age", [("", _("Any time")), *((name, age[0]) for name, age in AGES.items())])
        self._offer("priority", Priority.choices)
        self._offer("owner", _owners(agency, user, now))
        teams = Team.objects.filter(agency=agency, is_active=True)
        self._offer("team", [(NONE, _("Without a team")), *teams.values_list("pk", "name")])
        self._offer("category", choices_of(Category.objects.of(agency).taken(), "label"))
        self._offer(
            "area",
            [(NONE, _("Outside every area")), *choices_of(areas.order_by("code", "name"), "name")],
        )
        tags = Tag.objects.filter(agency=agency, is_active=True).order_by("name")
        self._offer("tag", tags.values_list("pk", "name"))
        self._offer("channel", Channel.choices)
        self._offer("language", spoken.choices())
        self._offer("sort", [(name, sort.label) for name, sort in SORTS.items()])
        self.fields["owner"].widget.attrs["size"] = "6"

    def _offer(self, name: str, choices: Any) -> None:
        self.fields[name].choices = list(choices)  # type: ignore[attr-defined]

    @property
    def folded(self) -> list[Any]:
        """Fields with many answers; each stands open only when something in it is chosen."""
        names = ("state", "priority", "category", "area", "team", "tag", "channel", "language")
        fields = [self[name] for name in names]
        return [
            {"field": field, "number": len(field.value() or ())}
            for field in fields
            if field.field.choices  # type: ignore[attr-defined]
        ]


def initial_of(wanted: Wanted, sort: str) -> dict[str, Any]:
    """Say what is wanted in the names of the form."""
    said = {name: getattr(wanted, field) for name, field in NAMES.items()}
    lists = {name: [str(one) for one in v] for name, v in said.items() if isinstance(v, tuple)}
    return {**said, **lists, "words": wanted.words, "sort": sort}


def _owners(agency: Agency, user: User, now: Any) -> list[tuple[Any, Any]]:
    staff = staff_holding(roles=OWNERS, agency=agency, now=now).values_list("pk", "name")
    others = [(pk, name) for pk, name in staff if pk != user.pk]
    return [(NONE, _("With nobody")), (user.pk, _("With me")), *others]


class SaveFilterForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the filter"),
        help_text=_("Your own filter of that name is replaced. Do not name a person."),
        max_length=NAME_LIMIT,
        error_messages={"required": _("Give the filter a name.")},
    )
    team = forms.TypedChoiceField(
        label=_("Who has it"), coerce=int, empty_value=None, required=False
    )

    def __init__(self, *args: Any, teams: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = [("", _("Only I"))]
        shared = [(team.pk, _("Team %(name)s") % {"name": team.name}) for team in teams]
        self.fields["team"].choices = [*own, *shared]  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())


class UseFilterForm(forms.Form):
    is_pinned = forms.BooleanField(label=_("Keep it as a tab above the queue"), required=False)
    tell_at = forms.IntegerField(
        label=_("Mail me when so many reports are new"),
        help_text=_("The mail says how many, and nothing of what they are about. Empty: no mail."),
        min_value=1,
        max_value=MOST_TOLD,
        required=False,
    )


class LookForm(forms.Form):
    columns = forms.MultipleChoiceField(
        label=_("Columns"),
        widget=forms.CheckboxSelectMultiple,
        choices=list(COLUMNS.items()),
        error_messages={"required": _("Choose at least one column.")},
    )
    has_map = forms.BooleanField(label=_("Show the map beside the list"), required=False)


def teams_of(user: User, agency: Agency) -> Any:
    """Teams to which this person can offer a filter."""
    return Team.objects.filter(agency=agency, is_active=True, members__user=user).order_by("name")


def is_own(saved: SavedFilter, user: User) -> bool:
    return saved.made_by_id == user.pk
