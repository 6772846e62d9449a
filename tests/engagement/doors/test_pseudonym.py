"""No address and no device mark reaches a view, the cache or the session."""

import time

import pytest
from django.test import Client
from pytest_django import Settings

from engagement.doors import pseudonym as pseudonyms
from engagement.doors.pseudonym import PERIOD_SECONDS, client_address, pseudonym
from engagement.doors.throttle import allow

ADDRESS = "203.0.113.77"
OTHER = "198.51.100.5"
PROXY = "10.1.2.3"


@pytest.fixture(autouse=True)
def no_key_yet() -> None:
    pseudonyms._keys.clear()


def test_alike_within_ten_minutes_and_not_after() -> None:
    start = 1_800_000_000 // PERIOD_SECONDS * PERIOD_SECONDS
    meta = {"REMOTE_ADDR": ADDRESS}
    first = pseudonym(meta, moment=start)
    assert pseudonym(meta, moment=start + PERIOD_SECONDS - 1) == first
    assert pseudonym(meta, moment=start + PERIOD_SECONDS) != first
    assert pseudonym({"REMOTE_ADDR": OTHER}, moment=start) != first


def test_worker_processes_agree_through_the_cache_that_forgets() -> None:
    now = time.time()
    first = pseudonym({"REMOTE_ADDR": ADDRESS}, moment=now)
    pseudonyms._keys.clear()  # what another process would start with
    assert pseudonym({"REMOTE_ADDR": ADDRESS}, moment=now) == first


@pytest.mark.usefixtures("no_cache_server")
def test_without_the_cache_there_is_still_a_pseudonym() -> None:
    first = pseudonym({"REMOTE_ADDR": ADDRESS}, moment=0)
    assert len(first) == 32
    assert pseudonym({"REMOTE_ADDR": ADDRESS}, moment=0) == first


def test_one_household_of_ipv6_is_one_visitor() -> None:
    first = pseudonym({"REMOTE_ADDR": "2001:db8:1:2::1"}, moment=0)
    assert pseudonym({"REMOTE_ADDR": "2001:db8:1:2:ffff::9"}, moment=0) == first
    assert pseudonym({"REMOTE_ADDR": "2001:db8:1:3::1"}, moment=0) != first


def test_only_a_configured_proxy_is_believed(settings: Settings) -> None:
    meta = {"REMOTE_ADDR": PROXY, "HTTP_X_FORWARDED_FOR": f"1.2.3.4, {ADDRESS}"}
    settings.TRUSTED_PROXIES = []
    assert client_address(meta) == PROXY
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    assert client_address(meta) == ADDRESS
    assert client_address({**meta, "REMOTE_ADDR": OTHER}) == OTHER


def test_a_chain_of_proxies_is_read_from_the_right(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    chain = f"1.2.3.4, {ADDRESS}, 10.9.9.9"
    assert client_address({"REMOTE_ADDR": PROXY, "HTTP_X_FORWARDED_FOR": chain}) == ADDRESS


@pytest.mark.django_db
@pytest.mark.usefixtures("trial_doors")
def test_no_view_sees_address_forwarding_or_device() -> None:
    told = {
        "HTTP_X_FORWARDED_FOR": OTHER,
        "HTTP_X_REAL_IP": OTHER,
        "HTTP_FORWARDED": f"for={OTHER}",
        "HTTP_CF_CONNECTING_IP": OTHER,
        "HTTP_TRUE_CLIENT_IP": OTHER,
        "HTTP_USER_AGENT": "Canary/1.0",
        "REMOTE_HOST": ADDRESS,
        "REMOTE_PORT": "54321",
    }
    seen = Client(REMOTE_ADDR=ADDRESS, **told).get("/trial/open/").json()
    text = str(seen)
    for canary in (ADDRESS, OTHER, "Canary", "54321"):
        assert canary not in text
    assert seen["meta"]["REMOTE_ADDR"] == seen["client"]


@pytest.mark.django_db
@pytest.mark.usefixtures("trial_doors")
def test_a_stranger_cannot_claim_to_come_by_https(settings: Settings) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.TRUSTED_PROXIES = [PROXY]
    claim = {"HTTP_X_FORWARDED_PROTO": "https"}
    direct = Client(REMOTE_ADDR=ADDRESS, **claim).get("/trial/open/").json()
    assert "HTTP_X_FORWARDED_PROTO" not in direct["meta"]
    behind = Client(REMOTE_ADDR=PROXY, **claim).get("/trial/open/").json()
    assert behind["meta"]["HTTP_X_FORWARDED_PROTO"] == "https"


class Visit:
    def __init__(self, client: str) -> None:
        self.client = client


def test_a_throttle_counts_each_visitor_apart() -> None:
    first, second = Visit("a" * 32), Visit("b" * 32)
    verdicts = [allow("trial", first, limit=2, seconds=3600) for _ in range(3)]  # type: ignore[arg-type]
    assert verdicts == [True, True, False]
    assert allow("trial", second, limit=2, seconds=3600)  # type: ignore[arg-type]
    assert allow("other", first, limit=2, seconds=3600)  # type: ignore[arg-type]


@pytest.mark.usefixtures("no_cache_server")
def test_a_broken_counter_refuses_nobody() -> None:
    for _ in range(5):
        assert allow("trial", Visit("a"), limit=2, seconds=60)  # type: ignore[arg-type]
