from __future__ import annotations

import pytest

from tests.waiting import wait_until, wait_until_sync


async def test_what_the_predicate_gave_is_returned() -> None:
    assert await wait_until(lambda: "story") == "story"


async def test_an_async_predicate_is_awaited() -> None:
    async def no() -> bool:
        return False

    with pytest.raises(AssertionError, match="last gave False"):
        await wait_until(no, 0.02)


def test_what_never_becomes_true_fails_by_the_name_of_the_predicate() -> None:
    def home_page_has_the_story() -> bool:
        return False

    with pytest.raises(AssertionError, match="home_page_has_the_story"):
        wait_until_sync(home_page_has_the_story, 0.02)
