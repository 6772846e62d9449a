"""Storing a layer's areas as they are from today on."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.text import slugify

from engagement.audit.actions import record
from engagement.audit.actors import Actor
from engagement.audit.subjects import Subject
from engagement.places.events import BOUNDARIES_IMPORTED
from engagement.places.importing.boundaries import AreaShape
from engagement.places.models import Agency, Area, AreaVersion

MAX_SLUG = 80


@dataclass(frozen=True)
class BoundaryReport:
    """How many areas of the layer were new, got another shape or name, stayed, or ended."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    ended: int = 0

    @property
    def is_nothing_new(self) -> bool:
        return not (self.created or self.changed or self.ended)


@transaction.atomic(durable=True)
def store_boundaries(
    *,
    agency_id: int,
    layer: str,
    areas: Sequence[AreaShape],
    source: str,
    by: Actor,
    now: datetime,
) -> BoundaryReport:
    """Make these the areas of the layer from today (the agency's day) on.

    An area keeps its identity by (agency, layer, code). One whose shape differs gets a new
    version from today, and its old one ends yesterday; a version that only began today is
    replaced. Areas that are missing here end yesterday. The same areas again change nothing.
    """
    # Two imports at once would both close and open versions; the second waits here.
    agency = Agency.objects.select_for_update().get(pk=agency_id)
    today = agency.day_of(now)
    stored = _Layer(agency, layer, today)
    created = changed = unchanged = 0
    for area in areas:
        if area.code not in stored.areas:
            stored.create(area, source)
            created += 1
        elif stored.update(area, source):
            changed += 1
        else:
            unchanged += 1
    stored.save()
    ended = stored.end_all_but({area.code for area in areas})
    report = BoundaryReport(created, changed, unchanged, ended)
    if not report.is_nothing_new:
        record(
            BOUNDARIES_IMPORTED,
            by=by,
            subject=Subject("agency", agency.slug),
            agency_id=agency.pk,
            now=now,
            payload={"layer": layer, **asdict(report)},
        )
    return report


class _Layer:
    """The rows of one layer during an import, written together at the end."""

    def __init__(self, agency: Agency, layer: str, today: date) -> None:
        self.agency = agency
        self.layer = layer
        self.today = today
        rows = Area.objects.filter(agency=agency).order_by("id")
        self.slugs = set(rows.values_list("slug", flat=True))
        self.areas = {area.code: area for area in rows.filter(layer=layer)}
        versions = AreaVersion.objects.filter(agency=agency, area__layer=layer)
        self.open = {
            version.area_id: version
            for version in versions.filter(valid_until__isnull=True).order_by("id")
        }
        self.started_today = {
            version.area_id: version for version in versions.filter(valid_from=today).order_by("id")
        }
        self.new_areas: list[Area] = []
        self.new_versions: list[AreaVersion] = []

    def create(self, found: AreaShape, source: str) -> None:
        area = Area(
            agency=self.agency,
            layer=self.layer,
            code=found.code,
            name=found.name,
            slug=self._free_slug(found.name),
        )
        self.areas[found.code] = area
        self.new_areas.append(area)
        self.new_versions.append(self._version(area, found, source))

    def update(self, found: AreaShape, source: str) -> bool:
        """Bring one area up to date; say whether anything differed."""
        area = self.areas[found.code]
        is_renamed = area.name != found.name
        if is_renamed:
            area.name = found.name
            area.save(update_fields=["name"])
        current = self.open.get(area.pk)
        if current is not None and current.shape == found.geometry:
            return is_renamed
        if current is not None:
            self._end(current)
        # One that began today and was ended today already leaves its day to the new one.
        replaced = self.started_today.pop(area.pk, None)
        if replaced is not None and replaced.pk is not None:
            replaced.delete()
        self.new_versions.append(self._version(area, found, source))
        return True

    def end_all_but(self, codes: set[str]) -> int:
        missing = [
            self.open[area.pk]
            for code, area in self.areas.items()
            if code not in codes and area.pk in self.open
        ]
        for version in missing:
            self._end(version)
        return len(missing)

    def save(self) -> None:
        Area.objects.bulk_create(self.new_areas)
        AreaVersion.objects.bulk_create(self.new_versions, batch_size=500)

    def _end(self, version: AreaVersion) -> None:
        if version.valid_from >= self.today:
            version.delete()
        else:
            version.valid_until = self.today - timedelta(days=1)
            version.save(update_fields=["valid_until"])

    def _version(self, area: Area, found: AreaShape, source: str) -> AreaVersion:
        return AreaVersion(
            agency=self.agency,
            area=area,
            shape=found.geometry,
            valid_from=self.today,
            source=source[:200],
            min_lon=found.bounds.west,
            min_lat=found.bounds.south,
            max_lon=found.bounds.east,
            max_lat=found.bounds.north,
        )

    def _free_slug(self, name: str) -> str:
        """Prefer the bare name; another layer's area of that name gets its layer in front."""
        stem = slugify(name)[: MAX_SLUG - 8].strip("-") or self.layer
        wanted = stem if stem not in self.slugs else f"{self.layer}-{stem}"[: MAX_SLUG - 8]
        free, count = wanted, 2
        while free in self.slugs:
            free, count = f"{wanted}-{count}", count + 1
        self.slugs.add(free)
        return free
