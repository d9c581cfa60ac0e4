"""Which models are asked and which stand in, by switches and order."""

from __future__ import annotations

from skiuo_desktop.model import ModelConfig, ModelInfo
from skiuo_desktop.ui.pages.settings_roles import ALL, FIRST, Roles, roles_of

ORDER = ("a", "b", "c", "offline")


def first(asked: str, *stand_in: str) -> Roles:
    return Roles(ORDER, (asked,) if asked else (), stand_in, FIRST)


def test_the_first_that_is_on_is_asked_and_the_rest_stand_in_by_their_order() -> None:
    roles = first("b", "offline").switched("c", True)
    assert (roles.asked, roles.stand_in) == (("b",), ("c", "offline"))
    roles = roles.switched("a", True)
    assert (roles.asked, roles.stand_in) == (("a",), ("b", "c", "offline"))
    roles = roles.switched("a", False)
    assert (roles.asked, roles.stand_in) == (("b",), ("c", "offline"))


def test_the_last_that_is_switched_off_leaves_nobody() -> None:
    roles = first("a").switched("a", False)
    assert (roles.asked, roles.stand_in) == ((), ())
    roles = Roles(ORDER, ("a",), (), ALL).switched("a", False)
    assert (roles.asked, roles.stand_in) == ((), ())


def test_all_that_are_on_are_asked_and_the_offline_measurer_stands_in() -> None:
    roles = first("a", "c", "offline").with_mode(ALL)
    assert (roles.asked, roles.stand_in) == (("a", "c"), ("offline",))
    assert roles.switched("b", True).asked == ("a", "b", "c")
    assert roles.with_mode(FIRST) == first("a", "c", "offline")


def test_alone_the_offline_measurer_is_asked_and_gives_way_to_the_next() -> None:
    alone = first("offline").with_mode(ALL)
    assert (alone.asked, alone.stand_in) == (("offline",), ())
    roles = alone.switched("b", True)
    assert (roles.asked, roles.stand_in) == (("b",), ("offline",))
    roles = roles.switched("b", False)
    assert (roles.asked, roles.stand_in) == (("offline",), ())


def test_who_stands_in_beside_several_that_are_asked_keeps_that_part() -> None:
    """As the command line can set it: two are asked, a third stands in."""
    roles = Roles(ORDER, ("a", "b"), ("c",), ALL)
    assert roles.switched("b", False).stand_in == ("c",)
    assert roles.switched("offline", True).stand_in == ("c", "offline")


def test_another_order_changes_who_is_asked() -> None:
    roles = first("a", "b", "offline").reordered(("b", "a", "c", "offline"))
    assert (roles.asked, roles.stand_in) == (("b",), ("a", "offline"))
    several = Roles(ORDER, ("a", "b"), (), ALL).reordered(("b", "a", "c", "offline"))
    assert several.asked == ("b", "a")


def test_the_settings_say_which_way_it_is() -> None:
    infos = [ModelInfo(ModelConfig(name, "qwen"), active=name in "ab", fallback={"c": 2, "d": 1}.get(name)) for name in "abcd"]
    roles = roles_of(infos)
    assert (roles.order, roles.asked, roles.stand_in, roles.mode) == (("a", "b", "c", "d"), ("a", "b"), ("d", "c"), ALL)
    one = [ModelInfo(ModelConfig("a", "qwen"), active=True)]
    assert roles_of(one).mode == FIRST
    assert roles_of(one, ALL).mode == ALL, "what the person has just chosen was forgotten"
