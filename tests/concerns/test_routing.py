from datetime import date

from concerns.routing import Duty, owner_for

TODAY = date(2026, 11, 3)
BEFORE, LATER = date(2026, 1, 1), date(2026, 12, 1)


def duty(user_id: int, *, area_id: int = 1, leads: bool = True, **dates: date | None) -> Duty:
    return Duty(user_id, area_id, leads, dates.get("from_on") or BEFORE, dates.get("until_on"))


def test_the_lead_of_the_area_owns_it_and_nobody_else() -> None:
    duties = [duty(1, leads=False), duty(2), duty(3, area_id=2)]
    assert owner_for(area_id=1, duties=duties, on=TODAY) == 2


def test_of_two_leads_the_newer_assignment_wins() -> None:
    duties = [duty(1, from_on=date(2026, 5, 1)), duty(2)]
    assert owner_for(area_id=1, duties=duties, on=TODAY) == 1


def test_an_assignment_counts_through_its_last_day() -> None:
    ends = [duty(1, until_on=TODAY)]
    assert owner_for(area_id=1, duties=ends, on=TODAY) == 1
    assert owner_for(area_id=1, duties=ends, on=date(2026, 11, 4)) is None
    assert owner_for(area_id=1, duties=[duty(1, from_on=LATER)], on=TODAY) is None


def test_without_a_lead_the_only_officer_owns_it_but_two_leave_it_open() -> None:
    one = [duty(1, leads=False)]
    assert owner_for(area_id=1, duties=one, on=TODAY) == 1
    assert owner_for(area_id=1, duties=[*one, duty(2, leads=False)], on=TODAY) is None


def test_outside_every_area_nobody_owns_it() -> None:
    assert owner_for(area_id=None, duties=[duty(1)], on=TODAY) is None
