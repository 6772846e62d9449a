from concerns.models.absences import Absence
from concerns.models.adoptions import Adoption
from concerns.models.answers import Answer, GuidedDay
from concerns.models.boundaries import BoundaryFollowing
from concerns.models.bulk import BulkRow, BulkRun
from concerns.models.calls import CallTask, CallTry
from concerns.models.campaigns import Campaign, CampaignDay
from concerns.models.casework import AccessLink, Note, Reply, StatusChange
from concerns.models.categories import Category
from concerns.models.clocks import ClockSettings, Escalation
from concerns.models.concern import Concern, ConcernArea
from concerns.models.contact_wishes import ContactWish
from concerns.models.corrections import PlaceCorrection
from concerns.models.delays import DelayReason
from concerns.models.desk_counts import DeskChange, DeskCount, DeskLook
from concerns.models.filings import Filing
from concerns.models.handoffs import (
    Handoff,
    HandoffEntry,
    HandoffLink,
    ReturnedPhoto,
    SharedPhoto,
)
from concerns.models.holds import LegalHold
from concerns.models.joining import Joining
from concerns.models.languages import (
    BesideLanguage,
    LanguageTask,
    ReplyLanguage,
    WrittenLanguage,
)
from concerns.models.lexemes import Lexeme, WordsDue
from concerns.models.links import Merge, Part, SeeAlso, WordForAll
from concerns.models.moderation import Flag, ModerationDecision, ModerationReason
from concerns.models.outside_numbers import (
    CallMapping,
    CallSuggestion,
    OutsideCall,
    OutsideNumber,
    OutsideSystems,
)
from concerns.models.outside_requests import OutsideRequest, OutsideService
from concerns.models.photos import ConcernPhoto, DoomedFile
from concerns.models.phrases import DangerPhrases
from concerns.models.questions import Question
from concerns.models.ratings import RatingMark, RatingRelease, WaitingRating
from concerns.models.readings import Reading
from concerns.models.reasons import ChangeReason
from concerns.models.referrals import ContactConsent, Referral
from concerns.models.relays import Relay
from concerns.models.removals import RemovalRequest
from concerns.models.reply_templates import ReplyTemplate
from concerns.models.reporters import Reporter
from concerns.models.rules import ConcernRoute, RoutingRule, RuleArea, RuleCategory
from concerns.models.saved_filters import FilterUse, QueueLook, SavedFilter
from concerns.models.services import EmptyHome, SecuritySurvey, ServiceRequest
from concerns.models.suspicions import SlowDown, Suspicion
from concerns.models.tags import ConcernTag, Tag
from concerns.models.teams import Team, TeamMember
from concerns.models.visits import Visit
from concerns.models.ways import OfferedWays
from concerns.models.wrong_doors import DutyShift, WrongDoor, WrongDoorCall, WrongDoorPage

__all__ = [
    "Absence",
    "AccessLink",
    "Adoption",
    "Answer",
    "BesideLanguage",
    "BoundaryFollowing",
    "BulkRow",
    "BulkRun",
    "CallMapping",
    "CallSuggestion",
    "CallTask",
    "CallTry",
    "Campaign",
    "CampaignDay",
    "Category",
    "ChangeReason",
    "ClockSettings",
    "Concern",
    "ConcernArea",
    "ConcernPhoto",
    "ConcernRoute",
    "ConcernTag",
    "ContactConsent",
    "ContactWish",
    "DangerPhrases",
    "DelayReason",
    "DeskChange",
    "DeskCount",
    "DeskLook",
    "DoomedFile",
    "DutyShift",
    "EmptyHome",
    "Escalation",
    "Filing",
    "FilterUse",
    "Flag",
    "GuidedDay",
    "Handoff",
    "HandoffEntry",
    "HandoffLink",
    "Joining",
    "LanguageTask",
    "LegalHold",
    "Lexeme",
    "Merge",
    "ModerationDecision",
    "ModerationReason",
    "Note",
    "OfferedWays",
    "OutsideCall",
    "OutsideNumber",
    "OutsideRequest",
    "OutsideService",
    "OutsideSystems",
    "Part",
    "PlaceCorrection",
    "Question",
    "QueueLook",
    "RatingMark",
    "RatingRelease",
    "Reading",
    "Referral",
    "Relay",
    "RemovalRequest",
    "Reply",
    "ReplyLanguage",
    "ReplyTemplate",
    "Reporter",
    "ReturnedPhoto",
    "RoutingRule",
    "RuleArea",
    "RuleCategory",
    "SavedFilter",
    "SecuritySurvey",
    "SeeAlso",
    "ServiceRequest",
    "SharedPhoto",
    "SlowDown",
    "StatusChange",
    "Suspicion",
    "Tag",
    "Team",
    "TeamMember",
    "Visit",
    "WaitingRating",
    "WordForAll",
    "WordsDue",
    "WrittenLanguage",
    "WrongDoor",
    "WrongDoorCall",
    "WrongDoorPage",
]
