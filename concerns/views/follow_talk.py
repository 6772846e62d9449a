"""What a reporter says and decides: words, fixed or not, taking back, rating, removal."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from concerns.actions import asking, following, merging, rating
from concerns.actions.casework import BadWords, CannotMove
from concerns.forms.follow import AnswerForm, DissentForm, RatingForm, RemovalForm, ReopenForm
from concerns.models import Concern
from concerns.views.public_follow import Typed, follow_page
from concerns.views.taking_photos import answering
from engagement.audit.actors import Actor
from engagement.doors.requests import PortalRequest


def answer(request: PortalRequest, concern: Concern) -> HttpResponse:
    form = AnswerForm(request.POST)
    done = _("Your message was sent.")
    return _say(request, concern, form, answering(request), done, Typed(answer=form))


def reopen(request: PortalRequest, concern: Concern) -> HttpResponse:
    form = ReopenForm(request.POST, auto_id="id_reopen_%s")
    done = _("Your report is open again.")
    return _say(request, concern, form, following.reopen, done, Typed(reopen=form))


def not_the_same(request: PortalRequest, concern: Concern) -> HttpResponse:
    form = DissentForm(request.POST, auto_id="id_dissent_%s")
    done = _("Thank you. The police read what is different.")
    return _say(request, concern, form, merging.not_the_same, done, Typed(dissent=form))


def ask_removal(request: PortalRequest, concern: Concern) -> HttpResponse:
    form = RemovalForm(request.POST, auto_id="id_removal_%s")
    done = _("Staff were asked to remove the words. They answer here.")
    return _say(request, concern, form, asking.ask_removal, done, Typed(removal=form))


def withdraw(request: PortalRequest, concern: Concern) -> HttpResponse:
    return _move(request, concern, following.withdraw, _("You took the report back."))


def confirm_fixed(request: PortalRequest, concern: Concern) -> HttpResponse:
    done = _("Thank you. The report is closed.")
    return _move(request, concern, following.confirm_fixed, done)


def rate(request: PortalRequest, concern: Concern) -> HttpResponse:
    form = RatingForm(request.POST, auto_id="id_rating_%s")
    if not form.is_valid():
        return follow_page(request, concern, typed=Typed(rating=form))
    answers = {name: answer for name, answer in form.cleaned_data.items() if answer}
    try:
        rating.rate(concern_id=concern.pk, answers=answers, by=Actor.reporter(), now=timezone.now())
    except CannotMove:
        return follow_page(request, concern, said=_("This report was rated before."))
    return follow_page(request, concern, said=_("Thank you for rating how it went."))


def _say(
    request: PortalRequest,
    concern: Concern,
    form: forms.Form,
    action: Callable[..., Any],
    done: str,
    typed: "Typed",
) -> HttpResponse:
    """Carry out what needs words; refused, the page shows them again, so that none is lost."""
    if not form.is_valid():
        return follow_page(request, concern, typed=typed)
    words = form.cleaned_data["text"]
    try:
        action(concern_id=concern.pk, text=words, by=Actor.reporter(), now=timezone.now())
    except BadWords:
        form.add_error("text", _("Write a shorter message."))
        return follow_page(request, concern, typed=typed)
    except CannotMove:
        return follow_page(request, concern, said=_changed(), typed=Typed(unsent=words))
    return follow_page(request, concern, said=done)


def _move(
    request: PortalRequest, concern: Concern, action: Callable[..., Any], done: str
) -> HttpResponse:
    try:
        action(concern_id=concern.pk, by=Actor.reporter(), now=timezone.now())
    except CannotMove:
        done = _changed()
    return follow_page(request, concern, said=done)


def _changed() -> str:
    return _("The report had changed meanwhile. This is how it stands now.")
