"""Every page of the desk that needs no arguments is found from the page of all rooms."""

from django.urls import URLPattern, URLResolver, get_resolver

from engagement.doors.access import door_of
from portal.desk.rooms import FLOORS

# Reached from the room they belong to, each by a button there.
FROM_THEIR_ROOM = frozenset(
    {
        "desk_rooms",
        "desk_people_invite",
        "desk_device_new",
        "desk_organisation_new",
        "desk_template_new",
        "desk_meeting_new",
        "desk_rule_new",
        "desk_filter",
        "desk_filter_new",
        "desk_filter_counts",
        "desk_queue_look",
        "desk_week_pdf",
        "desk_week_csv",
    }
)


def pages_of_the_desk() -> dict[str, str]:
    """Name and permission of each address below /desk/ without arguments that answers GET."""
    found = {}

    def walk(patterns: list[URLPattern | URLResolver], before: str) -> None:
        for entry in patterns:
            route = before + str(entry.pattern)
            if isinstance(entry, URLResolver):
                walk(entry.url_patterns, route)
            elif route.startswith("desk/") and "<" not in route and entry.name:
                found[entry.name] = route
                callbacks[entry.name] = entry.callback

    callbacks: dict[str, object] = {}
    walk(get_resolver().url_patterns, "")
    return {name: route for name, route in found.items() if not only_takes_forms(callbacks[name])}


def only_takes_forms(view: object) -> bool:
    """Whether a view refuses GET: its decorator keeps the methods it allows in a closure."""
    while view is not None:
        for cell in getattr(view, "__closure__", None) or ():
            if cell.cell_contents == ["POST"]:
                return True
        view = getattr(view, "__wrapped__", None)
    return False


def test_every_room_is_on_the_list_once() -> None:
    listed = [room.name for floor in FLOORS for room in floor.rooms]
    assert len(listed) == len(set(listed))
    assert set(pages_of_the_desk()) == set(listed) | FROM_THEIR_ROOM


def test_a_room_asks_for_the_right_of_its_door() -> None:
    routes = pages_of_the_desk()
    for floor in FLOORS:
        for room in floor.rooms:
            match = get_resolver().resolve("/" + routes[room.name])
            door = door_of(match.func, match.route)
            assert door is not None
            assert door.permission == room.permission, room.name
