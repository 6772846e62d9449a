"""Rules and teams as supervisors write them: shape only."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from concerns.actions.rules import RuleDraft
from concerns.forms.desk import choices_of
from concerns.models import Category, Question, RoutingRule, Tag, Team
from concerns.models.clocks import MOST_DAYS
from concerns.models.concern import Channel, Priority
from concerns.models.rules import HOURS, NAME_LIMIT
from concerns.models.teams import NAME_LIMIT as TEAM_LIMIT
from concerns.querysets import READ
from concerns.routing import Target
from concerns.rule_words import hour_words
from concerns.words import clean_line
from engagement.groups.queries import offered_at
from engagement.people.models import User
from engagement.people.queries import staff_holding
from engagement.people.registry import permission
from engagement.places.models import Agency, Area, AreaVersion

Choices = list[Any]


class RuleForm(forms.Form):
    """Left empty, a condition holds for every concern."""

    seen_version = forms.IntegerField(min_value=0, initial=0, widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("Name of the rule"),
        help_text=_("Staff read it on the page of each concern that it sent."),
        max_length=NAME_LIMIT,
        error_messages={"required": _("Give the rule a name.")},
    )
    target = forms.ChoiceField(
        label=_("Send it to"),
        error_messages={"required": _("Choose to whom it goes.")},
    )
    categories = forms.MultipleChoiceField(
        label=_("Category"), required=False, widget=forms.CheckboxSelectMultiple
    )
    areas = forms.MultipleChoiceField(
        label=_("Area"),
        help_text=_("One of them is enough."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    weekdays = forms.MultipleChoiceField(
        label=_("Day of the week"),
        required=False,
        choices=[(str(number), words) for number, words in WEEKDAYS.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    from_hour = forms.TypedChoiceField(
        label=_("From"), coerce=int, empty_value=None, required=False
    )
    until_hour = forms.TypedChoiceField(
        label=_("Until"),
        help_text=_("Full hours, also over midnight. The day is that of the hour itself."),
        coerce=int,
        empty_value=None,
        required=False,
    )
    answers = forms.MultipleChoiceField(
        label=_("Answer"),
        help_text=_("Of several answers to one question one is enough."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    channels = forms.MultipleChoiceField(
        label=_("How it came"),
        required=False,
        choices=Channel.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    priorities = forms.MultipleChoiceField(
        label=_("Priority when it came"),
        required=False,
        choices=Priority.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    gives_priority = forms.ChoiceField(
        label=_("Set the priority"),
        required=False,
        choices=[("", _("Leave it as it is")), *Priority.choices],
    )
    tag = forms.TypedChoiceField(
        label=_("Put a tag on it"), coerce=int, empty_value=None, required=False
    )

    def __init__(
        self, *args: Any, agency: Agency, readers: Choices, rule: RoutingRule | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        named = initial_of(rule) if rule is not None else {}
        if rule is not None:
            self.initial = {**named, **self.initial}
        hours = [(str(hour), hour_words(hour)) for hour in range(HOURS)]
        self._offer("target", _targets(agency, readers, rule))
        self._offer("categories", _categories(agency, named.get("categories", ())))
        self._offer("areas", _areas(agency, named.get("areas", ())))
        self._offer("answers", _answers(agency, named.get("answers", ())))
        self._offer("from_hour", [("", _("any hour")), *hours])
        self._offer("until_hour", [("", _("any hour")), *hours])
        tags = Tag.objects.filter(agency=agency, is_active=True).order_by("name")
        self._offer("tag", [("", _("No tag")), *choices_of(tags, "name")])

    def _offer(self, field: str, choices: Choices) -> None:
        self.fields[field].choices = choices  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        return clean_line(self.cleaned_data["name"], limit=NAME_LIMIT)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        start, end = data.get("from_hour"), data.get("until_hour")
        if (start is None) != (end is None):
            self.add_error("until_hour", _("Choose both hours, or none."))
        elif start is not None and start == end:
            self.add_error("until_hour", _("Choose two different hours."))
        return data

    def draft(self) -> RuleDraft:
        """The rule that a valid form says."""
        data = self.cleaned_data
        kind, _dash, number = data["target"].partition("-")
        target_id = int(number) if number else None
        return RuleDraft(
            name=data["name"],
            target=kind,
            team_id=target_id if kind == Target.TEAM else None,
            person_id=target_id if kind == Target.PERSON else None,
            organisation_id=target_id if kind == Target.ORGANISATION else None,
            categories=tuple(int(each) for each in data["categories"]),
            areas=tuple(int(each) for each in data["areas"]),
            from_hour=data["from_hour"],
            until_hour=data["until_hour"],
            weekdays=tuple(int(each) for each in data["weekdays"]),
            channels=tuple(data["channels"]),
            priorities=tuple(data["priorities"]),
            answers=tuple(_pair(each) for each in data["answers"]),
            gives_priority=data["gives_priority"],
            tag_id=data["tag"],
        )


class TeamForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the team"),
        max_length=TEAM_LIMIT,
        error_messages={"required": _("Give the team a name.")},
    )


class MembersForm(forms.Form):
    members = forms.MultipleChoiceField(
        label=_("Who is in the team"), required=False, widget=forms.CheckboxSelectMultiple
    )
    hearing = forms.MultipleChoiceField(
        label=_("Who gets a mail when the team gets new work"),
        help_text=_("Only for those who are in the team."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, readers: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("members", "hearing"):
            self.fields[name].choices = readers  # type: ignore[attr-defined]


class ClockForm(forms.Form):
    days = forms.IntegerField(
        label=_("Business days after the deadline"),
        help_text=_("Left empty, no supervisor is told."),
        required=False,
        min_value=1,
        max_value=MOST_DAYS,
    )


class TryForm(forms.Form):
    """How much of what came in to try a rule on."""

    span = forms.ChoiceField(
        label=_("Try it on"),
        required=False,
        choices=[
            ("month", _("the last 30 days")),
            ("200", _("the last 200 concerns")),
            ("2000", _("the last 2,000 concerns")),
        ],
    )

    def number(self) -> int | None:
        """How many of the newest; None for the last 30 days."""
        span = self.cleaned_data.get("span") if self.is_valid() else ""
        return int(span) if span and span.isdecimal() else None


def readers_of(agency: Agency, now: Any) -> Choices:
    """Return the staff who may read concerns, by name; one query."""
    rows = staff_holding(roles=permission(READ).roles, agency=agency, now=now)
    return choices_of(rows, "name")


def initial_of(rule: RoutingRule) -> dict[str, Any]:
    """Return what the form shows of a stored rule, read with its categories and areas."""
    number = rule.team_id or rule.person_id or rule.organisation_id
    return {
        "seen_version": rule.version,
        "name": rule.name,
        "target": f"{rule.target}-{number}" if number else rule.target,
        "categories": [str(each.category_id) for each in rule.categories.all()],
        "areas": [str(each.area_id) for each in rule.areas.all()],
        "weekdays": [str(day) for day in rule.weekdays],
        "from_hour": "" if rule.from_hour is None else str(rule.from_hour),
        "until_hour": "" if rule.until_hour is None else str(rule.until_hour),
        "answers": [f"{code}={words}" for code, words in rule.answers],
        "channels": rule.channels,
        "priorities": rule.priorities,
        "gives_priority": rule.gives_priority,
        "tag": rule.tag_id or "",
    }


def _targets(agency: Agency, readers: Choices, rule: RoutingRule | None) -> Choices:
    here = Q(pk=rule.team_id) if rule is not None and rule.team_id else Q(pk__in=[])
    teams = Team.objects.filter(Q(is_active=True) | here, agency=agency).order_by("name")
    people = list(readers)
    if rule is not None and rule.person_id and str(rule.person_id) not in dict(people):
        gone = User.objects.filter(pk=rule.person_id)
        people += [
            (str(key), _("%(name)s (gone)") % {"name": name})
            for key, name in gone.values_list("pk", "name")
        ]
    groups = [
        (_("Teams"), Target.TEAM, choices_of(teams, "name")),
        (_("People"), Target.PERSON, people),
        (_("Propose to hand on"), Target.ORGANISATION, choices_of(offered_at(agency), "name")),
    ]
    return [
        ("", _("Choose to whom it goes")),
        (Target.AREA.value, _("The officer of the area")),
        *(
            (heading, [(f"{kind.value}-{key}", words) for key, words in rows])
            for heading, kind, rows in groups
            if rows
        ),
    ]


def _categories(agency: Agency, named: Iterable[str]) -> Choices:
    kept = Q(pk__in=[int(each) for each in named])
    rows = Category.objects.taken().filter(Q(is_active=True) | kept, agency=agency)
    return choices_of(rows.order_by("sort", "code"), "label")


def _areas(agency: Agency, named: Iterable[str]) -> Choices:
    """Areas on the map, by layer; and those that the rule names although they are not any more."""
    on_map = AreaVersion.objects.filter(area=OuterRef("pk"), valid_until__isnull=True)
    kept = Q(pk__in=[int(each) for each in named])
    rows = Area.objects.filter(Exists(on_map) | kept, agency=agency)
    layers: dict[str, Choices] = {}
    for key, layer, name in rows.order_by("layer", "name", "code").values_list(
        "pk", "layer", "name"
    ):
        layers.setdefault(layer.capitalize(), []).append((str(key), name))
    return list(layers.items())


def _answers(agency: Agency, named: Iterable[str]) -> Choices:
    """Listed answers of the questions in use, by question; the same code is one question."""
    groups: dict[str, Choices] = {}
    known = set()
    for question in Question.objects.asked_by(agency):
        for option in question.options:
            value = f"{question.code}={option.words.text('en')}"
            if value not in known:
                known.add(value)
                groups.setdefault(str(question.label), []).append((value, str(option.words)))
    old = [(each, each) for each in named if each not in known]
    return [*groups.items(), *([(_("Not asked any more"), old)] if old else [])]


def _pair(value: str) -> tuple[str, str]:
    code, _equals, words = value.partition("=")
    return code, words
