"""The tables of the site store. ``migrations`` brings a store of an earlier release to this form.

Moments are whole milliseconds since 1970 in UTC: both databases then compare and page by them alike.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    literal_column,
    text,
)

__all__ = ["COUNTERS", "USABLE", "counter", "label", "metadata", "revision", "schema_version", "story"]

metadata = MetaData()

# Releases before migrations look here and refuse what is not theirs. Since then `alembic_version` says what a store is.
schema_version = Table("schema_version", metadata, Column("version", Integer, primary_key=True))

# `sequence` numbers what is published: gapless, and in the order of commits, because its row is locked first in every
# writing transaction. `edition` moves with anything a reader can see. `arrival` numbers every revision that was taken.
counter = Table(
    "counter",
    metadata,
    Column("name", String(16), primary_key=True),
    Column("value", BigInteger, nullable=False),
)
COUNTERS = ("arrival", "edition", "sequence")

# What the site shows of a story, one row each. A story that is not usable keeps no word of its copy here.
story = Table(
    "story",
    metadata,
    Column("story_id", String(64), primary_key=True),
    Column("number", BigInteger, nullable=False),  # the first sequence that it was given: it never changes
    Column("revision", BigInteger, nullable=False),
    Column("current", BigInteger, nullable=False),  # the revision that is shown, or that took the story off
    Column("change", String(16), nullable=False),  # what that revision was
    Column("sequence", BigInteger, nullable=False),
    Column("edition", BigInteger, nullable=False),  # the edition that this row is of
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
    Column("picture", Text),  # what a list shows of the leading picture, as JSON; null without one
    Column("article", Text),  # the whole article, as JSON
)
_USABLE = text("status = 'usable'")
Index("story_latest", story.c.published, story.c.story_id, sqlite_where=_USABLE, postgresql_where=_USABLE)
Index("story_section", *story.c["section", "published", "story_id"], sqlite_where=_USABLE, postgresql_where=_USABLE)
Index("story_provider", *story.c["provider", "published", "story_id"], sqlite_where=_USABLE, postgresql_where=_USABLE)
Index("story_arrival", story.c.appeared, sqlite_where=_USABLE, postgresql_where=_USABLE)
Index("story_section_arrival", *story.c["section", "appeared"], sqlite_where=_USABLE, postgresql_where=_USABLE)
# When each story of a run of numbers last changed, without a look at the stories: SQLite asks for the status once more.
Index("story_map", *story.c["number", "modified", "status"], sqlite_where=_USABLE, postgresql_where=_USABLE)
_GONE = text("status <> 'usable'")
Index("story_gone", story.c.sequence, sqlite_where=_GONE, postgresql_where=_GONE)
_CORRECTED = text("corrected IS NOT NULL")
Index("story_corrected", story.c.corrected, sqlite_where=_CORRECTED, postgresql_where=_CORRECTED)
Index("story_edition", story.c.edition)
Index("story_sequence", story.c.sequence)
Index("story_number", story.c.number, unique=True)

# For queries. Written out, not bound: PostgreSQL takes a partial index only for a condition that it can read in them.
USABLE = story.c.status == literal_column("'usable'")

# What a usable story is about, as far as it has a page: a topic, a place, a person, an organisation.
label = Table(
    "label",
    metadata,
    Column("story_id", String(64), ForeignKey("story.story_id", ondelete="CASCADE"), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("key", String(160), primary_key=True),  # as it stands in the page's address
    Column("name", Text, nullable=False),
    Column("relevance", Integer, nullable=False),
    Column("published", BigInteger, nullable=False),  # the story's own, so that a page is read from one index
)
Index("label_latest", label.c.kind, label.c.key, label.c.published, label.c.story_id)

# Every revision that was ever applied or refused: what the story's state is worked out from, in whatever order the
# revisions came. A kill takes the copy out of what it killed.
revision = Table(
    "revision",
    metadata,
    Column("story_id", String(64), primary_key=True),
    Column("revision", BigInteger, primary_key=True),
    Column("arrival", BigInteger, nullable=False),  # its place among all revisions of all stories, as they came
    Column("change", String(16), nullable=False),
    Column("status", String(16), nullable=False),
    Column("published", BigInteger, nullable=False),
    Column("moment", BigInteger, nullable=False),  # when this revision was written
    Column("sequence", BigInteger),  # what its arrival led to; null when it arrived after its time and changed nothing
    Column("article", Text),
)
Index("revision_arrival", revision.c.arrival, unique=True)
