"""The pure parts of publish: names in addresses, what is safe to show, where a story stands, what leads the page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.publish.excerpt import excerpt, first_words
from services.publish.project import judge
from services.publish.sanitise import clean_article, clean_html, plain, safe_url
from services.publish.site.front import arrange, goes_on_after, section_names
from services.publish.site.story_view import body_with_dateline, dateline_text
from services.publish.slug import section_key, section_title, slug_of
from services.publish.store.reading import Cursor, Teaser
from services.publish.store.standing import Revision, revision_of, settle
from shared.article import Change, Dateline, PubStatus
from tests.publish.written import START, article


def teaser(story_id: str, section: str = "news", urgency: int | None = None) -> Teaser:
    return Teaser(story_id, 1, "x", section, "X", "", "Radio", urgency, 0, None, 0, None)


@pytest.mark.parametrize(
    ("headline", "slug"),
    [
        ("Ferry sails at dawn", "ferry-sails-at-dawn"),
        ("Minister’s “no” to Rhône plan", "ministers-no-to-rhone-plan"),  # noqa: RUF001 - an apostrophe as copy has it
        ("  50% -- up!  ", "50-up"),
        ("東京", "story"),
        ("", "story"),
        ("a/../b?c#d", "a-b-c-d"),
    ],
)
def test_slugs_are_plain_words(headline: str, slug: str) -> None:
    assert slug_of(headline) == slug


def test_a_slug_ends_with_a_whole_word() -> None:
    assert slug_of("word " * 40) == "-".join(["word"] * 16)


def test_a_slug_of_one_endless_word_is_cut() -> None:
    assert len(slug_of("x" * 500)) == 80


@pytest.mark.parametrize(
    ("section", "key"), [("Arts & Life", "arts-life"), ("", "news"), ("../..", "news"), ("Metrics", "metrics-news")]
)
def test_sections_are_one_step_of_an_address(section: str, key: str) -> None:
    assert section_key(section) == key


def test_a_section_is_shown_as_words() -> None:
    assert section_title("arts-life") == "Arts life"


@pytest.mark.parametrize(
    ("markup", "safe"),
    [
        ("<p>a <em>b</em> <strong>c</strong><br>d</p>", "<p>a <em>b</em> <strong>c</strong><br>d</p>"),
        ("<h1>a</h1><h2>b</h2>", "a<h2>b</h2>"),
        ("<p>a</p><script>b()</script>", "<p>a</p>"),
        ("<style>p{}</style><p style='x'>a</p>", "<p>a</p>"),
        ("<a href='javascript:x'>a</a>", '<a rel="nofollow noopener">a</a>'),
        ("<a href='data:text/html,x'>a</a>", '<a rel="nofollow noopener">a</a>'),
        ("<img src=x onerror=y><p>a", "<p>a</p>"),
        ("<svg><text>a</text></svg>", ""),
        ("<p>a<!-- b --></p>", "<p>a</p>"),
        ("<p>“a” – ‘b’</p>", "<p>“a” – ‘b’</p>"),  # noqa: RUF001 - quotes as copy has them
    ],
)
def test_only_the_allowed_elements_come_through(markup: str, safe: str) -> None:
    assert clean_html(markup) == safe


@pytest.mark.parametrize("url", ["https://example.org/a?b=c#d", "http://example.org"])
def test_ordinary_addresses_are_safe(url: str) -> None:
    assert safe_url(url) == url


@pytest.mark.parametrize(
    "url",
    [None, "", "javascript:x", "data:x", "//example.org", "/a", "https://", "https://u:p@example.org/", "http://[::1",
     "https://a b/", "https://a\x00/", "ftp://example.org/", "java\nscript:x"],
)  # fmt: skip
def test_other_addresses_are_not(url: str | None) -> None:
    assert safe_url(url) is None


def test_plain_text_is_one_bounded_line() -> None:
    assert plain(" a\x00\u202eb\n\n c " + "d" * 5000) == "ab c " + "d" * 1995


def test_cleaning_twice_changes_nothing_more() -> None:
    once = clean_article(article(body="<p>a & b <b>c</b></p>", headline="a\x00b"))
    assert clean_article(once) == once


def test_a_kill_is_one_whatever_its_status_says() -> None:
    kill = article(change=Change.KILL, pub_status=PubStatus.USABLE)
    assert revision_of(kill).status is PubStatus.CANCELED


def test_a_canceled_status_kills_whatever_the_change_says() -> None:
    kill = article(change=Change.UPDATE, pub_status=PubStatus.CANCELED)
    assert settle([revision_of(kill)]).status is PubStatus.CANCELED


def test_the_standing_never_goes_back_to_a_smaller_revision() -> None:
    late_kill = [Revision(3, Change.UPDATE, PubStatus.USABLE, 0, 0), Revision(2, Change.KILL, PubStatus.CANCELED, 0, 0)]
    standing = settle(late_kill)
    assert (standing.revision, standing.status) == (3, PubStatus.CANCELED)


def test_a_version_dated_after_its_receipt_counts_from_its_receipt() -> None:
    ahead = article(revision=1, version_created=START + timedelta(days=9))
    assert revision_of(ahead).moment == (START + timedelta(seconds=61)).timestamp() * 1000


def test_the_front_page_shows_each_story_once() -> None:
    front = arrange([teaser(f"s{n}", section=f"desk{n % 2}") for n in range(20)])
    assert front.lead is not None
    shown = [front.lead, *front.beside, *front.latest, *(t for _, block in front.sections for t in block)]
    assert len({t.story_id for t in shown}) == len(shown)


def test_a_flash_gives_way_when_enough_has_followed_it() -> None:
    front = arrange([*(teaser(f"s{n}") for n in range(12)), teaser("flash", urgency=1)])
    assert front.lead == teaser("s0")


def test_the_navigation_names_the_sections_with_most_news() -> None:
    few = [teaser(f"f{n}", section=f"few{n}") for n in range(12)]
    many = [teaser(f"m{n}", section="many") for n in range(3)]
    assert "many" in section_names([*few, *many])
    assert len(section_names([*few, *many])) == 8


def test_the_navigation_is_in_the_sites_order_then_by_the_alphabet() -> None:
    newest = [teaser(name, section=name) for name in ("arts", "sport", "news", "zoo")]
    assert section_names(newest, order=("news", "sport", "world")) == ("news", "sport", "arts", "zoo")


def test_the_dateline_is_as_printed_where_no_place_was_told() -> None:
    copy = article(newsroom={"dateline": Dateline(text="AT SEA")})
    assert dateline_text(copy) == "AT SEA"


def test_a_dateline_before_a_list_gets_a_paragraph_of_its_own() -> None:
    assert body_with_dateline("<ul></ul>", "A<B").startswith('<p><strong class="dateline">A&lt;B</strong>')


def test_the_excerpt_is_the_first_paragraph_with_words() -> None:
    assert first_words("<h2>Head</h2><p> </p><p>One <em>two</em> &amp; three</p><p>Four</p>") == "One two & three"


def test_a_long_excerpt_ends_with_a_whole_word() -> None:
    cut = excerpt("alpha beta, " * 60)
    assert (len(cut) <= 281, cut.endswith(("alpha…", "beta…"))) == (True, True)


@pytest.mark.parametrize("text", ["", "x", "-1", "1.0", "1-a", "99999999999999999", "1\n", "\u0661"])
def test_what_is_no_cursor_is_none(text: str) -> None:
    assert Cursor.parse(text) is None


def test_a_cursor_is_read_as_it_was_written() -> None:
    assert Cursor.parse(str(Cursor(12))) == Cursor(12)


def test_an_empty_batch_has_no_verdicts() -> None:
    assert judge([], lambda _: []) == []


@given(
    sections=st.lists(st.sampled_from(["news", "world", "sport"]), min_size=1, max_size=60),
    arrived=st.permutations(range(60)),
)
def test_older_stories_begin_where_the_front_page_leaves_one_out(sections: list[str], arrived: list[int]) -> None:
    newest = [teaser(f"s{number}", section) for number, section in enumerate(sections)]
    front = arrange(newest, [newest[number] for number in arrived if number < len(newest)][:20])
    last = goes_on_after(newest, front, all_there_are=True)
    older = newest[newest.index(last) + 1 :] if last else []
    assert front.shown() | {story.story_id for story in older} == {story.story_id for story in newest}
    assert not older or older[0].story_id not in front.shown()


def test_a_front_page_of_one_section_passes_no_story_over() -> None:
    newest = [teaser(f"s{number}") for number in range(40)]
    front = arrange(newest, newest[::-1])  # what came last is what is dated first
    last = goes_on_after(newest, front, all_there_are=True)
    assert last is not None
    first_left_out = next(story for story in newest if story.story_id not in front.shown())
    assert newest[newest.index(last) + 1] == first_left_out


def test_a_front_page_that_shows_everything_leads_to_no_older_stories() -> None:
    newest = [teaser(f"s{number}") for number in range(8)]
    assert goes_on_after(newest, arrange(newest), all_there_are=True) is None
