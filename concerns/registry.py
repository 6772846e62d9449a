"""The names that concerns bring to the floor: events of the history, and permissions."""

from django.utils.translation import gettext_lazy as _

from concerns import outside_registry
from concerns.querysets import IDENTITY, READ, READ_PRIVATE
from engagement.audit.registry import Event, register_event
from engagement.people.registry import Permission, register_permission
from engagement.people.roles import Role

TRIAGE = "concern.triage"
FILE = "concern.file"
ASSIGN = "concern.assign"
PUBLISH = "concern.publish"
CALL = "call.make"
TEMPLATES = "template.manage"
SPAM = "concern.spam"
SLOW = "concern.slow_down"
WORKLOAD = "workload.read"
HAND_ON = "concern.hand_on"
HANDOFF = "handoff.work"
RULES = "rules.manage"
TAGS = "tag.manage"
BULK = "concern.bulk"
MODERATE = "moderation.decide"
OTHERS = "reporter.others"
ERASE = "reporter.erase"
HOLD = "record.hold"

STAFF = frozenset(
    {
        Role.OFFICER,
        Role.SUPERVISOR,
        Role.DISPATCHER,
        Role.MODERATOR,
        Role.CUSTODIAN,
        Role.READER,
    }
)
CASEWORKERS = frozenset({Role.OFFICER, Role.SUPERVISOR, Role.DISPATCHER})

EVENTS = [
    Event("CONCERN_SUBMITTED", _("A concern was reported")),
    Event("CONCERN_IMPORTED", _("Past requests were taken over from another system")),
    Event("CONCERN_ACCEPTED", _("The concern was accepted")),
    Event("CONCERN_STARTED", _("Work began")),
    Event("CONCERN_ASSIGNED", _("The concern was given to another officer")),
    Event("CONCERN_ROUTED", _("A correction sent the concern to somebody else")),
    Event("CONCERN_ESCALATED", _("A supervisor was told that it is late for long")),
    Event("ROUTING_RULE_SAVED", _("A routing rule was written")),
    Event("ROUTING_RULE_MOVED", _("A routing rule was put in another place")),
    Event("ROUTING_RULE_SWITCHED", _("A routing rule was switched on or off")),
    Event("TEAM_SAVED", _("A team was made or renamed")),
    Event("TEAM_RETIRED", _("A team was taken out of use, or back into it")),
    Event("TEAM_MEMBERS_CHANGED", _("Who is in a team, or who hears of new work, was changed")),
    Event("CLOCKS_CHANGED", _("When supervisors hear of late work was changed")),
    Event("CONCERN_REPLIED", _("Staff wrote to the reporter")),
    Event("CONCERN_ASKED", _("Staff asked the reporter a question")),
    Event("CONCERN_WAITS", _("The concern waits for someone outside the police")),
    Event("CONCERN_QUESTION_LAPSED", _("Nobody answered the question; the work goes on")),
    Event("CONCERN_LANGUAGE_ASKED", _("Words wait to be brought into the reporter's language")),
    Event("CONCERN_LANGUAGE_DROPPED", _("Words need no other language any more")),
    Event("REPLY_TEMPLATE_CHANGED", _("A reply template was changed")),
    Event("WRITTEN_LANGUAGES_SAID", _("A member of staff said which languages they write")),
    Event("CONCERN_ANSWERED", _("The reporter wrote")),
    Event("CONCERN_PHOTOS_ADDED", _("Photos were added")),
    Event("CONCERN_PHOTO_PUBLISHED", _("A photo was shown to the public")),
    Event("CONCERN_PHOTO_UNPUBLISHED", _("A photo was taken off the public page")),
    Event("CONCERN_RESOLVED", _("The concern was resolved")),
    Event("CONCERN_CONFIRMED_FIXED", _("The reporter confirmed that it is fixed")),
    Event("CONCERN_REOPENED", _("The concern was opened again")),
    Event("CONCERN_CLOSED", _("The concern was closed")),
    Event("CONCERN_WITHDRAWN", _("The reporter took the concern back")),
    Event("CONCERN_NOTED", _("A note was kept for staff")),
    Event("CONCERN_PRIORITY_CHANGED", _("The priority was changed")),
    Event("CONCERN_CATEGORY_CORRECTED", _("The category was corrected")),
    Event("CONCERN_AREA_CHANGED", _("New boundaries laid the concern into another area")),
    Event("CONCERN_PUBLISHED", _("A summary was published")),
    Event("CONCERN_UPDATE_PUBLISHED", _("An update was published")),
    Event("CONCERN_UNPUBLISHED", _("The public page was deleted")),
    Event("CONCERN_PLACE_CORRECTED", _("The reporter corrected the place")),
    Event("CONCERN_DELAY_EXPLAINED", _("Staff said why it is late")),
    Event("CONCERN_REMOVAL_ASKED", _("The reporter asked to have words removed")),
    Event("CONCERN_REMOVAL_ANSWERED", _("Staff answered a request to remove words")),
    Event("CONCERN_RATED", _("The reporter rated how it was handled")),
    Event("CONCERN_ADOPTED", _("The report was put into an account")),
    Event("CONCERN_LET_GO", _("The report was taken out of an account")),
    Event("CONCERN_REPORTER_ERASED", _("Address and account link of the reporter were erased")),
    Event("CONCERN_ERASED_ON_REQUEST", _("Staff erased who reported it, at their wish")),
    Event("CONCERN_ERASURE_WAITS", _("The wish to be erased waits for the end of a legal hold")),
    Event("CONCERN_HELD", _("A legal hold was placed: nothing of it may be destroyed")),
    Event("CONCERN_HOLD_LIFTED", _("The legal hold was lifted")),
    Event("CONCERN_LINK_OPENED", _("The reporter came back by a mailed link")),
    Event("CAMPAIGN_BEGUN", _("A poster campaign was begun")),
    Event("CONCERN_JOINED", _("Somebody else said “mine too”")),
    Event("CONCERN_LEFT", _("Somebody who had said “mine too” left")),
    Event("CONCERN_SUSPECTED", _("The report looked like spam")),
    Event("CONCERN_RELEASED", _("Staff found that the report is not spam")),
    Event("CONCERN_CLOSED_AS_SPAM", _("Staff closed the report as spam")),
    Event("CONCERN_SPAM_DISPUTED", _("The reporter said that the report is not spam")),
    Event("FLOOD_SLOWED", _("A flood of reports was slowed down")),
    Event("FLOOD_SLOWING_ENDED", _("Slowing down ended before its time")),
    Event("CONCERN_TAGGED", _("A tag was put on the concern")),
    Event("CONCERN_UNTAGGED", _("A tag was taken off the concern")),
    Event("CONCERN_GIVEN_TO_TEAM", _("The concern was given to another team")),
    Event("CONCERN_MOVE_TAKEN_BACK", _("A change of state was taken back")),
    Event("BULK_BEGUN", _("A step on many concerns began")),
    Event("BULK_STOPPED", _("A step on many concerns was stopped")),
    Event("BULK_UNDONE", _("A step on many concerns was taken back")),
    Event("CONCERN_FLAGGED", _("A colleague asked to look again at what is public")),
    Event("CONCERN_MODERATED", _("It was decided what becomes of words or photos")),
    Event("TAG_MADE", _("A tag was used for the first time")),
    Event("TAG_RENAMED", _("A tag got another name")),
    Event("TAG_MERGED", _("A tag was joined with another")),
    Event("TAG_RETIRED", _("A tag was retired")),
    Event("TAG_BROUGHT_BACK", _("A retired tag is offered again")),
    Event("CALL_TRIED", _("Staff called the reporter or wrote a letter")),
    Event("CONCERN_HANDED_ON", _("Work was handed to somebody outside")),
    Event("CONCERN_REFERRED", _("The concern was passed on for good")),
    Event("CONSENT_ASKED", _("The reporter was asked whether their address may go along")),
    Event("CONSENT_ANSWERED", _("The reporter said whether their address may go along")),
    Event("HANDOFF_ACCEPTED", _("The partner accepted it")),
    Event("HANDOFF_ANSWERED", _("The partner answered")),
    Event("HANDOFF_DONE", _("The partner said that it is done")),
    Event("HANDOFF_GIVEN_BACK", _("The partner gave it back")),
    Event("HANDOFF_NUMBERED", _("Number or status of who it was handed to was written down")),
    Event("HANDOFF_OPENED", _("A link to what was handed on was opened")),
    Event("HANDOFF_GIVEN_TIME", _("The partner got another day to be done")),
    Event("HANDOFF_SENT_AGAIN", _("A new link to what was handed on was sent")),
    Event("HANDOFF_LINKS_REVOKED", _("The links to what was handed on were ended")),
    Event("HANDOFF_WITHDRAWN", _("What was handed on was taken back")),
    Event("HANDOFF_LAPSED", _("The partner did not answer in time")),
    Event("CONCERN_MERGED", _("The report was joined with another")),
    Event("CONCERN_TOOK_IN", _("Another report was joined with this one")),
    Event("CONCERN_UNMERGED", _("The report stands for itself again")),
    Event("CONCERN_GAVE_BACK", _("A joined report was taken out again")),
    Event("CONCERN_NOT_THE_SAME", _("The reporter said that it is not the same")),
    Event("CONCERN_TOLD_ALL", _("Staff wrote to everybody who reported it")),
    Event("CONCERN_SPLIT", _("A part of the report became a case of its own")),
    Event("CONCERN_PART_MADE", _("The case was made from a part of a report")),
    Event("CONCERN_LINKED", _("The case was linked with another")),
    Event("CONCERN_UNLINKED", _("A link with another case was removed")),
    Event("REPORTER_OTHERS_READ", _("Staff looked for other reports of the same reporter")),
    Event("ABSENCE_SET", _("Days of absence were set")),
    Event("ABSENCE_ENDED", _("An absence was ended")),
    Event("CATEGORIES_STORED", _("The usual categories were put in place")),
]

PERMISSIONS = [
    Permission(READ, _("Read concerns of the agency"), STAFF),
    Permission(
        READ_PRIVATE,
        _("Read private concerns of their areas"),
        frozenset({Role.SUPERVISOR, Role.DISPATCHER, Role.CUSTODIAN}),
    ),
    Permission(TRIAGE, _("Work on concerns: accept, answer, resolve"), CASEWORKERS),
    Permission(
        TEMPLATES,
        _("Edit the texts that replies begin with"),
        frozenset({Role.SUPERVISOR, Role.AGENCY_ADMIN}),
    ),
    Permission(CALL, _("Call reporters who asked for it, and post their letters"), CASEWORKERS),
    Permission(FILE, _("File concerns for callers, visitors and letters"), CASEWORKERS),
    Permission(ASSIGN, _("Give concerns to officers"), CASEWORKERS),
    Permission(HAND_ON, _("Hand work on to partner organisations and other agencies"), CASEWORKERS),
    Permission(
        HANDOFF,
        _("Work on what was handed to an organisation that one works for"),
        frozenset({Role.PARTNER}),
    ),
    Permission(
        PUBLISH,
        _("Publish summaries of concerns"),
        frozenset({Role.OFFICER, Role.SUPERVISOR, Role.MODERATOR}),
    ),
    Permission(
        SPAM,
        _("Decide whether a suspected report is spam"),
        frozenset({Role.OFFICER, Role.SUPERVISOR, Role.DISPATCHER, Role.MODERATOR}),
    ),
    Permission(BULK, _("Do one step on many concerns at once"), CASEWORKERS),
    Permission(
        MODERATE,
        _("Decide what becomes of words and photos, for a published reason"),
        frozenset({Role.MODERATOR, Role.SUPERVISOR}),
    ),
    Permission(TAGS, _("Rename, join and retire tags"), frozenset({Role.SUPERVISOR})),
    Permission(
        RULES,
        _("Write rules and teams: who gets new concerns, and when late work is told"),
        frozenset({Role.SUPERVISOR, Role.AGENCY_ADMIN}),
    ),
    Permission(
        WORKLOAD,
        _("See the work of officers and areas, and set their absences"),
        frozenset({Role.SUPERVISOR}),
    ),
    Permission(SLOW, _("Slow a flood of reports down"), frozenset({Role.SUPERVISOR})),
    Permission(
        OTHERS,
        _("Look for other reports of the same reporter, with a reason on record"),
        frozenset({Role.SUPERVISOR, Role.CUSTODIAN}),
    ),
    Permission(
        ERASE,
        _("Erase who reported a concern, at the wish of that person"),
        frozenset({Role.SUPERVISOR, Role.CUSTODIAN}),
    ),
    Permission(
        HOLD,
        _("Place and lift legal holds, which stop every erasure"),
        frozenset({Role.CUSTODIAN}),
    ),
    Permission(
        IDENTITY,
        _("Open a reporter's address, with a reason on record"),
        frozenset({Role.SUPERVISOR, Role.CUSTODIAN}),
    ),
]


def register_names() -> None:
    """Called once, when the apps are ready."""
    for event in [*EVENTS, *outside_registry.EVENTS]:
        register_event(event)
    for permission in [*PERMISSIONS, *outside_registry.PERMISSIONS]:
        register_permission(permission)
