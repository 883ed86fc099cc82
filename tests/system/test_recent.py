"""What was made lately is kept while together it weighs little enough; what was not asked for longest goes first."""

from __future__ import annotations

import pytest
from taizhang.system.recent import Recent


def made_for(recent: Recent[str], *keys: str) -> list[str]:
    """Ask for these keys and return those that had to be made."""
    made: list[str] = []
    for key in keys:

        def make(key: str = key) -> str:
            made.append(key)
            return key

        assert recent.recall(key, make) == key
    return made


@pytest.mark.parametrize(
    ("keys", "made"),
    [
        (["aa", "aa"], ["aa"]),
        (["aa", "bbb", "aa", "bbb"], ["aa", "bbb"]),  # together as heavy as may be
        (["aa", "bbbb", "aa"], ["aa", "bbbb", "aa"]),  # one more
        (["aa", "bb", "aa", "cc", "aa", "bb"], ["aa", "bb", "cc", "bb"]),  # asked for last, not made last
        (["aaaaa", "aaaaa"], ["aaaaa"]),
        (["bb", "aaaaaa", "bb", "aaaaaa"], ["bb", "aaaaaa", "aaaaaa"]),  # too heavy alone: the others stay
    ],
)
def test_the_last_ones_are_kept_while_they_are_light_enough(keys: list[str], made: list[str]) -> None:
    assert made_for(Recent(len, 5), *keys) == made


def test_an_error_is_not_kept() -> None:
    def fail() -> str:
        raise ValueError

    recent: Recent[str] = Recent(len, 5)
    with pytest.raises(ValueError):
        recent.recall("aa", fail)
    assert made_for(recent, "aa") == ["aa"]


def test_what_is_forgotten_is_made_again_and_weighs_nothing() -> None:
    recent: Recent[str] = Recent(len, 5)
    made_for(recent, "aa", "bbb")
    recent.clear()
    assert made_for(recent, "aa", "bbb", "aa", "bbb") == ["aa", "bbb"]


def test_of_two_made_at_once_one_is_kept_and_weighs_once() -> None:
    recent: Recent[str] = Recent(len, 5)

    def make() -> str:
        assert recent.recall("aa", lambda: "aa") == "aa"  # another thread was faster
        return "aa"

    recent.recall("aa", make)
    assert made_for(recent, "aa", "bbb", "aa") == ["bbb"]
