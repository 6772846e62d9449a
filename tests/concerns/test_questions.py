"""Questions of a category: written by administrators, branching, read by staff and reporter."""

import re
from importlib import import_module
from threading import Barrier, Thread
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection, connections, transaction
from django.test import Client

from concerns.actions import publishing, triage
from concerns.actions.answers import GivenAnswer
from concerns.actions.intake import Receipt
from concerns.actions.public_side import CannotPublish
from concerns.actions.questions import store_questions, usual_questions
from concerns.forms.questions import QuestionsForm, questions_of
from concerns.models import Answer, Category, Concern, GuidedDay, Question
from concerns.models.categories import TAKEN_MODES
from concerns.models.questions import BEHAVIOR
from engagement.audit.actors import Actor
from engagement.people.models import User
from engagement.places.models import Agency
from engagement.places.wording import Wording
from tests.concerns.conftest import NOW, category_of, file_report, found_agency

# Nobody is asked for these, in whichever words.
PAPERS = re.compile(
    r"immigr|citizen|\bvisa|passport|legal status|papers|document|ciudadan|migrat", re.I
)


def posted(category: Category, **answers: str) -> QuestionsForm:
    """The form of a category's stored questions with these answers, by code."""
    own = questions_of(category, Question.objects.asked_by(category.agency))
    form = QuestionsForm(category=category, questions=own)
    from_page = Client().request().wsgi_request.POST.copy()
    for code, value in answers.items():
        from_page[form.add_prefix(code)] = value
    return QuestionsForm(from_page, category=category, questions=own)


def value_of(category: Category, code: str, words: str) -> str:
    question = Question.objects.get(category=category, code=code)
    return next(option.value for option in question.options if option.words.text("en") == words)


def test_every_kind_that_is_taken_asks_one_to_four_questions_in_both_languages(
    agency: Agency,
) -> None:
    taken = Category.objects.of(agency).filter(mode__in=TAKEN_MODES)
    for category in taken:
        own = questions_of(category, Question.objects.asked_by(agency))
        assert 1 <= len(own) <= 4, category.code
        for question in own:
            question.full_clean()
            assert not question.label.missing("es")
            assert not question.help.missing("es")
            assert all(not option.words.missing("es") for option in question.options)
    assert not Question.objects.filter(agency=agency).exclude(category__in=taken).exists()


def test_nobody_is_asked_about_papers() -> None:
    assert not PAPERS.search(str(usual_questions()))


def test_storing_again_keeps_what_administrators_wrote(agency: Agency) -> None:
    surface = Question.objects.get(category__code="graffiti", code="surface")
    surface.label = {"en": "On what?"}
    surface.is_active = False
    surface.save()
    Question.objects.get(category__code="animal", code="what").delete()
    # The one asked after it went with it.
    assert store_questions(agency=agency) == 2
    surface.refresh_from_db()
    assert (surface.label.text("en"), surface.is_active) == ("On what?", False)
    call_command("store_categories", agency=agency.slug)
    assert store_questions(agency=agency) == 0


def test_agencies_that_were_here_before_get_the_questions_too(agency: Agency) -> None:
    facts = ("category__code", "code", "kind", "sort", "shown_when__code", "shown_for", "choices")
    fresh = list(Question.objects.order_by("sort").values_list(*facts))
    Question.objects.all().delete()
    migration = import_module("concerns.migrations.0007_the_usual_questions_are_asked")
    migration.store_questions(apps, SimpleNamespace(connection=connection))
    assert list(Question.objects.order_by("sort").values_list(*facts)) == fresh


def test_an_answer_decides_which_question_comes_next(agency: Agency) -> None:
    vacant = category_of(agency, "vacant_building")
    is_open = value_of(vacant, "open", "Yes, a door or window is open")
    closed = value_of(vacant, "open", "No, it is closed")
    entered = value_of(vacant, "entered", "Yes, in the past week")
    asked = posted(vacant, open=is_open, entered=entered)
    assert asked.is_valid()
    assert [answer.code for answer in asked.given] == ["open", "entered"]
    assert asked.given[1].chosen == Wording(
        {"en": "Yes, in the past week", "es": "Sí, en la última semana"}
    )
    dropped = posted(vacant, open=closed, entered=entered)
    assert dropped.is_valid()
    assert [answer.code for answer in dropped.given] == ["open"]


def test_what_does_not_apply_is_no_mistake(agency: Agency) -> None:
    patrol = category_of(agency, "request_patrol")
    survey = value_of(patrol, "service", "A look at how safe a home or business is")
    speaker = value_of(patrol, "service", "A speaker")
    assert posted(patrol, service=survey, people="many").is_valid()
    form = posted(patrol, service=speaker, people="many", **{"from": "tomorrow"})
    assert set(form.errors) == {"people", "from"}
    form = posted(patrol, service=speaker, people="30", **{"from": "2026-12-01"})
    assert form.is_valid()
    told = {answer.code: answer.words for answer in form.given}
    assert told["people"] == "30"
    assert str(told["from"]) == "Dec. 1, 2026"


def test_without_a_script_the_condition_stands_beside_the_question(agency: Agency) -> None:
    rows = {row.field.name: row for row in posted(category_of(agency, "vacant_building")).rows}
    assert rows["open"].condition == ""
    assert "“Yes, a door or window is open”, “I do not know”" in rows["entered"].condition


@pytest.mark.parametrize("code", ["suspicious", "bias_incident"])
def test_what_somebody_did_is_asked_whatever_administrators_change(
    agency: Agency, code: str
) -> None:
    category = category_of(agency, code)
    Question.objects.filter(category=category, code=BEHAVIOR).update(is_required=False)
    assert BEHAVIOR in posted(category).errors
    Question.objects.filter(category=category).delete()
    assert BEHAVIOR in posted(category).errors
    assert posted(category, behavior="He tried three doors").is_valid()


def test_a_kind_that_asks_for_behavior_is_never_public(agency: Agency) -> None:
    suspicious = Category.objects.filter(agency=agency, code="suspicious")
    with pytest.raises(IntegrityError), transaction.atomic():
        suspicious.update(visibility="block")


def test_a_question_cannot_follow_one_of_another_kind_or_one_after_it(agency: Agency) -> None:
    entered = Question.objects.get(category__code="vacant_building", code="entered")
    entered.shown_when = Question.objects.filter(category__code="noise").first()
    with pytest.raises(ValidationError, match="same category"):
        entered.clean()
    entered.shown_when = Question.objects.get(category__code="vacant_building", code="danger")
    with pytest.raises(ValidationError, match="higher number"):
        entered.clean()
    entered.refresh_from_db()
    entered.shown_for = "Perhaps"
    with pytest.raises(ValidationError, match="Copy the answers"):
        entered.clean()
    foreign = Question.objects.filter(category__code="noise").first()
    with pytest.raises(IntegrityError):
        _follow(entered, foreign)


@transaction.atomic
def _follow(question: Question, before: Question | None) -> None:
    """As a mistaken script would."""
    Question.objects.filter(pk=question.pk).update(shown_when=before)
    connections["default"].check_constraints()


def given(**changes: str) -> GivenAnswer:
    return GivenAnswer(
        code="surface",
        kind="choice",
        label=Wording({"en": "What is it on?", "es": "¿Sobre qué está?"}),
        chosen=Wording({"en": changes.get("en", "A wall"), "es": "Una pared"}),
        typed=changes.get("typed", ""),
    )


def test_answers_are_stored_once_and_others_make_a_report_different(agency: Agency) -> None:
    first = file_report(agency, answers=[given()])
    again = file_report(agency, answers=[given()])
    other = file_report(agency, answers=[given(en="A fence")])
    assert (first.is_repeat, again.is_repeat, again.differs) == (False, True, False)
    assert other.differs
    assert str(Answer.objects.get().chosen) == "A wall"


def test_two_answers_under_one_code_never_break_the_report(agency: Agency) -> None:
    file_report(agency, answers=[given(), given(en="A fence")])
    assert Answer.objects.count() == 1


def test_a_double_tap_from_two_connections_keeps_each_answer_once(committed_database: str) -> None:
    agency = found_agency("riverton")
    start, receipts = Barrier(2), list[Receipt]()
    behavior = GivenAnswer(
        code=BEHAVIOR,
        kind="text",
        label=Wording({"en": "What did the person do?"}),
        typed="A tall man in a red jacket",
        asks_for_behavior=True,
    )

    def tap() -> None:
        try:
            start.wait()
            receipts.append(
                file_report(agency, code="suspicious", text="Man here", answers=[given(), behavior])
            )
        finally:
            connections.close_all()

    taps = [Thread(target=tap) for _ in range(2)]
    for thread in taps:
        thread.start()
    for thread in taps:
        thread.join()
    assert sorted(receipt.is_repeat for receipt in receipts) == [False, True]
    assert Concern.objects.count() == 1
    assert sorted(Answer.objects.values_list("code", flat=True)) == [BEHAVIOR, "surface"]
    counted = GuidedDay.objects.get()
    assert (counted.reports, counted.reminders, counted.sent_anyway) == (1, 0, 1)


@pytest.mark.privacy
def test_typed_answers_cannot_be_published_as_a_summary(agency: Agency, officer: User) -> None:
    words = "the blue garage behind the old church on the hill"
    concern = file_report(agency, answers=[given(typed=words)]).concern
    triage.accept(concern_id=concern.pk, seen_version=1, by=Actor.staff(officer.pk), now=NOW)
    concern.refresh_from_db()
    with pytest.raises(CannotPublish, match="reporters_words"):
        publishing.preview(concern, summary=Wording({"en": f"Paint on {words}."}))
