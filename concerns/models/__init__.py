from concerns.models.boundaries import BoundaryFollowing
from concerns.models.casework import AccessLink, Note, Reply, StatusChange
from concerns.models.categories import Category
from concerns.models.concern import Concern, ConcernArea
from concerns.models.reporters import Reporter

__all__ = [
    "AccessLink",
    "BoundaryFollowing",
    "Category",
    "Concern",
    "ConcernArea",
    "Note",
    "Reply",
    "Reporter",
    "StatusChange",
]
