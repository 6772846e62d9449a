import pytest

from engagement.audit.actors import Actor, ActorKind


def test_only_staff_carry_a_user_id() -> None:
    assert Actor.staff(7).user_id == 7
    for actor in (Actor.reporter(), Actor.resident(), Actor.token("link"), Actor.task("sweep")):
        assert actor.user_id is None
    for kind in set(ActorKind) - {ActorKind.STAFF}:
        with pytest.raises(ValueError, match="user id"):
            Actor(kind, user_id=7, name="x")
    with pytest.raises(ValueError, match="user id"):
        Actor(ActorKind.STAFF)


def test_only_tokens_and_tasks_have_a_name() -> None:
    with pytest.raises(ValueError, match="name"):
        Actor(ActorKind.REPORTER, name="Ana")
    with pytest.raises(ValueError, match="name"):
        Actor.task("")


def test_nobody_but_staff_and_tasks_leaves_exact_times() -> None:
    exact = {kind for kind in ActorKind if _example(kind).keeps_exact_times}
    assert exact == {ActorKind.STAFF, ActorKind.TASK}
    assert [kind for kind in ActorKind if _example(kind).is_reporter] == [ActorKind.REPORTER]


def _example(kind: ActorKind) -> Actor:
    return {
        ActorKind.STAFF: Actor.staff(1),
        ActorKind.REPORTER: Actor.reporter(),
        ActorKind.TOKEN: Actor.token("link"),
        ActorKind.TASK: Actor.task("sweep"),
        ActorKind.RESIDENT: Actor.resident(),
    }[kind]
