import pytest

from engagement.audit.registry import Event, known_events, register_event


def test_a_name_is_registered_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        register_event(Event("LAMP_LIT", "again"))
    assert str(known_events()["LAMP_LIT"].sentence) == "Lit a lamp"


@pytest.mark.parametrize("name", ["lamp_lit", "Lamp", "LAMP LIT", ""])
def test_a_name_is_upper_snake(name: str) -> None:
    with pytest.raises(ValueError, match="UPPER_SNAKE"):
        register_event(Event(name, "x"))
    assert name not in known_events()
