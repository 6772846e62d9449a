"""Fill an empty demonstration through the same actions that people use."""

import secrets
from datetime import datetime, timedelta
from typing import TypedDict

from concerns.actions import publishing, triage
from concerns.actions.intake import Report, submit
from concerns.models import Category, Concern
from concerns.models.concern import Channel, Level, PlaceSource
from engagement.audit.actors import Actor
from engagement.people.models import User
from engagement.places.models import Agency
from engagement.places.wording import Wording
from portal.demonstration.accounts import create_people
from portal.demonstration.city import lonlat
from portal.demonstration.desk_setup import set_up_desk
from portal.demonstration.desk_work import Desk
from portal.demonstration.mail import withdraw_what_is_over
from portal.demonstration.meetings import hold_meetings
from portal.demonstration.places import build_agencies
from portal.demonstration.stories import Story, stories
from portal.demonstration.ways import list_relay, wish_of

SEEDER = Actor.task("seed_demo")


def seed(now: datetime) -> list[dict[str, str]]:
    """Create agencies, people, concerns and meetings; returns the accounts to print."""
    home, other = build_agencies(by=SEEDER, now=now)
    list_relay(home, now=now)
    users, printed = create_people(home, other, by=SEEDER, now=now)
    partners = set_up_desk(home, users, now=now)
    told = {
        story.name: _tell(story, home, fallback=users["supervisor"], now=now) for story in stories()
    }
    Desk(told, partners, users, now).work()
    hold_meetings(home, by=Actor.staff(users["organiser"].pk), now=now)
    withdraw_what_is_over(now=now)
    return printed


def _tell(story: Story, agency: Agency, *, fallback: User, now: datetime) -> Concern:
    """File the report on its day and take its steps, one each day, none in the future."""
    day = now - timedelta(days=story.days_ago)
    concern = submit(report=_report(story, agency), by=Actor.reporter(), now=day).concern
    by = Actor.staff(concern.owner_id or fallback.pk)
    for number, step in enumerate(story.steps, start=1):
        concern.refresh_from_db()
        moment = min(now, day + timedelta(days=number, hours=2))
        _take(step, story, concern, by=by, now=moment)
    return concern


def _report(story: Story, agency: Agency) -> Report:
    lon, lat = lonlat(story.x, story.y)
    is_confidential = story.level == Level.CONFIDENTIAL
    return Report(
        agency=agency,
        category=Category.objects.get(agency=agency, code=story.category),
        text=story.text,
        language=story.language,
        lon=lon,
        lat=lat,
        place_text=story.place,
        place_source=PlaceSource.MAP,
        is_home=False,
        level=story.level,
        email=None,
        wish=wish_of(story) if is_confidential else None,
        account_user_id=None,
        submission_key=secrets.token_urlsafe(32),
        channel=Channel.WEB,
    )


class Common(TypedDict):
    """What every verb of the casework takes."""

    concern_id: int
    seen_version: int
    by: Actor
    now: datetime


def _take(step: str, story: Story, concern: Concern, *, by: Actor, now: datetime) -> None:
    at = Common(concern_id=concern.pk, seen_version=concern.version, by=by, now=now)
    match step:
        case "accept":
            triage.accept(**at)
        case "reply":
            triage.reply(text=story.reply, **at)
        case "ask":
            triage.ask(text=story.reply, **at)
        case "resolve":
            triage.resolve(outcome="fixed", words=story.reply, **at)
        case "publish":
            publishing.publish(summary=_wording(story.summary), **at)
        case "update":
            publishing.publish_update(text=_wording(story.update), **at)
        case _:
            raise ValueError(step)


def _wording(words: tuple[str, str]) -> Wording:
    return Wording({"en": words[0], "es": words[1]})
