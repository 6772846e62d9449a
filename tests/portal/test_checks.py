"""Servers of somebody else are asked whether they would keep what people write."""

from collections.abc import Iterator

import pytest
from django.core.checks import CheckMessage, run_checks
from django.db import connections
from pytest_django import Settings

from portal.checks import QUIET_LOG, cache_keeps_nothing, database_log_is_quiet
from portal.servers.layout import Layout

pytestmark = pytest.mark.privacy


@pytest.fixture
def outside(settings: Settings, servers: Layout) -> Settings:
    """The servers of the tests, as if somebody else ran them."""
    settings.EMBEDDED_DATABASE = False
    settings.EMBEDDED_BROKER = False
    return settings


@pytest.fixture
def session(committed_database: str) -> Iterator[None]:
    """Server settings that a test makes end with its session."""
    yield
    connections["owner"].close()


def say(name: str, value: str) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, false)", [name, value])


def ids(found: list[CheckMessage]) -> list[str | None]:
    return [one.id for one in found]


def test_the_embedded_servers_would_pass(outside: Settings, session: None) -> None:
    assert database_log_is_quiet(None) == []
    assert cache_keeps_nothing(None) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("log_min_messages", "warning"),
        ("log_min_error_statement", "error"),
        ("log_error_verbosity", "default"),
        ("log_statement", "mod"),
        ("log_duration", "on"),
        ("log_min_duration_statement", "500"),
        ("log_min_duration_sample", "0"),
        ("log_transaction_sample_rate", "0.5"),
        ("log_parameter_max_length_on_error", "-1"),
    ],
)
def test_a_log_that_repeats_what_people_write_is_refused_with_the_sql_to_run(
    name: str, value: str, outside: Settings, session: None, committed_database: str
) -> None:
    say(name, value)

    [refused] = database_log_is_quiet(None)

    remedy = f"ALTER DATABASE {committed_database} SET {name} = '{QUIET_LOG[name][0]}';"
    assert refused.msg.endswith(f"run: {remedy}")
    assert refused.is_serious()
    assert "\n" not in refused.msg


def test_the_sql_of_the_refusal_mends_the_database(
    outside: Settings, session: None, committed_database: str
) -> None:
    owner = connections["owner"]
    with owner.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {committed_database} SET log_min_error_statement = error")
    owner.close()
    [refused] = database_log_is_quiet(None)

    with owner.cursor() as cursor:
        cursor.execute(refused.msg.split("run: ")[1])
    owner.close()

    assert database_log_is_quiet(None) == []


def test_a_cache_that_writes_to_disk_is_refused(outside: Settings, servers: Layout) -> None:
    queue = servers.queue_url.partition("?")[0].replace("redis+socket", "unix")
    outside.CACHES = {"default": {"LOCATION": queue}}

    [refused] = cache_keeps_nothing(None)

    assert refused.msg.endswith('run on it: CONFIG SET appendonly "no"')
    assert refused.is_serious()


def test_a_cache_that_does_not_answer_is_told(outside: Settings) -> None:
    outside.CACHES = {"default": {"LOCATION": "redis://127.0.0.1:1/0"}}

    assert ids(cache_keeps_nothing(None)) == ["portal.E003"]


def test_only_a_deployment_is_checked(outside: Settings, session: None) -> None:
    say("log_statement", "all")

    assert "portal.E001" in ids(run_checks(include_deployment_checks=True))
    assert "portal.E001" not in ids(run_checks())
