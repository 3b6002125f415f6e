"""What a story says of itself to search engines and to those who share it: schema.org and OpenGraph.

Every document that ``told`` returns keeps the rules of schema.org.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from services.publish.pictures.signing import Signer
from services.publish.site.jsonld import Picture, news_article
from services.publish.site.opengraph import open_graph
from services.publish.site.story_head import story_head
from services.publish.site.subjects import subjects_of
from shared.article import Article, Association, Dateline, Description, Kind, Named, Point, Rendition, Tag
from tests.publish.told import BASE, HOSTILE, MINUTE, NOON, complaints, view
from tests.publish.written import article

URL = f"{BASE}/story/ferry-ferry1"
SAID = {"enricher": "names"}


def told(story: Article | None = None, *, pictures: tuple[Picture, ...] = (), **teaser: Any) -> dict[str, Any]:
    story = story or article()
    text = news_article(
        view(story, **teaser),
        url=URL,
        site_name="The Harbour Wire",
        site_url=f"{BASE}/",
        subjects=subjects_of(story, {(Kind.PLACE, "brayhaven"): f"{BASE}/place/brayhaven-4"}),
        pictures=pictures,
    )
    assert complaints(text, "newsarticle.json") == []
    document: dict[str, Any] = json.loads(text)
    return document


def tagged(*tags: Tag, **members: Any) -> Article:
    return article(newsroom={"tags": tags}, **members)


def test_an_article_says_what_it_is() -> None:
    facts = {
        "url": "https://coast.example/kaffehaus-å",
        "word_count": 210,
        "reading_minutes": 2,
        "keywords": ("ports",),
        "dateline": Dateline(text="BRAYHAVEN", place="Brayhaven"),
    }
    document = told(article(by="Mara Lindqvist", language="en", copyright_notice="© Coastline", newsroom=facts))
    assert document == {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": URL,
        "url": URL,
        "mainEntityOfPage": URL,
        "identifier": "urn:wireroom:story:ferry1",
        "headline": "Harbour ferry returns to service after winter refit",
        "description": "The first crossing left at dawn with forty passengers.",
        "articleSection": "Local",
        "inLanguage": "en",
        "keywords": ["ports"],
        "wordCount": 210,
        "timeRequired": "PT2M",
        "dateline": "BRAYHAVEN",
        "copyrightNotice": "© Coastline",
        "datePublished": "2024-03-04T09:00:00Z",
        "dateModified": "2024-03-04T09:00:00Z",
        "author": {"@type": "Person", "name": "Mara Lindqvist"},
        "sourceOrganization": {"@type": "Organization", "name": "Coastline Radio"},
        "isBasedOn": "https://coast.example/kaffehaus-%C3%A5",
        "publisher": {"@type": "Organization", "name": "The Harbour Wire", "url": f"{BASE}/"},
        "isAccessibleForFree": True,
    }


def test_the_rules_of_schema_org_are_rules() -> None:
    for wrong in (
        {"dateModified": "yesterday"},
        {"headLine": "misspelt"},
        {"about": [{"@type": "Person", "name": "Mara", "geo": {}}]},
        {"correction": "wrong"},
    ):
        assert len(complaints(json.dumps({**told(), **wrong}), "newsarticle.json")) == 1


def test_a_correction_is_told_with_its_date() -> None:
    document = told(modified=NOON + 2 * MINUTE, corrected=NOON + MINUTE)
    assert document["dateModified"] == "2024-03-04T09:02:00Z"
    assert document["correction"] == [
        {
            "@type": "CorrectionComment",
            "text": "This story has been corrected since it was first published.",
            "datePublished": "2024-03-04T09:01:00Z",
        }
    ]


def test_what_was_corrected_is_told_where_it_is_known() -> None:
    text = news_article(
        view(corrected=NOON),
        url=URL,
        site_name="Wire",
        site_url=f"{BASE}/",
        corrections=[(NOON + MINUTE, "The ferry carries forty."), (NOON, "It sails at dawn.")],
    )
    told = [(one["datePublished"], one["text"]) for one in json.loads(text)["correction"]]
    assert told == [
        ("2024-03-04T09:01:00Z", "The ferry carries forty."),
        ("2024-03-04T09:00:00Z", "It sails at dawn."),
    ]


def test_a_day_without_a_time_is_told_as_the_day() -> None:
    document = told(day="2024-03-04")
    assert (document["datePublished"], document["dateModified"]) == ("2024-03-04", "2024-03-04")


def test_what_it_is_about_and_what_it_mentions_are_apart_the_most_relevant_first() -> None:
    document = told(
        tagged(
            Tag(scheme="name", name="Northland", kind=Kind.PLACE, rel="mention", **SAID),
            Tag(scheme="name", name="Harbour Board", kind=Kind.ORGANISATION, relevance=60, **SAID),
            Tag(scheme="name", name="Mara Lindqvist", kind=Kind.PERSON, relevance=90, **SAID),
        )
    )
    assert document["about"] == [
        {"@type": "Person", "name": "Mara Lindqvist"},
        {"@type": "Organization", "name": "Harbour Board"},
    ]
    assert document["mentions"] == [{"@type": "Place", "name": "Northland"}]


def test_subjects_lead_to_the_sites_own_page_and_to_their_vocabularys() -> None:
    document = told(
        tagged(
            Tag(
                scheme="geonames",
                code="4",
                name="Brayhaven",
                kind=Kind.PLACE,
                relevance=99,
                point=Point(lat=1.5, lon=-2.5),
                **SAID,
            ),
            Tag(scheme="mediatopic", code="medtop:20000001", name="harbours", relevance=80, **SAID),
            Tag(scheme="wikidata", code="Q7", name="Harbour Board", kind=Kind.ORGANISATION, relevance=70, **SAID),
            Tag(scheme="iso3166", code="NZ", name="New Zealand", kind=Kind.PLACE, relevance=60, **SAID),
        )
    )
    assert document["about"] == [
        {
            "@type": "Place",
            "name": "Brayhaven",
            "sameAs": "https://sws.geonames.org/4/",
            "geo": {"@type": "GeoCoordinates", "latitude": 1.5, "longitude": -2.5},
            "url": f"{BASE}/place/brayhaven-4",
        },
        {
            "@type": "DefinedTerm",
            "name": "harbours",
            "termCode": "medtop:20000001",
            "inDefinedTermSet": "http://cv.iptc.org/newscodes/mediatopic/",
            "sameAs": "http://cv.iptc.org/newscodes/mediatopic/20000001",
        },
        {"@type": "Organization", "name": "Harbour Board", "sameAs": "http://www.wikidata.org/entity/Q7"},
        {"@type": "Country", "name": "New Zealand", "identifier": "NZ"},
    ]


@pytest.mark.parametrize("code", ["Q7/../x", "javascript:1", "", None])
def test_a_code_that_is_none_of_its_scheme_makes_no_address(code: str | None) -> None:
    about, _ = subjects_of(tagged(Tag(scheme="wikidata", code=code, name="Harbour Board", **SAID)))
    assert about == [{"@type": "Thing", "name": "Harbour Board"}]


def test_doubtful_tags_are_not_told() -> None:
    assert subjects_of(tagged(Tag(scheme="name", name="Perhaps", confidence=39, **SAID))) == ([], [])


def test_names_that_the_copy_gives_are_told_once_after_those_that_were_found() -> None:
    places = (Named(name="brayhaven"), Named(name="Northland", rel="mention", uri="https://gaz.example/ñ"))
    people = (Named(name="Mara", uri="javascript:alert(1)"),)
    story = tagged(Tag(scheme="name", name="Brayhaven", kind=Kind.PLACE, **SAID), places=places, people=people)
    assert subjects_of(story) == (
        [{"@type": "Place", "name": "Brayhaven"}, {"@type": "Person", "name": "Mara"}],
        [{"@type": "Place", "name": "Northland", "sameAs": "https://gaz.example/%C3%B1"}],
    )


def test_at_most_twelve_subjects_are_told() -> None:
    about, _ = subjects_of(tagged(*(Tag(scheme="name", name=f"Name {n}", **SAID) for n in range(20))))
    assert len(about) == 12


def test_pictures_are_told_with_their_credit() -> None:
    picture = Picture(f"{BASE}/picture/1", 1200, 800, caption="The quay.", credit="Coastline Radio")
    assert told(pictures=(picture,))["image"] == [
        {
            "@type": "ImageObject",
            "url": f"{BASE}/picture/1",
            "width": 1200,
            "height": 800,
            "caption": "The quay.",
            "creditText": "Coastline Radio",
        }
    ]


def test_the_head_leads_to_our_pages_and_to_our_files_of_the_pictures() -> None:
    file = Rendition(name="full", href="https://coast.example/quay.png", width=2000, height=1000)
    words = (Description(role="caption", value="The quay."), Description(role="alt", value="A ferry at a quay"))
    picture = Association(name="p1", uri="urn:coast:p1", by="Ada Quay", renditions=(file,), descriptions=words)
    story = tagged(Tag(scheme="geonames", code="4", name="Brayhaven", kind=Kind.PLACE, **SAID), associations=(picture,))
    head = story_head(view(story), story, base=BASE, site_name="Wire", signer=Signer(b"key"))
    assert complaints(head.json_ld, "newsarticle.json") == []
    document, properties = json.loads(head.json_ld), dict(head.open_graph)
    assert document["about"][0]["url"] == f"{BASE}/place/brayhaven-4"
    (image,) = document["image"]
    assert (image["caption"], image["creditText"], image["url"]) == ("The quay.", "Ada Quay", properties["og:image"])
    assert image["url"].startswith(f"{BASE}/picture/ferry1/")
    assert image["url"].endswith(".jpg")
    assert properties["og:image:alt"] == "A ferry at a quay"


def test_without_a_key_to_sign_with_no_picture_is_told() -> None:
    file = Rendition(name="full", href="https://coast.example/quay.png")
    story = article(associations=(Association(name="p1", uri="urn:coast:p1", renditions=(file,)),))
    head = story_head(view(story), story, base=BASE, site_name="Wire", signer=None)
    assert ("image" in json.loads(head.json_ld), "og:image" in dict(head.open_graph)) == (False, False)


def test_a_long_headline_is_cut_at_a_word() -> None:
    assert told(headline="harbour " * 20)["headline"] == ("harbour " * 13).strip()


def test_nothing_in_the_copy_ends_the_script_element() -> None:
    text = news_article(
        view(article(by="</script><script>"), headline=f"{HOSTILE}</script>&<!--"),
        url=URL,
        site_name="Wire",
        site_url=f"{BASE}/",
    )
    assert not set(text) & set("<>&")
    assert json.loads(text)["author"]["name"] == "</script><script>"


def test_a_shared_link_shows_headline_dates_section_and_tags() -> None:
    story = article(language="en-AU", newsroom={"keywords": ("ports",)})
    properties = open_graph(view(story, modified=NOON + MINUTE), url=URL, site_name="The Harbour Wire")
    assert properties == (
        ("og:type", "article"),
        ("og:title", "Harbour ferry returns to service after winter refit"),
        ("og:url", URL),
        ("og:site_name", "The Harbour Wire"),
        ("og:description", "The first crossing left at dawn with forty passengers."),
        ("og:locale", "en_AU"),
        ("article:published_time", "2024-03-04T09:00:00Z"),
        ("article:modified_time", "2024-03-04T09:01:00Z"),
        ("article:section", "Local"),
        ("article:tag", "ports"),
    )


def test_a_shared_link_shows_the_picture_with_its_words() -> None:
    picture = Picture(f"{BASE}/picture/1", 1200, 800, caption="The quay.")
    properties = open_graph(view(), url=URL, site_name="Wire", pictures=(picture,))
    assert properties[-5:] == (
        ("og:image", f"{BASE}/picture/1"),
        ("og:image:type", "image/jpeg"),
        ("og:image:width", "1200"),
        ("og:image:height", "800"),
        ("og:image:alt", "The quay."),
    )
