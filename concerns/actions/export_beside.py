"""What else hangs on a report: answers, photos, calls, who filed it, and what stays with staff."""

from typing import Any

from django.utils.translation import gettext as _

from concerns.actions.export_police_side import tables_of_police_side
from concerns.actions.export_shape import (
    FILE,
    INTERNAL,
    MISUSE,
    NOTES,
    NUMBER,
    OTHERS,
    SAME_WORDS,
    STAFF,
    Table,
)
from concerns.families import words_for
from concerns.models import (
    Answer,
    CallTask,
    CallTry,
    Concern,
    ConcernPhoto,
    ContactWish,
    Filing,
    Joining,
    Merge,
    Part,
    SeeAlso,
    Suspicion,
    WordForAll,
)


def tables_beside() -> list[Table]:
    """In the order of the export; labels in the language of now."""
    return [
        _answers(),
        _photos(),
        _wish(),
        _calls(),
        _tries(),
        _filing(),
        _merges(),
        _parts(),
        _words_for_all(),
        _joinings(),
        _links(),
        _checks(),
        *tables_of_police_side(),
    ]


def _answers() -> Table:
    return Table(
        code="answers",
        heading=_("Your answers to questions"),
        model=Answer,
        rows=lambda concern: concern.answers.order_by("id"),
        fields={
            "label": _("Question"),
            "chosen": _("Chosen"),
            "typed": _("In your words"),
            "kind": _("Kind"),
        },
        left_out={**INTERNAL, "code": NUMBER},
    )


def _photos() -> Table:
    return Table(
        code="photos",
        heading=_("Photos"),
        model=ConcernPhoto,
        rows=numbered_photos,
        fields={
            "position": _("Number"),
            "name": _("File in the download"),
            "by_party": _("By"),
            "at": _("In the hour from (UTC)"),
            "width": _("Width"),
            "height": _("Height"),
            "reply": _("Came with a message"),
            "public": _("A copy is public"),
        },
        left_out={**INTERNAL, "by_user": STAFF, "digest": FILE},
        special={
            "name": lambda photo: photo.path_in_export,
            "reply": lambda photo: photo.reply_id is not None,
            "public": lambda photo: photo.public_id is not None,
        },
    )


def numbered_photos(concern: Concern) -> list[ConcernPhoto]:
    """Every photo of the report and its messages, each with its `path_in_export`: where a download
    of everything holds its file."""
    photos = list(concern.photos.order_by("id"))
    for number, photo in enumerate(photos, start=1):
        path = f"photos/{concern.tracking_code}-{number:02}.jpg"
        photo.path_in_export = path  # type: ignore[attr-defined]
    return photos


def _wish() -> Table:
    return Table(
        code="how_to_reach_you",
        heading=_("How you want to be reached"),
        model=ContactWish,
        rows=lambda concern: ContactWish.objects.select_related("relay").filter(concern=concern),
        fields={
            "way": _("Way"),
            "relay": _("Through"),
            "in_the_morning": _("In the morning"),
            "in_the_afternoon": _("In the afternoon"),
            "in_the_evening": _("In the evening"),
        },
        left_out=dict(INTERNAL),
    )


def _calls() -> Table:
    return Table(
        code="calls",
        heading=_("Calls and letters to you"),
        model=CallTask,
        rows=lambda concern: concern.call_tasks.order_by("id"),
        fields={
            "way": _("Way"),
            "why": _("Why"),
            "due_on": _("Due on"),
            "tries": _("Tries"),
            "done_on": _("Done on"),
            "result": _("Result"),
        },
        left_out=dict(INTERNAL),
    )


def _tries() -> Table:
    return Table(
        code="call_tries",
        heading=_("Tries to reach you"),
        model=CallTry,
        rows=lambda concern: CallTry.objects.filter(task__concern=concern).order_by("id"),
        fields={"on": _("Day"), "result": _("Result")},
        left_out={"id": NUMBER, "agency": NUMBER, "task": NUMBER, "by_user": STAFF},
    )


def _filing() -> Table:
    return Table(
        code="filed_for_you",
        heading=_("Filed for you by staff"),
        model=Filing,
        rows=lambda concern: Filing.objects.filter(concern=concern),
        fields={
            "filed_on": _("Day"),
            "asked_by": _("Who asked for it"),
            "agreed": _("How you agreed"),
            "had_interpreter": _("With an interpreter"),
            "on_paper_form": _("On the paper form"),
        },
        left_out={**INTERNAL, "filed_by": STAFF},
    )


def _merges() -> Table:
    return Table(
        code="joined_with_another",
        heading=_("Joined with another report"),
        model=Merge,
        rows=lambda concern: concern.merges.order_by("id"),
        fields={
            "at": _("In the hour from (UTC)"),
            "undone_at": _("Stands for itself again since (UTC)"),
            "undone_by_party": _("By"),
            "dissented_on": _("You said that it is not the same"),
        },
        left_out={
            **INTERNAL,
            "into": OTHERS,
            "survivor": OTHERS,
            "reason": NOTES,
            "by_user": STAFF,
            "undone_by_user": STAFF,
            "before": SAME_WORDS,
            "page_before": SAME_WORDS,
            "kept_photos": FILE,
        },
    )


def _parts() -> Table:
    return Table(
        code="parts",
        heading=_("Parts of your report"),
        model=Part,
        rows=lambda concern: concern.parts.select_related("concern__category"),
        fields={"concern": _("What the police wrote of it"), "at": _("In the hour from (UTC)")},
        left_out={"id": NUMBER, "agency": NUMBER, "of": NUMBER, "by_user": STAFF},
        special={"concern": lambda part: part.concern.text},
    )


def _words_for_all() -> Table:
    return Table(
        code="words_for_all",
        heading=_("What the police wrote about the matter"),
        model=WordForAll,
        rows=words_for,
        fields={"text": _("Words"), "at": _("In the hour from (UTC)")},
        left_out={**INTERNAL, "by_user": STAFF},
    )


def _links() -> Table:
    return kept_back("see_also", _("Links between cases"), SeeAlso, "", NOTES)


def _joinings() -> Table:
    return kept_back("mine_too", _("Others who said “mine too”"), Joining, "", OTHERS)


def _checks() -> Table:
    return kept_back("checks", _("Checks against misuse"), Suspicion, "", MISUSE)


def kept_back(code: str, heading: str, model: Any, related: str, reason: Any) -> Table:
    """Rows that the reporter does not read; without `related` not even whether there are any."""
    names = [field.name for field in model._meta.concrete_fields]
    return Table(
        code=code,
        heading=heading,
        model=model,
        rows=lambda concern: getattr(concern, related).all() if related else [None],
        fields={},
        left_out=dict.fromkeys(names, reason),
        is_withheld=True,
    )
