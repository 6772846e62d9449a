"""From what was typed or tapped to one place, or to the question that is still open."""

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from concerns.forms.report import ReportForm
from concerns.models.concern import PlaceSource
from engagement.places.models import Agency
from engagement.places.queries import PlaceHit, is_near_agency, search_places


@dataclass(frozen=True)
class ChosenPlace:
    """Where a report points to; `lon` and `lat` are WGS 84 degrees, both or neither."""

    source: str
    text: str
    lon: float | None = None
    lat: float | None = None
    area_code: str = ""


def as_choice(hit: PlaceHit) -> str:
    """The value of a radio button that stands for this search result."""
    return f"{hit.lon:.6f},{hit.lat:.6f},{hit.label}"


def find_hits(*, agency: Agency, text: str) -> list[dict[str, str]]:
    """Search results as radio buttons (value, label, kind), for a page without JavaScript."""
    hits = search_places(agency=agency, text=text) if text.strip() else []
    return [{"value": as_choice(hit), "label": hit.label, "kind": str(hit.kind)} for hit in hits]


def chosen_place(form: ReportForm, *, agency: Agency) -> ChosenPlace | None:
    """The place that a report form names, None after adding the error that says what is
    missing; call it after `is_valid`, also when other fields have errors. Words alone are looked
    up; one exact hit is taken as meant."""
    data = form.cleaned_data
    if data.get("no_place"):
        return ChosenPlace(source=PlaceSource.WORDS, text=data.get("place_query", ""))
    place = _pointed(form)
    if place is None and data.get("area"):
        name = form.areas[data["area"]]
        return ChosenPlace(source=PlaceSource.LIST, text=name, area_code=data["area"])
    if place is None and data.get("place_query"):
        place = _only_exact_hit(agency, data["place_query"])
        if place is None:
            form.add_error("place_query", _("Choose which of the places below you mean."))
            return None
    if place is None:
        form.add_error(
            "place_query",
            _(
                "Say where it is: search, tap the map, choose a neighborhood, or tick “There is "
                "no exact place”."
            ),
        )
        return None
    assert place.lon is not None
    assert place.lat is not None
    if not is_near_agency(agency, place.lon, place.lat):
        form.add_error(
            "place_query",
            _("This place is far outside %(agency)s. Choose a place nearer by.")
            % {"agency": agency.short_name or agency.name},
        )
        return None
    return place


def carried(place: ChosenPlace) -> dict[str, str]:
    """Form values that name this place again, one step on.

    A place found by search is remembered with its words: who then changes the words,
    without a script that moves the pin, means another place.
    """
    if place.lon is None or place.lat is None:
        return {"place_hit": "", "lon": "", "lat": ""}
    point = f"{place.lon:.6f},{place.lat:.6f}"
    lon, lat = point.split(",")
    kept = f"{point},{place.text}" if place.source == PlaceSource.SEARCH else ""
    return {"place_hit": "", "place_query": place.text, "lon": lon, "lat": lat, "place_kept": kept}


def named_place(agency: Agency, text: str) -> ChosenPlace | None:
    """The one place in or near the agency that these words name exactly, None for none or
    several."""
    place = _only_exact_hit(agency, text)
    if place is None or place.lon is None or place.lat is None:
        return None
    return place if is_near_agency(agency, place.lon, place.lat) else None


def _pointed(form: ReportForm) -> ChosenPlace | None:
    data = form.cleaned_data
    hit = _found(data.get("place_hit", ""))
    if hit is not None:
        return replace(hit, text=_with_number(data.get("place_query", ""), hit.text))
    lon, lat = data.get("lon"), data.get("lat")
    if lon is None or lat is None:
        return None
    kept = _found(data.get("place_kept", ""))
    if kept is not None and (kept.lon, kept.lat) == (lon, lat):
        return kept if kept.text == data.get("place_query") else None
    return ChosenPlace(source=PlaceSource.MAP, text=data.get("place_query", ""), lon=lon, lat=lat)


def _with_number(typed: str, label: str) -> str:
    """Where a house number led only to its street, keep what was typed beside what was found."""
    has_number = any(sign.isdigit() for sign in typed) and not label[:1].isdigit()
    return f"{typed} ({label})" if has_number and label.lower() not in typed.lower() else label


def _found(choice: str) -> ChosenPlace | None:
    """The search result that a radio button stands for, None for anything else."""
    parts = choice.split(",", 2)
    try:
        lon, lat = float(parts[0]), float(parts[1])
    except (ValueError, IndexError):
        return None
    text = parts[2] if len(parts) > 2 else ""
    return ChosenPlace(source=PlaceSource.SEARCH, text=text, lon=lon, lat=lat)


def _only_exact_hit(agency: Agency, text: str) -> ChosenPlace | None:
    hits = [hit for hit in search_places(agency=agency, text=text) if hit.exact]
    if len(hits) != 1:
        return None
    hit = hits[0]
    return ChosenPlace(source=PlaceSource.SEARCH, text=hit.label, lon=hit.lon, lat=hit.lat)
