"""Storing an agency's house numbers, and the blocks that follow from them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from engagement.audit.actions import record
from engagement.audit.actors import Actor
from engagement.audit.subjects import Subject
from engagement.places.blocks import Cell, House, cells_of
from engagement.places.events import ADDRESSES_IMPORTED
from engagement.places.importing.addresses import AddressPoint
from engagement.places.models import Address, Agency, Block
from engagement.places.names import key_of, parts
from engagement.places.queries.areas import agency_bounds

BATCH = 5000
# Farther out than this from every area, a house is another agency's.
MARGIN_KILOMETRES = 5.0


@dataclass(frozen=True)
class AddressReport:
    """What was stored; `elsewhere` lay too far outside, `twice` stood in the file before."""

    addresses: int
    blocks: int
    elsewhere: int
    twice: int
    is_nothing_new: bool


@transaction.atomic(durable=True)
def store_addresses(
    *, agency_id: int, found: Iterable[AddressPoint], by: Actor, now: datetime
) -> AddressReport:
    """Replace the agency's house numbers by these; the same again change nothing."""
    # Two imports at once would mix their rows; the second waits here.
    agency = Agency.objects.select_for_update().get(pk=agency_id)
    points = list(found)
    near = _near(agency, points)
    addresses = _unlike(agency, near)
    cells = cells_of({(a.street_key, a.number): House(a.lon, a.lat) for a in addresses}.values())
    report = AddressReport(
        addresses=len(addresses),
        blocks=len(cells),
        elsewhere=len(points) - len(near),
        twice=len(near) - len(addresses),
        is_nothing_new=_are_stored(agency, addresses),
    )
    if report.is_nothing_new:
        return report
    Address.objects.filter(agency=agency).delete()
    Block.objects.filter(agency=agency).delete()
    Address.objects.bulk_create(addresses, batch_size=BATCH)
    Block.objects.bulk_create(
        (_block(agency, cell) for cell in cells),
        batch_size=BATCH,
    )
    record(
        ADDRESSES_IMPORTED,
        by=by,
        subject=Subject("agency", agency.slug),
        agency_id=agency.pk,
        now=now,
        payload={"addresses": report.addresses, "blocks": report.blocks},
    )
    return report


def _block(agency: Agency, cell: Cell) -> Block:
    edges = cell.bounds._asdict()
    return Block(agency=agency, lon=cell.lon, lat=cell.lat, numbers=cell.numbers, **edges)


def _near(agency: Agency, points: list[AddressPoint]) -> list[AddressPoint]:
    bounds = agency_bounds(agency)
    if bounds is None:
        return points
    around = bounds.padded(MARGIN_KILOMETRES)
    return [point for point in points if around.holds(point.lon, point.lat)]


def _unlike(agency: Agency, points: Iterable[AddressPoint]) -> list[Address]:
    """One row for each door: the first of those that the file repeats."""
    keys: dict[str, str] = {}
    rows: dict[tuple[str, int, str], Address] = {}
    for point in points:
        key = keys.get(point.street) or keys.setdefault(point.street, key_of(parts(point.street)))
        rows.setdefault(
            (key, point.number, point.suffix),
            Address(
                agency=agency,
                street_key=key,
                street=point.street,
                number=point.number,
                suffix=point.suffix,
                lon=point.lon,
                lat=point.lat,
            ),
        )
    return list(rows.values())


def _are_stored(agency: Agency, addresses: Iterable[Address]) -> bool:
    columns = ("street_key", "number", "suffix", "street", "lon", "lat")
    kept = set(Address.objects.filter(agency=agency).order_by("id").values_list(*columns))
    return kept == {tuple(getattr(row, name) for name in columns) for row in addresses}
