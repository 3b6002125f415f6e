"""The table of what becomes of copy, one line a claim; and that no order of arrival brings a killed story back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.items import Item
from services.ingest.lifecycle.state import BY_DESK, HISTORY, Status, StoryState
from shared.article import REVISION_STEP, Change, PubStatus
from shared.events import Outcome
from tests.ingest.making import KILL, NOON, STORY, WITHHOLD, ByAda, Sent, after, decided, version

HOUR = timedelta(hours=1)
CHANGED = replace(STORY, body_html="<p>The ferry is back, and full.</p>")
CORRECTED = replace(STORY, body_html="<p>The ferry is late.</p>", change=Change.CORRECTION)
RETAGGED = replace(STORY, keywords=("ferries",))
RESTORED = replace(STORY, change=Change.REINSTATE, headline="Ferry story restored")
REINSTATED = ByAda(RESTORED)
EMPTY = replace(STORY, change=Change.REINSTATE, headline="", body_html="")
SEALED = replace(STORY, embargoed=True, embargoed_until=NOON + HOUR)
UNTOLD = replace(STORY, embargoed=True)
LIFTED = replace(STORY, embargoed=True, embargoed_until=NOON - HOUR)
EARLIER, LATER = replace(STORY, modified=NOON - HOUR), replace(CHANGED, modified=NOON)

TABLE = {
    "the first copy of a story is new": ((), STORY, (Outcome.EMITTED, Change.NEW, None)),
    "the same copy again is a duplicate": ((STORY,), STORY, (Outcome.DUPLICATE, None, None)),
    "the same copy with a later date is a duplicate": (
        (STORY,),
        replace(STORY, modified=NOON),
        (Outcome.DUPLICATE, None, None),
    ),
    "the same copy differently spaced is a duplicate": (
        (STORY,),
        replace(STORY, body_html="<p>The  ferry\nis back.</p>"),
        (Outcome.DUPLICATE, None, None),
    ),
    "changed copy is an update": ((STORY,), CHANGED, (Outcome.EMITTED, Change.UPDATE, None)),
    "a changed headline is an update": (
        (STORY,),
        replace(STORY, headline="Ferry back"),
        (Outcome.EMITTED, Change.UPDATE, None),
    ),
    "copy that calls itself a correction is one": ((STORY,), CORRECTED, (Outcome.EMITTED, Change.CORRECTION, None)),
    "the same text now called a correction is one": (
        (STORY,),
        replace(STORY, change=Change.CORRECTION),
        (Outcome.EMITTED, Change.CORRECTION, None),
    ),
    "a correction of a story that was never here is new": ((), CORRECTED, (Outcome.EMITTED, Change.NEW, None)),
    "changed keywords amend": ((STORY,), RETAGGED, (Outcome.EMITTED, Change.AMEND, None)),
    "changed urgency amends": ((STORY,), replace(STORY, urgency=2), (Outcome.EMITTED, Change.AMEND, None)),
    "a changed section amends": ((STORY,), replace(STORY, section="sea"), (Outcome.EMITTED, Change.AMEND, None)),
    "a lower version is stale": ((version(3),), version(2), (Outcome.STALE, None, "older")),
    "version 10 is later than version 9": ((version(9),), version(10), (Outcome.EMITTED, Change.UPDATE, None)),
    "an earlier time is stale": ((LATER,), EARLIER, (Outcome.STALE, None, "older")),
    "a later time is an update": ((EARLIER,), LATER, (Outcome.EMITTED, Change.UPDATE, None)),
    "the version outweighs the time": (
        (version(1, modified=NOON),),
        version(2, modified=NOON - HOUR),
        (Outcome.EMITTED, Change.UPDATE, None),
    ),
    "a duplicate that is later moves the mark": (
        (replace(STORY, version=1), replace(STORY, version=3)),
        version(2),
        (Outcome.STALE, None, "older"),
    ),
    "a feed that rolls back is stale": ((STORY, CHANGED), STORY, (Outcome.STALE, None, "seen_before")),
    "earlier text under a later version is an update": (
        (version(1), version(2)),
        version(3, body_html="<p>Take 1.</p>"),
        (Outcome.EMITTED, Change.UPDATE, None),
    ),
    "a kill kills": ((STORY,), KILL, (Outcome.EMITTED, Change.KILL, None)),
    "a kill that only the copy's words declare kills": (
        (STORY,),
        replace(STORY, change=Change.KILL),
        (Outcome.EMITTED, Change.KILL, None),
    ),
    "a kill before its story leaves it born dead": ((), KILL, (Outcome.EMITTED, Change.KILL, "kill_before_story")),
    "a kill under a lower version kills": ((version(5),), version(1, KILL), (Outcome.EMITTED, Change.KILL, None)),
    "a kill of withheld copy kills": ((STORY, WITHHOLD), KILL, (Outcome.EMITTED, Change.KILL, None)),
    "a kill under embargo kills": (
        (STORY,),
        replace(KILL, embargoed=True, embargoed_until=NOON + HOUR),
        (Outcome.EMITTED, Change.KILL, None),
    ),
    "a kill of a story under embargo kills": ((SEALED,), KILL, (Outcome.EMITTED, Change.KILL, None)),
    "the same kill again is a duplicate": ((STORY, KILL), KILL, (Outcome.DUPLICATE, None, None)),
    "another kill after a kill changes nothing": (
        (STORY, KILL),
        replace(KILL, ed_note="Kill. Kill."),
        (Outcome.STALE, None, "killed"),
    ),
    "a later version after a kill is stale": ((STORY, KILL), version(99), (Outcome.STALE, None, "killed")),
    "a withhold after a kill is stale": ((STORY, KILL), WITHHOLD, (Outcome.STALE, None, "killed")),
    "copy under embargo after a kill is stale": ((STORY, KILL), SEALED, (Outcome.STALE, None, "killed")),
    "an operator's reinstatement after a kill reinstates": (
        (STORY, KILL),
        REINSTATED,
        (Outcome.EMITTED, Change.REINSTATE, None),
    ),
    "an operator may reinstate what was live": (
        (STORY, KILL),
        ByAda(replace(STORY, change=Change.REINSTATE)),
        (Outcome.EMITTED, Change.REINSTATE, None),
    ),
    "no provider's reinstatement follows a kill": ((STORY, KILL), RESTORED, (Outcome.STALE, None, "killed")),
    "an operator's order that is no reinstatement follows no kill": (
        (STORY, KILL),
        ByAda(CHANGED),
        (Outcome.STALE, None, "killed"),
    ),
    "a reinstatement under embargo waits": (
        (STORY, KILL),
        ByAda(replace(RESTORED, embargoed=True, embargoed_until=NOON + HOUR)),
        (Outcome.HELD, None, "embargoed"),
    ),
    "a reinstatement that waited comes back as one": (
        (STORY, KILL, ByAda(replace(RESTORED, embargoed=True, embargoed_until=NOON + HOUR))),
        replace(RESTORED, embargoed=True, embargoed_until=NOON),
        (Outcome.EMITTED, Change.REINSTATE, None),
    ),
    "a kill that met no story is reinstated without copy": (
        (KILL,),
        ByAda(EMPTY),
        (Outcome.HELD, None, "reinstated_without_copy"),
    ),
    "a story that was reinstated without copy takes the next": (
        (KILL, ByAda(EMPTY)),
        STORY,
        (Outcome.EMITTED, Change.REINSTATE, None),
    ),
    "a kill of what was reinstated kills": (
        (STORY, KILL, REINSTATED),
        KILL,
        (Outcome.EMITTED, Change.KILL, None),
    ),
    "what was live before a kill stays stale after the reinstatement": (
        (STORY, CHANGED, KILL, REINSTATED),
        STORY,
        (Outcome.STALE, None, "seen_before"),
    ),
    "a reinstated story is updated as any other": (
        (STORY, KILL, REINSTATED),
        CHANGED,
        (Outcome.EMITTED, Change.UPDATE, None),
    ),
    "a withhold withholds": ((STORY,), WITHHOLD, (Outcome.EMITTED, Change.WITHHOLD, None)),
    "a withhold before its story keeps it out": (
        (),
        WITHHOLD,
        (Outcome.EMITTED, Change.WITHHOLD, "withhold_before_story"),
    ),
    "an older withhold is stale": ((version(5),), version(4, WITHHOLD), (Outcome.STALE, None, "older")),
    "what was published lifts no withhold": ((STORY, WITHHOLD), STORY, (Outcome.STALE, None, "seen_before")),
    "copy of unknown age lifts no withhold": ((STORY, WITHHOLD), CHANGED, (Outcome.STALE, None, "withheld")),
    "copy written before the withhold came lifts no withhold": (
        (STORY, WITHHOLD),
        replace(CHANGED, modified=NOON - HOUR),
        (Outcome.STALE, None, "older"),
    ),
    "copy written after the withhold reinstates": (
        (STORY, WITHHOLD),
        replace(CHANGED, modified=NOON + HOUR),
        (Outcome.EMITTED, Change.REINSTATE, None),
    ),
    "a later version after a withhold reinstates": (
        (version(1), version(2, WITHHOLD)),
        version(3),
        (Outcome.EMITTED, Change.REINSTATE, None),
    ),
    "copy under embargo is held": ((), SEALED, (Outcome.HELD, None, "embargoed")),
    "an update under embargo is held": (
        (STORY,),
        replace(SEALED, body_html="<p>Soon.</p>"),
        (Outcome.HELD, None, "embargoed"),
    ),
    "an embargo that cannot be told is held": ((), UNTOLD, (Outcome.HELD, None, "embargo_unreadable")),
    "a lift without a zone cannot be told": (
        (),
        replace(SEALED, embargoed_until=(NOON + HOUR).replace(tzinfo=None)),
        (Outcome.HELD, None, "embargo_unreadable"),
    ),
    "held copy sent again is held again": ((SEALED,), SEALED, (Outcome.HELD, None, "embargoed")),
    "held copy sent after the lift is new": ((SEALED,), LIFTED, (Outcome.EMITTED, Change.NEW, None)),
    "a lift that has passed holds nothing": ((), LIFTED, (Outcome.EMITTED, Change.NEW, None)),
    "a correction inherits the embargo": ((SEALED,), CORRECTED, (Outcome.HELD, None, "embargoed")),
    "a correction inherits an embargo that cannot be told": (
        (UNTOLD,),
        CORRECTED,
        (Outcome.HELD, None, "embargo_unreadable"),
    ),
    "copy that comes without the embargo is out": ((SEALED,), STORY, (Outcome.EMITTED, Change.NEW, None)),
    "a lead of a story that names itself by slug and day inherits the embargo": (
        (replace(SEALED, identity_inferred=True),),
        replace(CHANGED, identity_inferred=True),
        (Outcome.HELD, None, "embargoed"),
    ),
    "an older version than the one that waits is stale": (
        (replace(SEALED, version=2),),
        version(1),
        (Outcome.STALE, None, "older"),
    ),
    "a withhold of copy under embargo withholds": (
        (SEALED,),
        WITHHOLD,
        (Outcome.EMITTED, Change.WITHHOLD, None),
    ),
    "an operator lets copy out before its lift": (
        (SEALED,),
        ByAda(replace(STORY, embargoed=False)),
        (Outcome.EMITTED, Change.NEW, None),
    ),
    "other copy under the same version is a conflict": (
        (version(2),),
        version(2, body_html="<p>Other.</p>"),
        (Outcome.DEAD_LETTERED, None, "version_conflict"),
    ),
    "other metadata under the same version is a conflict": (
        (version(2),),
        version(2, keywords=("ferries",)),
        (Outcome.DEAD_LETTERED, None, "version_conflict"),
    ),
    "a later time settles what the version leaves open": (
        (version(2, modified=NOON - HOUR),),
        version(2, body_html="<p>Other.</p>", modified=NOON),
        (Outcome.EMITTED, Change.UPDATE, None),
    ),
    "copy under embargo keeps its version": (
        (version(2, SEALED),),
        version(2, body_html="<p>Other.</p>"),
        (Outcome.DEAD_LETTERED, None, "version_conflict"),
    ),
    "the same version without its embargo is out": (
        (replace(SEALED, version=2),),
        replace(STORY, version=2),
        (Outcome.EMITTED, Change.NEW, None),
    ),
    "other copy under the same number of a lead is an update": (
        (version(2, identity_inferred=True),),
        version(2, body_html="<p>Other.</p>", identity_inferred=True),
        (Outcome.EMITTED, Change.UPDATE, None),
    ),
    "a withhold under the same version is no conflict": (
        (version(2),),
        version(2, WITHHOLD),
        (Outcome.EMITTED, Change.WITHHOLD, None),
    ),
    "other copy at the same time without a version is an update": (
        (replace(STORY, modified=NOON),),
        replace(CHANGED, modified=NOON),
        (Outcome.EMITTED, Change.UPDATE, None),
    ),
    "a kill that refers to a story that is not here says so": (
        (),
        replace(KILL, refers_to=("urn:example:other",)),
        (Outcome.EMITTED, Change.KILL, "kill_unresolved"),
    ),
    "a kill by slug of a story that is not here says so": (
        (),
        replace(KILL, identity_inferred=True),
        (Outcome.EMITTED, Change.KILL, "kill_unresolved"),
    ),
    "a kill that refers to a story that is here kills it": (
        (STORY,),
        replace(KILL, refers_to=("urn:example:other",)),
        (Outcome.EMITTED, Change.KILL, None),
    ),
}


@pytest.mark.parametrize(("before", "item", "expected"), TABLE.values(), ids=TABLE.keys())
def test_each_line_of_the_table_holds(
    before: tuple[Sent, ...], item: Sent, expected: tuple[Outcome, Change | None, str | None]
) -> None:
    decision = decided(after(*before) if before else None, item)
    assert (decision.outcome, decision.change, decision.code) == expected


def test_revision_is_the_time_in_milliseconds() -> None:
    assert decided(None, STORY).revision == int(NOON.timestamp() * 1000)


def test_revision_grows_when_the_clock_goes_back() -> None:
    first = decided(None, STORY)
    second = decided(first.state, CHANGED, now=NOON - HOUR)
    assert second.revision == (first.revision or 0) + REVISION_STEP


def test_an_amendment_of_a_revision_has_a_number_that_no_later_copy_is_given() -> None:
    first = decided(None, STORY)
    second = decided(first.state, CHANGED, now=NOON)
    assert (second.revision or 0) - (first.revision or 0) > 1


def test_duplicate_names_the_revision_that_is_live() -> None:
    first = decided(None, STORY)
    assert decided(first.state, STORY, now=NOON + HOUR).revision == first.revision


def test_duplicate_that_is_later_does_not_change_the_live_revision() -> None:
    first = decided(None, STORY)
    second = decided(first.state, replace(STORY, version=2), now=NOON + HOUR)
    assert decided(second.state, STORY, now=NOON + HOUR).revision == first.revision


def test_history_is_bounded() -> None:
    state = after(*(version(n) for n in range(HISTORY * 2)))
    assert len(state.history) == HISTORY


def test_time_from_the_far_future_does_not_shut_out_tomorrow() -> None:
    state = after(replace(STORY, modified=NOON + timedelta(days=9999)))
    tomorrow = NOON + timedelta(days=2)
    assert decided(state, replace(CHANGED, modified=tomorrow), now=tomorrow).change is Change.UPDATE


SUMMER, WINTER = timezone(timedelta(hours=11)), timezone(timedelta(hours=10))
SYDNEY = ZoneInfo("Australia/Sydney")


@pytest.mark.parametrize(
    ("lift", "moment"),
    [
        # 4 October 2026: clocks go from 2 to 3; 4 April 2027: from 3 back to 2, so that 2:30 is told twice.
        (datetime(2026, 10, 4, 1, 59, 59, tzinfo=SYDNEY), datetime(2026, 10, 3, 15, 59, 59, tzinfo=UTC)),
        (datetime(2026, 10, 4, 3, 0, tzinfo=SYDNEY), datetime(2026, 10, 3, 16, 0, tzinfo=UTC)),
        (datetime(2026, 10, 4, 6, 0, tzinfo=SUMMER), datetime(2026, 10, 3, 19, 0, tzinfo=UTC)),
        (datetime(2027, 4, 4, 2, 30, tzinfo=SYDNEY), datetime(2027, 4, 3, 15, 30, tzinfo=UTC)),
        (datetime(2027, 4, 4, 2, 30, tzinfo=SYDNEY, fold=1), datetime(2027, 4, 3, 16, 30, tzinfo=UTC)),
        (datetime(2027, 4, 4, 2, 30, tzinfo=WINTER), datetime(2027, 4, 3, 16, 30, tzinfo=UTC)),
    ],
)
def test_lift_is_one_moment_whatever_the_clocks_do(lift: datetime, moment: datetime) -> None:
    item = replace(STORY, embargoed=True, embargoed_until=lift)
    second = timedelta(seconds=1)
    outcomes = [decided(None, item, now=moment + shift).outcome for shift in (-second, timedelta(0))]
    assert outcomes == [Outcome.HELD, Outcome.EMITTED]


def test_seal_outlives_its_story_metadata() -> None:
    state = after(STORY, replace(SEALED, body_html="<p>Soon.</p>"), RETAGGED)
    assert (state.status, state.waiting) == (Status.USABLE, "bytes")


@pytest.mark.parametrize("later", [CHANGED, KILL, WITHHOLD])
def test_what_waits_gives_way_to_what_comes_after_it(later: Item) -> None:
    assert after(STORY, replace(SEALED, body_html="<p>Soon.</p>"), later).waiting == ""


def test_copy_that_the_desk_holds_is_not_let_out_by_its_provider() -> None:
    state = replace(after(SEALED), sealed=BY_DESK)
    assert decided(state, LIFTED).code == "held_by_desk"


def test_the_desk_lets_out_what_it_holds() -> None:
    state = replace(after(SEALED), sealed=BY_DESK)
    assert decided(state, ByAda(STORY)).change is Change.NEW


def test_story_that_waits_is_remembered_until_it_is_let_out() -> None:
    assert after(SEALED).is_kept_for_ever


def test_state_that_an_earlier_version_wrote_is_read() -> None:
    fields = {k.encode(): v.encode() for k, v in after(STORY).to_fields().items()}
    for added in (b"numbered", b"held", b"waiting", b"live"):
        del fields[added]
    assert StoryState.from_fields(fields) == replace(after(STORY), live="")


def test_state_survives_the_hash_that_holds_it() -> None:
    state = after(version(1), version(2, modified=NOON), SEALED)
    assert StoryState.from_fields({k.encode(): v.encode() for k, v in state.to_fields().items()}) == state


def test_no_hash_is_no_story() -> None:
    assert StoryState.from_fields({}) is None


@pytest.mark.parametrize("last", [KILL, WITHHOLD])
def test_story_taken_back_is_remembered_for_ever(last: Item) -> None:
    assert after(STORY, last).is_kept_for_ever


def test_held_story_shows_nothing_of_its_copy_in_its_state() -> None:
    fields = after(SEALED).to_fields()
    assert "Ferry" not in str(fields)


REVISIONS = (
    STORY,
    CHANGED,
    CORRECTED,
    RETAGGED,
    SEALED,
    LIFTED,
    WITHHOLD,
    version(1),
    version(7),
    replace(STORY, pub_status=PubStatus.USABLE, modified=NOON + HOUR, headline="Late"),
    replace(STORY, modified=NOON - HOUR, headline="Early"),
    KILL,
)
schedules = st.lists(st.tuples(st.sampled_from(REVISIONS), st.integers(-3600, 3600)), max_size=25)


@given(schedules, schedules)
def test_after_a_kill_nothing_usable_is_emitted_in_any_order(
    before: list[tuple[Item, int]], since: list[tuple[Item, int]]
) -> None:
    emitted = _emitted([*before, (KILL, 0), *since])
    killed_at = emitted.index(Status.CANCELED)
    assert Status.USABLE not in emitted[killed_at:]


@given(schedules)
def test_revisions_only_grow_in_any_order_and_with_any_clock(schedule: list[tuple[Item, int]]) -> None:
    state: StoryState | None = None
    revisions = [0]
    for item, shift in schedule:
        decision = decided(state, item, now=NOON + timedelta(seconds=shift))
        state = decision.state or state
        if decision.outcome is Outcome.EMITTED:
            revisions.append(decision.revision or 0)
    assert revisions == sorted(set(revisions))


def _emitted(schedule: list[tuple[Item, int]]) -> list[Status]:
    state: StoryState | None = None
    emitted = []
    for item, shift in schedule:
        decision = decided(state, item, now=NOON + timedelta(seconds=shift))
        state = decision.state or state
        if decision.outcome is Outcome.EMITTED and decision.state:
            emitted.append(decision.state.status)
    return emitted
