from datetime import date

from hypothesis import assume, given
from hypothesis import strategies as st

from concerns.routing import Duty, Facts, Rule, Staff, Target, owner_for, route, trouble_at

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


PEOPLE = st.integers(1, 4)
AREAS = st.integers(1, 3)


@st.composite
def rules(draw: st.DrawFn, number: int) -> Rule:
    target = draw(st.sampled_from(list(Target)))
    hours = draw(st.none() | st.tuples(st.integers(0, 23), st.integers(0, 23)))
    return Rule(
        id=number,
        name=f"rule {number}",
        version=1,
        target=target,
        target_id=None if target == Target.AREA else draw(PEOPLE),
        categories=draw(st.frozensets(st.integers(1, 2), max_size=1)),
        areas=draw(st.frozensets(AREAS, max_size=2)),
        from_hour=hours[0] if hours and hours[0] != hours[1] else None,
        until_hour=hours[1] if hours and hours[0] != hours[1] else None,
        weekdays=draw(st.frozensets(st.integers(0, 6), max_size=3)),
        answers=draw(st.sampled_from([(), (("q", frozenset({"Yes"})),)])),
    )


FACTS = st.builds(
    Facts,
    category_id=st.integers(1, 2),
    area_id=st.none() | AREAS,
    area_ids=st.frozensets(AREAS, max_size=3),
    weekday=st.integers(0, 6),
    hour=st.integers(0, 23),
    channel=st.sampled_from(["web", "phone"]),
    priority=st.just("normal"),
    answers=st.sampled_from([{}, {"q": frozenset({"Yes"})}, {"q": frozenset({"No"})}]),
)
STAFF = st.builds(
    Staff,
    duties=st.lists(
        st.builds(
            Duty,
            user_id=PEOPLE,
            area_id=AREAS,
            is_lead=st.booleans(),
            from_on=st.just(BEFORE),
            until_on=st.none(),
        ),
        max_size=4,
    ),
    readers=st.frozensets(PEOPLE),
    teams=st.dictionaries(PEOPLE, st.frozensets(PEOPLE, max_size=2)),
    organisations=st.frozensets(PEOPLE),
    stand_ins=st.dictionaries(PEOPLE, PEOPLE),
)
LISTS = st.integers(0, 4).flatmap(lambda size: st.tuples(*(rules(n) for n in range(1, size + 1))))


def can_follow(rule: Rule, facts: Facts, staff: Staff) -> bool:
    return rule.fits(facts) and trouble_at(rule, facts.area_id, staff=staff, on=TODAY) is None


@given(FACTS, LISTS, STAFF)
def test_the_first_rule_that_fits_and_can_be_followed_wins(
    facts: Facts, listed: tuple[Rule, ...], staff: Staff
) -> None:
    found = route(facts, rules=listed, staff=staff, on=TODAY)
    first = next((rule for rule in listed if can_follow(rule, facts, staff)), None)
    assert found.rule == first
    before = listed if first is None else listed[: listed.index(first)]
    assert [each.rule for each in found.skipped] == [rule for rule in before if rule.fits(facts)]


@given(FACTS, LISTS, STAFF)
def test_by_a_rule_work_never_goes_to_nobody(
    facts: Facts, listed: tuple[Rule, ...], staff: Staff
) -> None:
    found = route(facts, rules=listed, staff=staff, on=TODAY)
    if found.rule is None:
        owner = owner_for(area_id=facts.area_id, duties=staff.duties, on=TODAY)
        assert found.goes_to == (None, staff.present(owner))
    elif found.rule.target == Target.TEAM:
        assert staff.teams[found.team_id or 0]
    elif found.rule.target == Target.PERSON:
        assert found.user_id in staff.readers
    else:
        assert found.user_id is not None


@given(FACTS, LISTS, STAFF)
def test_rules_that_do_not_fit_change_nothing(
    facts: Facts, listed: tuple[Rule, ...], staff: Staff
) -> None:
    fitting = tuple(rule for rule in listed if rule.fits(facts))
    found = route(facts, rules=listed, staff=staff, on=TODAY)
    assert found == route(facts, rules=fitting, staff=staff, on=TODAY)


@given(st.integers(0, 23), st.integers(0, 23), FACTS)
def test_two_rules_of_opposite_hours_share_the_day(start: int, end: int, facts: Facts) -> None:
    assume(start != end)
    by_day = Rule(1, "day", 1, Target.AREA, from_hour=start, until_hour=end)
    by_night = Rule(2, "night", 1, Target.AREA, from_hour=end, until_hour=start)
    assert by_day.fits(facts) != by_night.fits(facts)


def test_who_is_away_is_stood_in_for() -> None:
    staff = Staff(duties=[duty(1)], readers=frozenset({2}), stand_ins={1: 2})
    found = route(
        Facts(1, 1, frozenset({1}), 0, 9, "web", "normal"), rules=(), staff=staff, on=TODAY
    )
    assert (found.user_id, found.absent_id) == (2, 1)
