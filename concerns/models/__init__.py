from concerns.models.answers import Answer, GuidedDay
from concerns.models.boundaries import BoundaryFollowing
from concerns.models.casework import AccessLink, Note, Reply, StatusChange
from concerns.models.calls import CallTask, CallTry
from concerns.models.campaigns import Campaign, CampaignDay
from concerns.models.categories import Category
from concerns.models.concern import Concern, ConcernArea
from concerns.models.questions import Question
from concerns.models.contact_wishes import ContactWish
from concerns.models.corrections import PlaceCorrection
from concerns.models.delays import DelayReason
from concerns.models.filings import Filing
from concerns.models.joining import Joining
from concerns.models.photos import ConcernPhoto, DoomedFile
from concerns.models.phrases import DangerPhrases
from concerns.models.reporters import Reporter

__all__ = [
    "AccessLink",
    "Answer",
    "BoundaryFollowing",
    "Category",
    "Concern",
    "ConcernArea",
    "GuidedDay",
    "Note",
    "Question",
    "Reply",
    "CallTask",
    "CallTry",
    "Campaign",
    "CampaignDay",
    "Reporter",
    "StatusChange",
]
    "DangerPhrases",
    "ConcernPhoto",
    "ContactWish",
    "DelayReason",
    "DoomedFile",
    "Filing",
    "Joining",
