"""Changing places: each import in one transaction, written into history."""

from engagement.places.actions.addresses import AddressReport, store_addresses
from engagement.places.actions.agencies import CannotCreateAgency, create_agency
from engagement.places.actions.boundaries import BoundaryReport, store_boundaries
from engagement.places.actions.streets import StreetReport, store_streets

__all__ = [
    "AddressReport",
    "BoundaryReport",
    "CannotCreateAgency",
    "StreetReport",
    "create_agency",
    "store_addresses",
    "store_boundaries",
    "store_streets",
]
