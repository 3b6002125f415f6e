"""The tables of the site store. They are made at the start of whichever process comes first.

Moments are whole milliseconds since 1970 in UTC: both databases then compare and page by them alike.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table, Text, text

__all__ = ["SCHEMA_VERSION", "counter", "metadata", "revision", "schema_version", "story"]

SCHEMA_VERSION = 1

metadata = MetaData()

schema_version = Table("schema_version", metadata, Column("version", Integer, primary_key=True))

# `sequence` numbers what is published: gapless, and in the order of commits, because its row is locked first in every
# writing transaction. `edition` moves with anything a reader can see: rendered pages are kept under it.
counter = Table(
    "counter",
    metadata,
    Column("name", String(16), primary_key=True),
    Column("value", BigInteger, nullable=False),
)

# What the site shows of a story, one row each. A story that is not usable keeps no word of its copy here.
story = Table(
    "story",
    metadata,
    Column("story_id", String(64), primary_key=True),
    Column("revision", BigInteger, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("appeared", BigInteger),  # the sequence that first showed it: the order of arrival
    Column("status", String(16), nullable=False),
    Column("section", Text),
    Column("slug", Text),
    Column("headline", Text),
    Column("summary", Text),
    Column("provider", Text),
    Column("urgency", Integer),
    Column("published", BigInteger),
    Column("day", String(10)),  # the date as the copy has it, where it gives no time of day
    Column("modified", BigInteger),
    Column("corrected", BigInteger),
    Column("article", Text),  # the whole article, as JSON
)
_USABLE = text("status = 'usable'")
Index("story_latest", story.c.published, story.c.story_id, sqlite_where=_USABLE, postgresql_where=_USABLE)
Index("story_section", *story.c["section", "published", "story_id"], sqlite_where=_USABLE, postgresql_where=_USABLE)
Index("story_arrival", story.c.appeared, sqlite_where=_USABLE, postgresql_where=_USABLE)

# Every revision that was ever applied or refused: what the story's state is worked out from, in whatever order the
# revisions came. The site never reads it, and a kill takes the copy out of what it killed.
revision = Table(
    "revision",
    metadata,
    Column("story_id", String(64), primary_key=True),
    Column("revision", BigInteger, primary_key=True),
    Column("change", String(16), nullable=False),
    Column("status", String(16), nullable=False),
    Column("published", BigInteger, nullable=False),
    Column("moment", BigInteger, nullable=False),  # when this revision was written
    Column("sequence", BigInteger),  # what its arrival led to; null when it arrived after its time and changed nothing
    Column("article", Text),
)
