"""Asks one GeoReport v2 server (wiki.open311.org/GeoReport_v2). Nothing is stored here.

Filing is not repeatable: who asks must know whether a request may have arrived. So the errors say
how far it got.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote, urlencode, urlsplit

from concerns.open311.reading import CannotRead, Record, records
from engagement.outside.gateway import Answer, CannotReach, NotSent, fetch

FORMATS = ("json", "xml")
LONGEST_DESCRIPTION = 4000


class Refused(Exception):
    """Their server said no; `code` is its HTTP status, or a word of ours."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NeverArrived(Exception):
    """No connection: nothing was filed, and trying again is safe."""


class NoAnswer(Exception):
    """It was sent and nothing sensible came back: it may have been filed or not."""


@dataclass(frozen=True)
class Endpoint:
    """`url` ends before "services.json"; `key` is the api_key, which no message shows."""

    url: str
    jurisdiction: str = ""
    key: str = ""

    def __repr__(self) -> str:
        return f"Endpoint({self.url})"


@dataclass(frozen=True)
class Service:
    code: str
    name: str
    has_questions: bool


@dataclass(frozen=True)
class Wanted:
    """What is filed. A point in degrees, or words for the place."""

    service_code: str
    description: str
    lon: float | None
    lat: float | None
    address: str


@dataclass(frozen=True)
class Filed:
    """Their number, or a token for which it comes later, or neither."""

    number: str
    token: str


@dataclass(frozen=True)
class Standing:
    """`status` is theirs in small letters: "open" or "closed", or something else."""

    status: str
    notes: str

    @property
    def is_closed(self) -> bool:
        return self.status == "closed"


def services(endpoint: Endpoint) -> list[Service]:
    """What can be filed there. Raises Refused, NeverArrived, NoAnswer."""
    return _services(_ask(endpoint, "services")[0])


def file(endpoint: Endpoint, wanted: Wanted) -> Filed:
    """File it, once. Raises Refused, NeverArrived, and NoAnswer when nobody can know.

    Their list is asked first: it tells the format they speak, and that they are there at all.
    """
    try:
        listed, form = _ask(endpoint, "services")
    except NoAnswer:
        raise NeverArrived from None
    service = next((each for each in _services(listed) if each.code == wanted.service_code), None)
    if service is None:
        raise Refused("service")
    if service.has_questions and _demands_answers(endpoint, service):
        raise Refused("questions")
    found = _post(endpoint, f"requests.{form}", _fields(endpoint, wanted))
    record = next(iter(found), {})
    number, token = record.get("service_request_id", ""), record.get("token", "")
    if not number and not token and record.get("code"):
        # Some servers tell their errors with the status of a success.
        raise Refused(record["code"][:20])
    return Filed(number, token)


def number_of(endpoint: Endpoint, token: str) -> str:
    """Their number for a token, "" while there is none. Raises like `services`."""
    found, _form = _ask(endpoint, f"tokens/{quote(token, safe='')}")
    return next((each["service_request_id"] for each in found if "service_request_id" in each), "")


def standing_of(endpoint: Endpoint, number: str) -> Standing:
    """How it stands there. Raises Refused (also for an unknown number), NeverArrived, NoAnswer."""
    found, _form = _ask(endpoint, f"requests/{quote(number, safe='')}")
    ours = [each for each in found if each.get("service_request_id", number) == number]
    record = next((each for each in ours if "status" in each), None)
    if record is None:
        raise Refused("unknown")
    return Standing(record["status"].casefold(), record.get("status_notes", ""))


def find(endpoint: Endpoint, *, service_code: str, mark: str, since: date) -> str:
    """The number of a request whose description holds our mark; "" when their list shows none,
    which proves nothing: many show a request only after somebody looked at it.

    Raises like `services`.
    """
    query = {"service_code": service_code, "start_date": f"{since.isoformat()}T00:00:00Z"}
    found, _form = _ask(endpoint, "requests", query)
    numbers = (
        each.get("service_request_id", "") for each in found if mark in each.get("description", "")
    )
    return next((number for number in numbers if number), "")


def _services(found: list[Record]) -> list[Service]:
    return [
        Service(
            code=each["service_code"],
            name=each.get("service_name") or each["service_code"],
            has_questions=each.get("metadata", "").casefold() == "true",
        )
        for each in found
        if each.get("service_code")
    ]


def _demands_answers(endpoint: Endpoint, service: Service) -> bool:
    """Whether the service asks something that must be answered; we have no such answers."""
    found, _form = _ask(endpoint, f"services/{quote(service.code, safe='')}")
    return any(
        each.get("required", "").casefold() == "true"
        and each.get("variable", "true").casefold() == "true"
        for each in found
    )


def _fields(endpoint: Endpoint, wanted: Wanted) -> dict[str, str]:
    fields = {
        "api_key": endpoint.key,
        "service_code": wanted.service_code,
        "description": wanted.description[:LONGEST_DESCRIPTION],
    }
    if wanted.lon is not None and wanted.lat is not None:
        fields |= {"lat": f"{wanted.lat:.6f}", "long": f"{wanted.lon:.6f}"}
    if wanted.address:
        fields["address_string"] = wanted.address
    if endpoint.jurisdiction:
        fields["jurisdiction_id"] = endpoint.jurisdiction
    return fields


def _ask(
    endpoint: Endpoint, what: str, query: Mapping[str, str] | None = None
) -> tuple[list[Record], str]:
    """The records of a GET and the format in which they came: JSON, or XML where only that is
    spoken."""
    refusal: Exception = NoAnswer()
    for form in FORMATS:
        parts = {**({"jurisdiction_id": endpoint.jurisdiction} if endpoint.jurisdiction else {})}
        parts |= query or {}
        url = f"{_below(endpoint, what)}.{form}" + (f"?{urlencode(parts)}" if parts else "")
        try:
            return _read(_fetched(url, endpoint)), form
        except (Refused, NoAnswer) as error:
            refusal = error
    raise refusal


def _post(endpoint: Endpoint, what: str, fields: Mapping[str, str]) -> list[Record]:
    return _read(_fetched(_below(endpoint, what), endpoint, fields))


def _below(endpoint: Endpoint, what: str) -> str:
    return f"{endpoint.url.rstrip('/')}/{what}"


def _fetched(url: str, endpoint: Endpoint, fields: Mapping[str, str] | None = None) -> Answer:
    host = urlsplit(endpoint.url).hostname or ""
    accept = {"Accept": "application/json, application/xml;q=0.9, text/xml;q=0.9"}
    try:
        return fetch(url, hosts=[host], form=fields, headers=accept)
    except NotSent:
        raise NeverArrived from None
    except CannotReach:
        raise NoAnswer from None


def _read(answer: Answer) -> list[Record]:
    if answer.status >= 500:
        raise NoAnswer
    if not 200 <= answer.status < 300:
        raise Refused(str(answer.status))
    try:
        return records(answer.body)
    except CannotRead:
        raise NoAnswer from None
