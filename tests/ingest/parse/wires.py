"""Small documents of the XML wire formats, for tests that change one thing in them."""

from __future__ import annotations

__all__ = ["newsml_1", "newsml_g2", "nitf"]

IPTC_CATALOG = '<catalogRef href="http://www.iptc.org/std/catalog/catalog.IPTC-G2-Standards_33.xml"/>'


def newsml_g2(
    meta: str = "",
    content: str = "<headline>A story</headline>",
    body: str = "",
    *,
    catalogs: str = IPTC_CATALOG,
    attributes: str = 'guid="urn:a" version="1"',
) -> str:
    """Return a text item: parts of ``itemMeta`` and ``contentMeta``, and the whole ``contentSet`` if any."""
    return (
        f'<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" {attributes} xml:lang="en">{catalogs}'
        f"<itemMeta>{meta}</itemMeta><contentMeta>{content}</contentMeta>{body}</newsItem>"
    )


def nitf(
    docdata: str = '<doc-id regsrc="TIDE" id-string="1"/>',
    body: str = "<p>It happened on Monday.</p>",
    head: str = "<hedline><hl1>A story</hl1></hedline>",
    attributes: str = "",
) -> str:
    """Return a document: the inside of ``docdata`` and its attributes, of ``body.content`` and of ``body.head``."""
    return (
        f"<nitf><head><docdata {attributes}>{docdata}</docdata></head><body><body.head>{head}</body.head>"
        f"<body.content>{body}</body.content></body></nitf>"
    )


def newsml_1(management: str = '<Status FormalName="Usable"/>', data: str = "It happened on Monday.") -> str:
    """Return a document of one item: the inside of ``NewsManagement`` and of ``DataContent``."""
    return (
        '<NewsML Version="1.2"><NewsItem><Identification><NewsIdentifier><ProviderId>tide.example</ProviderId>'
        "<DateId>20240304</DateId><NewsItemId>a</NewsItemId>"
        '<RevisionId PreviousRevision="1" Update="N">2</RevisionId></NewsIdentifier></Identification>'
        f"<NewsManagement>{management}</NewsManagement><NewsComponent><NewsLines><HeadLine>A story</HeadLine>"
        f'</NewsLines><ContentItem><MediaType FormalName="Text"/><DataContent>{data}</DataContent></ContentItem>'
        "</NewsComponent></NewsItem></NewsML>"
    )
