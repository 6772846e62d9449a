"""Words to a reporter, on their way out: begun from a template, looked at as the reader will see
them, then sent, or put on the list of somebody who speaks their language."""

from collections.abc import Callable, Sequence
from copy import copy
from functools import partial
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from concerns import notices
from concerns.actions import photos, triage
from concerns.actions.languages import ask_for_help
from concerns.actions.triage import Spoken
from concerns.forms import desk as forms
from concerns.forms.writing import (
    ASKS_FOR_HELP,
    MACHINE,
    OWN,
    TOLD,
    ReplyForm,
    ResolveForm,
    SpokenForm,
)
from concerns.models import Concern, ReplyTemplate
from concerns.models.languages import Help, MadeBy, Use
from concerns.models.photos import MOST_PHOTOS
from concerns.registry import TRIAGE
from concerns.reply_templates import facts_of, filled
from concerns.spoken import name_of
from concerns.translating import CannotTranslate, translate
from concerns.views import previews
from concerns.views.desk_case import case_page, find, reach, spoken_options
from concerns.views.desk_verbs import Act, carry_out, clash, may_try
from concerns.views.taking_photos import Refused, taken
from concerns.workflow import Outcome, State
from engagement.doors.access import staff_page
from engagement.doors.pictures.uploads import takes_photos
from engagement.doors.requests import StaffRequest
from engagement.doors.templatetags.days import dated_day
from engagement.places.wording import DEFAULT_LANGUAGE

# What a press on one of the buttons asks for; without any, words are shown before they leave.
EDIT, SEND = "edit", "send"


@sensitive_post_parameters()
@takes_photos
@staff_page(TRIAGE)
@require_POST
def reply(request: StaffRequest, reference: str) -> HttpResponse:
    concern = find(request, reference)
    template = _template(request, concern)
    if template is not None:
        _demand(request, concern, "reply")
        typed = request.POST.get("text", "").strip()
        words = _begin(request, concern, template)
        if typed and typed not in words:
            words = f"{words}\n\n{typed}"
        begun = {"text": words, "template": template.pk, "spoken": OWN}
        return _back(request, concern, "reply", ReplyForm, **begun)
    form = ReplyForm(request.POST, **spoken_options(concern))

    def act(text: str, spoken: Spoken | None) -> Act:
        verb = triage.ask if form.cleaned_data["is_question"] else triage.reply
        return partial(verb, text=text, spoken=spoken)

    is_question = bool(request.POST.get("is_question", "") not in ("", "False"))
    done, kind = ("asked", notices.QUESTION) if is_question else ("sent", notices.NEWS)
    return _leave(request, concern, form, name="reply", act=act, done=done, kind=kind)


@sensitive_post_parameters()
@takes_photos
@staff_page(TRIAGE)
@require_POST
def resolve(request: StaffRequest, reference: str) -> HttpResponse:
    """Say what came of it; a template goes straight to what the reporter will read."""
    concern = find(request, reference)
    data = request.POST.copy()
    template = _template(request, concern)
    if template is not None:
        data["words"], data["template"] = _begin(request, concern, template), str(template.pk)
        data["spoken"] = OWN
        is_end = template.state == State.CLOSED
        data["at_once"] = str(is_end)
        data["outcome"] = str(Outcome.NO_ACTION if is_end else Outcome.FIXED)
    form = ResolveForm(data, **spoken_options(concern))
    ends = _wants(data.get("at_once", "")) or concern.state == State.RECEIVED

    def act(text: str, spoken: Spoken | None) -> Act:
        verb = triage.close if ends else triage.resolve
        return partial(verb, outcome=form.cleaned_data["outcome"], words=text, spoken=spoken)

    done, kind = ("closed", notices.NEWS) if ends else ("resolved", notices.RESOLVED)
    return _leave(request, concern, form, name="resolve", act=act, done=done, kind=kind)


@sensitive_post_parameters()
@staff_page(TRIAGE)
@require_POST
def note(request: StaffRequest, reference: str) -> HttpResponse:
    """Keep a note; it leaves for nobody, so looking at it first is a choice."""
    concern = find(request, reference)
    form = forms.NoteForm(request.POST)
    if request.POST.get("step") == "preview" and form.is_valid():
        _demand(request, concern, "note")
        context = {
            "concern": concern,
            "form": form,
            "text": form.cleaned_data["text"],
            "carried": [form["text"].as_hidden()],
        }
        return render(request, "concerns/desk/note_preview.html", context)
    if request.POST.get("step") == EDIT:
        fresh = forms.NoteForm(initial=_typed(request))
        return case_page(request, concern, bound={"note": fresh})

    def act() -> Act:
        return partial(triage.add_note, text=form.cleaned_data["text"])

    return carry_out(request, concern, "note", form, act, "noted")


def _leave(
    request: StaffRequest,
    concern: Concern,
    form: SpokenForm,
    *,
    name: str,
    act: Callable[[str, Spoken | None], Act],
    done: str,
    kind: str,
) -> HttpResponse:
    """Show the words, send them, or go back to writing, as the button asks."""
    _demand(request, concern, name)
    step = request.POST.get("step", "")
    if step == EDIT:
        return _back(request, concern, name, type(form))
    if not form.is_valid():
        return case_page(request, concern, bound={name: form}, status=422)
    if step != SEND:
        if form.cleaned_data["seen_version"] != concern.version:
            return clash(request, concern, form, {name: form})
        return preview(request, concern, form, name=name, kind=kind)
    if form.chosen_way in ASKS_FOR_HELP:
        return carry_out(request, concern, name, form, lambda: help_asked(form), "help")
    sent = taken(request)
    with photos.kept(sent.pictures, agency=concern.agency, now=timezone.now()) as written:
        refused = sent.left_out(len(written))
        if refused:
            # Words that speak of a photo must not leave without it.
            return preview(request, concern, form, name=name, kind=kind, refused=refused)
        text = form.cleaned_data["translated"] if form.chosen_way == MACHINE else form.told
        spoken = spoken_of(request, concern, form)
        verb = partial(act(text, spoken), photos=written)
        return carry_out(request, concern, name, form, lambda: verb, done)


def help_asked(form: SpokenForm, use: Use = Use.REPLY) -> Act:
    """Put the words on the list of whoever brings them into the language."""
    return partial(
        ask_for_help,
        use=use,
        text=form.told,
        help_from=Help(form.chosen_way),
        colleague_id=form.cleaned_data["colleague"],
    )


def spoken_of(request: StaffRequest, concern: Concern, form: SpokenForm) -> Spoken | None:
    """Who brought the words into the reporter's language; None where that is English."""
    if not form.is_foreign:
        return None
    if form.chosen_way == TOLD:
        return Spoken(DEFAULT_LANGUAGE, MadeBy.INTERPRETER)
    if form.chosen_way == MACHINE:
        return Spoken(concern.language, MadeBy.MACHINE, original=form.told)
    template = _kept_template(concern, form.cleaned_data["template"])
    is_as_kept = template is not None and _begin(request, concern, template) == form.told
    return Spoken(concern.language, MadeBy.TEMPLATE if is_as_kept else MadeBy.WRITER)


def preview(
    request: StaffRequest,
    concern: Concern,
    form: SpokenForm,
    *,
    name: str,
    kind: str,
    refused: Sequence[Refused] = (),
    beside: str = "",
) -> HttpResponse:
    """Show the words as the reporter will read them. `beside` says where that is for words that
    stand beside the conversation; no photos go with those."""
    text = form.told
    if form.chosen_way == MACHINE:
        try:
            text = translate(form.told, to=concern.language)
        except CannotTranslate:
            words = _("The translator did not answer. Choose another way, or try again.")
            form.add_error("spoken", words)
            return case_page(request, concern, bound={name: form}, status=422)
        shown: Any = copy(form.data)
        shown["translated"] = text
        form.data = shown
    is_task = form.chosen_way in ASKS_FOR_HELP
    hidden = {"seen_version", "seen_as"}
    context = {
        "concern": concern,
        "form": form,
        "carried": [form[each].as_hidden() for each in form.fields if each not in hidden],
        "text": text,
        "original": form.told if form.chosen_way == MACHINE else "",
        "made_by": _made_by(form),
        "reach": reach(concern),
        "is_task": is_task,
        "colleague": _colleague(form),
        "is_question": kind == notices.QUESTION,
        "is_end": name == "resolve",
        "outcome": form.cleaned_data.get("outcome", ""),
        "language_name": name_of(concern.language),
        "text_language": DEFAULT_LANGUAGE
        if is_task or form.chosen_way == TOLD
        else concern.language,
        "site_language": previews.site_language(concern),
        "mail": None if is_task else previews.mail_of(concern, kind),
        "text_message": "" if is_task else previews.text_of(concern, kind),
        "send_to": f"desk_concern_{name}",
        "kind": kind,
        "refused": refused,
        "beside": beside,
        "photo_room": 0 if beside else MOST_PHOTOS,
    }
    status = 422 if refused else 200
    return render(request, "concerns/desk/words_preview.html", context, status=status)


def _made_by(form: SpokenForm) -> str:
    """As the reporter's page is told; "" where there is nothing to tell."""
    return {MACHINE: MadeBy.MACHINE, TOLD: MadeBy.INTERPRETER}.get(form.chosen_way, "")


def _colleague(form: SpokenForm) -> str:
    if form.chosen_way not in ASKS_FOR_HELP or form.chosen_way == Help.INTERPRETER:
        return ""
    chosen = form.cleaned_data["colleague"]
    names = dict(form.fields["colleague"].choices)  # type: ignore[attr-defined]
    return str(names.get(chosen, names[""]))


def _back(
    request: StaffRequest, concern: Concern, name: str, kind: type[SpokenForm], **changed: Any
) -> HttpResponse:
    """The page again with what was typed in its form, and no complaint about it."""
    initial = {**_typed(request), **changed}
    fresh = kind(initial=initial, **spoken_options(concern))
    return case_page(request, concern, bound={name: fresh}, doing=name)


def _typed(request: StaffRequest) -> dict[str, Any]:
    typed: dict[str, Any] = request.POST.dict()
    for flag in ("is_question", "at_once"):
        typed[flag] = _wants(typed.get(flag, ""))
    return typed


def _wants(value: str) -> bool:
    return value not in ("", "False", "off")


def _template(request: StaffRequest, concern: Concern) -> ReplyTemplate | None:
    """The template whose button was pressed, if one was. Raises Http404 for one of elsewhere."""
    pressed = request.POST.get("use", "")
    if not pressed:
        return None
    found = _kept_template(concern, int(pressed) if pressed.isdecimal() else None)
    if found is None:
        raise Http404
    return found


def _kept_template(concern: Concern, pk: int | None) -> ReplyTemplate | None:
    if pk is None:
        return None
    rows = ReplyTemplate.objects.in_use()
    return rows.filter(agency_id=concern.agency_id, language=concern.language, pk=pk).first()


def _begin(request: StaffRequest, concern: Concern, template: ReplyTemplate) -> str:
    with translation.override(template.language):
        day = dated_day(concern.received_on)
    return filled(template.text, facts_of(concern, officer=request.user, day=day))


def _demand(request: StaffRequest, concern: Concern, verb: str) -> None:
    if not may_try(request, concern, verb):
        raise Http404
