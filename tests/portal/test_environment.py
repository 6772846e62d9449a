"""Settings from outside: what is malformed is refused in one line, and no secret is repeated."""

import stat
from pathlib import Path

import pytest

from portal import database, environment
from portal.environment import ImproperlySet
from portal.servers.layout import Layout


def test_a_port_must_be_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for value in ("abc", "0", "70000", "-1", "80.5"):
        monkeypatch.setenv("PORT", value)
        with pytest.raises(ImproperlySet, match="PORT: give a port number"):
            environment.port("PORT", 8000)


def test_a_flag_is_yes_or_no(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_DEMO", "off")
    assert environment.flag("PORTAL_DEMO", default=True) is False
    monkeypatch.setenv("PORTAL_DEMO", "maybe")
    with pytest.raises(ImproperlySet, match="PORTAL_DEMO: say 1 or 0"):
        environment.flag("PORTAL_DEMO", default=True)


@pytest.mark.parametrize(
    "value",
    [
        "mysql://user:hunter2@host/name",
        "postgresql://user:hunter2@host:notaport/name",
        "postgresql://user:hunter2@host:5432",
    ],
)
def test_a_database_address_is_refused_without_repeating_its_password(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", value)

    with pytest.raises(ImproperlySet, match="DATABASE_URL") as refused:
        database.outside()

    assert "hunter2" not in str(refused.value)


def test_pages_use_the_limited_role_and_the_owner_does_not(tmp_path: Path) -> None:
    layout = Layout(var=tmp_path, keys=tmp_path / "keys")

    found = database.aliases(layout, process="web")

    assert "role=common_ground_app" in found["default"]["OPTIONS"]["options"]
    assert "statement_timeout=15000" in found["default"]["OPTIONS"]["options"]
    assert "options" not in found["owner"]["OPTIONS"]


def test_a_task_is_ended_by_the_server_and_a_command_by_nobody(tmp_path: Path) -> None:
    layout = Layout(var=tmp_path, keys=tmp_path / "keys")

    def options(process: str) -> str:
        found = database.aliases(layout, process=process)["default"]["OPTIONS"]["options"]
        return str(found)

    assert "statement_timeout=120000" in options("worker")
    assert "timeout" not in options("command")


def test_a_secret_may_lie_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "url").write_text("postgresql://portal:hunter2@db.example.gov/portal\n")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("DATABASE_URL_FILE", str(tmp_path / "url"))

    found = database.outside()

    assert found is not None
    assert (found["HOST"], found["PASSWORD"]) == ("db.example.gov", "hunter2")


def test_a_secret_that_cannot_be_read_is_told_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("EMAIL_URL", raising=False)
    monkeypatch.setenv("EMAIL_URL_FILE", str(tmp_path / "absent"))

    with pytest.raises(ImproperlySet, match="EMAIL_URL_FILE: cannot read"):
        environment.text("EMAIL_URL")


def test_keys_do_not_travel_with_the_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_KEYS", str(tmp_path / "data" / "keys"))

    with pytest.raises(ImproperlySet, match="PORTAL_KEYS"):
        environment.keys_folder(tmp_path)


def test_a_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "queue.password"

    first = environment.stored_secret(path)

    assert environment.stored_secret(path) == first
    assert len(first) == 64
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [found.name for found in path.parent.iterdir()] == ["queue.password"]


def test_a_damaged_secret_is_told(tmp_path: Path) -> None:
    (tmp_path / "queue.password").write_text("")

    with pytest.raises(ImproperlySet, match="is damaged"):
        environment.stored_secret(tmp_path / "queue.password")


def test_mail_addresses_choose_the_way_of_encryption(monkeypatch: pytest.MonkeyPatch) -> None:
    schemes = dict.fromkeys(["smtp", "smtps", "smtp+tls"], "smtp://host")
    monkeypatch.setenv("EMAIL_URL", "smtp+tls://a%40b:p%2Fw@mail.example:2525?from=x@example.gov")

    parts = environment.url("EMAIL_URL", schemes)

    assert parts
    found = environment.mail(parts)
    assert found["EMAIL_USE_TLS"]
    assert not found["EMAIL_USE_SSL"]
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"]) == ("mail.example", 2525)
    assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == ("a@b", "p/w")
    assert found["DEFAULT_FROM_EMAIL"] == "x@example.gov"


def test_an_origin_is_scheme_and_host_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_ORIGIN", "https://portal.example.gov/")
    assert environment.origin("") == "https://portal.example.gov"
    for value in ("portal.example.gov", "ftp://x", "https://x.gov/path"):
        monkeypatch.setenv("PORTAL_ORIGIN", value)
        with pytest.raises(ImproperlySet, match="PORTAL_ORIGIN"):
            environment.origin("")
