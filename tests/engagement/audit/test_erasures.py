"""What was erased is remembered where no backup reaches."""

import json
import os
import stat
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path

import pytest

from engagement.audit import erasures
from engagement.audit.erasures import (
    LEDGER,
    BadLedger,
    CannotRemember,
    Erased,
    Replay,
    register_replay,
    remember,
    remembered,
    replay,
)
from tests.engagement.audit.conftest import NOW

DAY = date(2026, 3, 1)


@pytest.fixture(autouse=True)
def emptied(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The marks that a replay was asked to erase."""
    asked: list[str] = []

    def erase_again(marks: Iterable[str], now: datetime) -> int:
        asked.extend(marks)
        return len(asked)

    monkeypatch.setattr(erasures, "_replays", {})
    register_replay(Replay("lamp", erase_again))
    return asked


def test_what_is_remembered_comes_back_in_order(heads_folder: Path) -> None:
    remember("lamp", ["a", "b"], on=DAY)
    remember("lamp", ["c"], on=date(2026, 3, 2))
    assert remembered() == [
        Erased("lamp", "a", DAY),
        Erased("lamp", "b", DAY),
        Erased("lamp", "c", date(2026, 3, 2)),
    ]
    assert stat.S_IMODE((heads_folder / LEDGER).stat().st_mode) == 0o600


def test_a_replay_asks_each_kind_for_its_marks(emptied: list[str]) -> None:
    remember("lamp", ["a", "b"], on=DAY)
    assert replay(remembered(), now=NOW) == 2
    assert emptied == ["a", "b"]
    with pytest.raises(BadLedger, match="does not know door"):
        replay([Erased("door", "x", DAY)], now=NOW)


def test_many_that_erase_at_once_leave_one_ledger() -> None:
    marks = [str(number) for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda mark: remember("lamp", [mark], on=DAY), marks))
    assert sorted(line.mark for line in remembered()) == sorted(marks)


def test_a_line_that_a_crash_cut_short_does_not_count_and_is_written_over(
    heads_folder: Path,
) -> None:
    remember("lamp", ["a", "b"], on=DAY)
    path = heads_folder / LEDGER
    os.truncate(path, path.stat().st_size - 5)
    assert [line.mark for line in remembered()] == ["a"]
    remember("lamp", ["c"], on=DAY)
    assert [line.mark for line in remembered()] == ["a", "c"]


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda lines: [lines[0], lines[2]], "missing before line 2"),
        (lambda lines: lines[1:], "missing before line 1"),
        (lambda lines: [lines[0], "{}", lines[2]], "line 2 is damaged"),
        (lambda lines: [*lines[:2], lines[2].replace('"c"', '"d"')], "line 3 is not signed"),
    ],
)
def test_a_changed_ledger_is_told(heads_folder: Path, spoil: object, told: str) -> None:
    remember("lamp", ["a", "b", "c"], on=DAY)
    path = heads_folder / LEDGER
    lines = spoil(path.read_text().splitlines())  # type: ignore[operator]
    path.write_text("\n".join(lines) + "\n")
    with pytest.raises(BadLedger, match=told):
        remembered()


def test_a_line_names_nobody(heads_folder: Path) -> None:
    remember("lamp", ["a"], on=DAY)
    stored = json.loads((heads_folder / LEDGER).read_text())
    assert stored["body"][2:] == ["2026-03-01", "lamp", "a"]


def test_where_the_ledger_cannot_be_written_nothing_is_erased(heads_folder: Path) -> None:
    heads_folder.write_text("a file in the place of the folder")
    with pytest.raises(CannotRemember, match="nothing was erased"):
        remember("lamp", ["a"], on=DAY)
    with pytest.raises(ValueError, match="nobody registered"):
        remember("door", ["a"], on=DAY)
