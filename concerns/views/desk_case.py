"""One concern on one page: the report, the conversation, the public side, notes, history."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from concerns.actions.handoff_drafts import why_not_at_all
from concerns.actions.publishing import preview_of_accepting
from concerns.actions.reading import note_reading
from concerns.actions.triage import may_be_reopened
from concerns.forms import desk as forms
from concerns.forms.desk_reporter import DelayForm, RemovalAnswerForm
from concerns.forms.moderation import FlagForm
from concerns.forms.tags import TagForm
from concerns.forms.writing import PriorityForm, ReopenForm, ReplyForm, ResolveForm, WaitForm
from concerns.joiners import joiners_of, with_joiners
from concerns.language_help import colleagues_writing
from concerns.models import Concern
from concerns.models.concern import Level, Priority
from concerns.models.contact_wishes import Way
from concerns.querysets import IDENTITY, READ
from concerns.registry import ASSIGN, HAND_ON, PUBLISH, TRIAGE
from concerns.rights import may
from concerns.spoken import name_of
from concerns.translating import has_translator
from concerns.views.beside_case import beside_case, suspected_words
from concerns.views.case_choices import CHOICES, OFFICERS
from concerns.views.case_history import history_lines
from concerns.views.case_lists import CaseLists, case_lists
from concerns.views.case_replies import buttons_for
from concerns.views.desk_live import here_on, newest_from_reporter
from concerns.views.desk_queue import due_on
from concerns.views.family_lists import family_of
from concerns.views.photos_shown import show_on_desk
from concerns.views.police_side import police_side
from concerns.views.queue_beside import beside_in_queue
from concerns.views.said import said_of
from concerns.views.threads import thread_of
from concerns.workflow import State, allows
from engagement.doors.access import staff_page
from engagement.doors.requests import StaffRequest
from engagement.people.models import User
from engagement.people.queries import staff_holding
from engagement.places.wording import DEFAULT_LANGUAGE

Forms = dict[str, forms.SeenForm]


REACHED_BY = {
    Way.EMAIL: gettext_lazy("They get a mail that a message waits; it does not say what about."),
    Way.TEXT: gettext_lazy(
        "They get a text that a message waits, once they said yes to the first one; it does not "
        "say what about."
    ),
    Way.PHONE: gettext_lazy("They asked for a call: it is put on the list of calls."),
    Way.LETTER: gettext_lazy("They asked for a letter: it is put on the list of letters."),
    Way.RELAY: gettext_lazy("An organisation that they trust tells them that a message waits."),
}


def find(request: StaffRequest, reference: str) -> Concern:
    """Return the concern as far as this person may read it. Raises Http404."""
    rows = Concern.objects.visible_to(request.user).filter(agency=request.agency)
    rows = rows.select_related("agency", "category", "area", "owner", "team", "public", "wish")
    rows = rows.select_related("filing__filed_by", "suspicion")
    return get_object_or_404(with_joiners(rows), staff_reference=reference)


@staff_page(READ)
@require_GET
def case(request: StaffRequest, reference: str) -> HttpResponse:
    concern = find(request, reference)
    note_reading(concern, by=request.user, now=timezone.now())
    return case_page(request, concern)


def case_page(
    request: StaffRequest,
    concern: Concern,
    *,
    bound: Forms | None = None,
    stale: dict[str, Any] | None = None,
    status: int = 200,
    doing: str = "",
) -> HttpResponse:
    """Show the concern; `bound` are forms that were refused, with what was typed kept, and `doing`
    is the form that stands open because somebody writes in it."""
    now = timezone.now()
    due, thread = due_on(concern), thread_of(concern, with_writers=True)
    can = what_can_be_done(request.user, concern)
    today = concern.agency.day_of(now)
    family, given = family_of(request.user, concern, today=today)
    lists = case_lists(concern, CHOICES, family, given={**given, "today": today})
    show_on_desk(concern, thread, may_show=can["publish"] and concern.public is not None)
    context = {
        "concern": concern,
        "suspected": suspected_words(concern),
        "state_label": concern.get_state_display(),
        "place": _place(concern),
        "is_late": due is not None and due < concern.agency.day_of(now),
        "next_step": _next_step(concern),
        "reach": _silence(lists) or reach(concern),
        "language_name": name_of(concern.language),
        "thread": thread,
        "here": here_on(request, concern, newest_from_reporter(thread)),
        **lists.by_name,
        "lists": lists.by_name,
        "asides": lists.asides,
        "wish_waits": lists.has_open_wish,
        "public": concern.public,
        "publish_hint": _publish_hint(concern),
        "accepting_shows": preview_of_accepting(concern),
        "can": can,
        "forms": {**_fresh_forms(request, concern, can, lists), **(bound or {})},
        "bound_forms": list((bound or {}).values()),
        "doing": doing or request.GET.get("do", ""),
        "said": _said(request, concern, lists),
        "history": history_lines(lists.by_name["history"], lists.by_name["kinds"]),
        "buttons": buttons_for(lists.by_name["templates"], concern.state),
        "task": next(iter(lists.by_name["language_task"]), None),
        "stale": stale,
        **beside_case(request.user, concern),
        **beside_in_queue(request, concern),
        **police_side(request.user, concern, lists.by_name),
        "joiners": joiners_of(concern),
        "keeps_records": may(request.user, IDENTITY, concern),
        "filing": getattr(concern, "filing", None),
    }
    return render(request, "concerns/desk/case.html", context, status=status)


def _said(request: StaffRequest, concern: Concern, lists: CaseLists) -> str:
    """What was just done, as the address carries it."""
    takers = [line.name for line in lists.by_name["handoffs"]]
    return said_of(request.GET.get("said", ""), concern, taken_by=takers[-1] if takers else "")


def what_can_be_done(user: User, concern: Concern) -> dict[str, bool]:
    """Return each verb of the page and whether this person may press it now."""
    triages = may(user, TRIAGE, concern)
    return {
        "accept": triages and concern.state == State.RECEIVED,
        "start": triages and concern.state in (State.ACCEPTED, State.WAITING),
        "reply": triages,
        "ask": triages and allows(concern.state, State.WAITING),
        "resolve": triages and allows(concern.state, State.RESOLVED),
        "close": triages and allows(concern.state, State.CLOSED) and concern.is_open,
        "wait": triages and allows(concern.state, State.WAITING),
        "priority": triages and concern.is_open,
        "reopen": triages and may_be_reopened(concern),
        "note": triages,
        "assign": may(user, ASSIGN, concern) and concern.is_open,
        "publish": may(user, PUBLISH, concern)
        and concern.category.has_public_place
        and concern.state != State.RECEIVED,
        "hand_on": may(user, HAND_ON, concern) and not why_not_at_all(concern),
        "refer": may(user, HAND_ON, concern) and concern.is_open,
    }


def standing(concern: Concern) -> str:
    """Say in a few words how the concern stands; forms carry it for the case of a clash."""
    owner = str(concern.owner) if concern.owner else _("nobody yet")
    return f"{concern.get_state_display()}, {owner}"


def _fresh_forms(
    request: StaffRequest, concern: Concern, can: dict[str, bool], lists: CaseLists
) -> Forms:
    seen = {"seen_version": concern.version, "seen_as": standing(concern)}
    spoken = spoken_options(concern, lists.by_name["colleagues"])
    levels = Priority.choices
    fresh: Forms = {
        "accept": forms.SeenForm(initial=seen),
        "start": forms.SeenForm(initial=seen, auto_id="start-%s"),
        "reopen": ReopenForm(initial=seen),
        "wait": WaitForm(initial=seen),
        "priority": PriorityForm(initial={**seen, "priority": concern.priority}, choices=levels),
        "unpublish": forms.SeenForm(initial=seen, auto_id="unpublish-%s"),
        "language_drop": forms.SeenForm(initial=seen, auto_id="language-%s"),
        "reply": ReplyForm(initial=seen, **spoken),
        "note": forms.NoteForm(initial=seen),
        "delay": DelayForm(initial=seen, **spoken),
        "tag": TagForm(initial=seen),
        "flag": FlagForm(),
        "untag": forms.SeenForm(initial=seen, auto_id="untag-%s"),
        "removal": RemovalAnswerForm(initial=seen, **spoken),
        "resolve": ResolveForm(initial=seen, **spoken),
        "publish": forms.PublishForm(initial=seen),
    }
    if can["assign"]:
        fresh["assign"] = forms.AssignForm(
            initial={**seen, "owner": concern.owner_id or _team_of(concern)},
            officers=lists.by_name["officers"],
            teams=[(str(team["id"]), team["name"]) for team in lists.by_name["team_names"]],
            has_team=concern.team_id is not None,
        )
        kinds = [(str(kind["id"]), kind["label"]) for kind in lists.by_name["kinds"]]
        fresh["category"] = forms.CategoryForm(
            initial={**seen, "category": concern.category_id}, agency=concern.agency, kinds=kinds
        )
    return fresh


def _team_of(concern: Concern) -> str:
    return f"{forms.TEAM}{concern.team_id}" if concern.team_id else ""


def spoken_options(
    concern: Concern, colleagues: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    """What a form for words to the reporter needs to know of their language: one query, or none
    where the reader's language is English or the colleagues were read before."""
    if colleagues is None and concern.language != DEFAULT_LANGUAGE:
        rows = colleagues_writing(concern.agency_id, concern.language)
        colleagues = [
            {"id": pk, "name": name} for pk, name in rows.values_list("user", "user__name")
        ]
    return {
        "language": concern.language,
        "colleagues": [(one["id"], one["name"]) for one in colleagues or []],
        "has_machine": has_translator(),
    }


def officers_for(concern: Concern) -> Any:
    """Return the staff to whom this concern can be given, by name."""
    return staff_holding(roles=OFFICERS, agency=concern.agency, now=timezone.now())


def _place(concern: Concern) -> str:
    area = concern.area.name if concern.area else _("outside every area")
    return f"{concern.place_text} ({area})" if concern.place_text else area


def _next_step(concern: Concern) -> str:
    words = {
        State.RECEIVED: _("Nobody answered yet. Read it, then accept it: the reporter is told."),
        State.ACCEPTED: _("Accepted. Work on it, ask if something is unclear, say what happens."),
        State.WORKING: _("Work is under way. Tell the reporter and the public what happens."),
        State.WAITING: _("Waiting for an answer; the clock stands still."),
        State.RESOLVED: _("Resolved. The reporter can say within 14 days that it is not fixed."),
        State.CLOSED: _("Closed."),
    }
    return words[State(concern.state)]


def _silence(lists: CaseLists) -> str:
    """Under a legal hold, somebody who wants to be erased is left in peace."""
    if not any(hold.asked for hold in lists.by_name["holds"]):
        return ""
    return _("They asked to be erased: nobody writes to them. They read it with their code.")


def reach(concern: Concern) -> str:
    if concern.level == Level.ANONYMOUS:
        return _("Anonymous: they read this when they come back with their code.")
    wish = getattr(concern, "wish", None)
    return str(REACHED_BY[Way(wish.way) if wish else Way.EMAIL])


def _publish_hint(concern: Concern) -> str:
    if not concern.category.has_public_place:
        return _("Concerns of this kind are never shown to the public.")
    if concern.state == State.RECEIVED:
        return _("Nothing is public. Accept the concern first.")
    return _("Nothing is public yet. You see every word before it appears.")
