from concerns.models.answers import Answer, GuidedDay
from concerns.models.boundaries import BoundaryFollowing
from concerns.models.casework import AccessLink, Note, Reply, StatusChange
from concerns.models.categories import Category
from concerns.models.concern import Concern, ConcernArea
from concerns.models.questions import Question
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
    "Reporter",
    "StatusChange",
]
