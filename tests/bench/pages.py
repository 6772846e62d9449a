"""Every page that exists, as one visit of one person."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from bs4 import BeautifulSoup

from concerns.models import Concern
from engagement.doors.challenge import new_challenge
from engagement.doors.submission import new_key
from tests.bench.stand import Stand, remember

Visit = Callable[[Stand], Any]


@dataclass(frozen=True)
class Page:
    """`most_bare` and `most_json`: how many times the bare page or JSON it may take, if said.

    `before` prepares a visit outside the measurement; `expect` is the answer's status.
    """

    name: str
    visit: Visit
    most_bare: float | None = None
    most_json: float | None = None
    before: Visit | None = None
    after: Callable[[Stand, Any], None] | None = None
    expect: int = 200


def public(path: str, **query: str) -> Visit:
    return lambda stand: stand.visitor.get(with_query(path, **query))


def with_query(path: str, **query: str) -> str:
    return f"{path}?{urlencode(query)}" if query else path


def desk(path: str = "", **query: str) -> Visit:
    return lambda stand: stand.officer.get(with_query(f"/desk/{path}", **query))


def around(stand: Stand, degrees: float) -> str:
    lon, lat = stand.spot
    return f"{lon - degrees},{lat - degrees},{lon + degrees},{lat + degrees}"


def map_of(stand: Stand, *, zoom: int, bbox: str, **query: str) -> Any:
    asked = {"zoom": str(zoom), "bbox": bbox, **query}
    return stand.visitor.get(with_query("/concerns/map.json", **asked))


def everywhere(stand: Stand) -> str:
    return ",".join(map(str, stand.bounds))


def search(words: str) -> Visit:
    """Send the words as the form does; the address that it leads to holds none of them."""

    def look(stand: Stand) -> None:
        stand.searches[words] = stand.officer.post("/desk/concerns/search/", {"words": words})[
            "Location"
        ]

    return look


def found(words: str) -> Visit:
    return lambda stand: stand.officer.get(stand.searches[words])


def submit(stand: Stand) -> Any:
    lon, lat = stand.spot
    sent = {
        "agency": stand.agency.slug,
        "key": new_key(),
        "category": stand.category.code,
        "text": "Red paint all over the wall of the underpass, again since Monday.",
        "lon": str(lon),
        "lat": str(lat),
        "level": "anonymous",
    }
    return stand.visitor.post(challenged(stand, "/report/done/", "report"), sent)


def keep_receipt(stand: Stand, answer: Any) -> None:
    page = BeautifulSoup(answer.content, "html.parser")
    code, secret = page.select_one("[data-receipt-code]"), page.select_one("[data-receipt-secret]")
    assert code is not None
    assert secret is not None
    remember(stand, code.get_text(), secret.get_text())


def press(verb: str, **typed: str) -> Visit:
    """Press a button of the case page of the latest report."""

    def visit(stand: Stand) -> Any:
        reference = stand.reported[-1][0]
        seen = {"seen_version": str(VERSIONS[verb]), "seen_as": "", **typed}
        return stand.officer.post(f"/desk/concerns/{reference}/{verb}/", seen)

    return visit


def note_version(verb: str) -> Visit:
    def look(stand: Stand) -> None:
        reference = stand.reported[-1][0]
        VERSIONS[verb] = Concern.objects.values_list("version", flat=True).get(
            staff_reference=reference
        )

    return look


def track(stand: Stand) -> Any:
    _reference, code, secret = stand.reported[-1]
    sent = {"agency": stand.agency.slug, "code": code, "secret": secret}
    return stand.visitor.post(challenged(stand, "/track/", "track"), sent)


def challenged(stand: Stand, path: str, form: str) -> str:
    """The address that a page gave a minute ago."""
    token = new_challenge(
        form=form, host="testserver", agency=stand.agency.slug, since=time.time() - 60
    )
    return with_query(path, agency=stand.agency.slug, proof=token)


WORDS, RARE, WRONG = "wall again", "brainbraust", "grafiti"
VERSIONS: dict[str, int] = {}
REPLY = {"step": "send", "text": "Thank you. The crew comes on Monday and paints the wall over."}

PAGES = [
    Page("front page", public("/")),
    Page("help first", public("/report/")),
    Page("numbers that help", public("/help/")),
    Page("report form", public("/report/new/")),
    Page("published, newest", public("/concerns/")),
    Page("published, one kind", public("/concerns/", category="graffiti")),
    Page(
        "published, done in an area",
        lambda s: s.visitor.get(f"/concerns/?progress=done&area={s.area.slug}"),
    ),
    Page("published, two words", public("/concerns/", q="wall again")),
    Page("published, a rare word", public("/concerns/", q="brainbraust")),
    Page(
        "published, middle of history",
        lambda s: s.visitor.get(f"/concerns/?cursor={s.middle_of_published}"),
    ),
    Page("published, one concern", lambda s: s.visitor.get(f"/concerns/{s.public_reference}/")),
    Page("feed", public("/concerns/feed.rss")),
    Page("areas", public("/areas/")),
    Page(
        "place search, a house number",
        lambda s: s.visitor.post(f"/places/search/{s.agency.slug}", {"q": "104 1200 bench stret"}),
    ),
    Page("what is only counted", public("/transparency/")),
    Page("one area", lambda s: s.visitor.get(f"/areas/{s.area.slug}/")),
    Page(
        "map, whole city",
        lambda s: map_of(s, zoom=11, bbox=everywhere(s)),
        most_json=3,
    ),
    Page("map, quarter", lambda s: map_of(s, zoom=14, bbox=around(s, 0.012)), most_json=3),
    Page("map, street", lambda s: map_of(s, zoom=17, bbox=around(s, 0.003)), most_json=3),
    Page(
        "map, whole city, one kind",
        lambda s: map_of(s, zoom=11, bbox=everywhere(s), category="graffiti"),
        most_json=3,
    ),
    Page(
        "map, whole city, other filter",
        lambda s: map_of(s, zoom=11, bbox=everywhere(s), since="2023-01-01", progress="done"),
        most_json=8,
    ),
    Page("meetings", public("/meetings/")),
    Page("meetings, past", public("/meetings/", show="past")),
    Page("one meeting", lambda s: s.visitor.get(f"/meetings/{s.meeting}/")),
    Page("answer form", lambda s: s.visitor.get(f"/meetings/{s.meeting}/rsvp/")),
    Page("meetings to subscribe to", public("/meetings/feed.ics")),
    Page("desk", desk()),
    Page("meetings at the desk", desk("meetings/")),
    Page("who comes to a meeting", lambda s: s.officer.get(f"/desk/meetings/{s.meeting}/")),
    Page("queue, newest", desk("concerns/"), most_bare=3),
    Page("queue, done", desk("concerns/", show="done"), most_bare=3),
    Page("queue, late", desk("concerns/", show="late"), most_bare=3),
    Page("queue, my areas", desk("concerns/", show="areas"), most_bare=3),
    Page(
        "queue, done, one kind and area",
        lambda s: s.officer.get(
            f"/desk/concerns/?show=done&category={s.category.pk}&area={s.district.pk}"
        ),
        most_bare=3,
    ),
    Page(
        "queue, done, middle of history",
        lambda s: s.officer.get(f"/desk/concerns/?show=done&at={s.middle_of_history}"),
        most_bare=3,
    ),
    Page("queue, next deadline", desk("concerns/", sort="deadline"), most_bare=3),
    Page("queue, most urgent", desk("concerns/", sort="priority"), most_bare=3),
    Page("queue, last message", desk("concerns/", sort="message"), most_bare=3),
    Page(
        "queue, in Spanish, of all time",
        desk("concerns/", show="all", language="es"),
        most_bare=3,
    ),
    Page("queue, two words", found(WORDS), before=search(WORDS), most_bare=3),
    Page("queue, a rare word", found(RARE), before=search(RARE), most_bare=3),
    Page("queue, a misspelled word", found(WRONG), before=search(WRONG)),
    Page(
        "case page in its queue",
        lambda s: s.officer.get(f"/desk/concerns/{s.open_reference}/?show=all"),
    ),
    Page("case page", lambda s: s.officer.get(f"/desk/concerns/{s.open_reference}/")),
    Page("own reports", lambda s: s.resident.get("/my/")),
    Page("send a report", submit, after=keep_receipt),
    Page("accept it", press("accept"), before=note_version("accept"), expect=302),
    Page("reply to it", press("reply", **REPLY), before=note_version("reply"), expect=302),
    Page("track it", track),
]
