"""How ``newsroom.yaml`` says that copy comes by mail or is pulled from an interface."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, StringConstraints, model_validator

__all__ = ["MaildirConfig", "PullConfig"]

JsonPath = Annotated[str, StringConstraints(pattern=r"^[^.\s]+(\.[^.\s]+)*$", max_length=200)]
"""Member names from the outside in, with dots between: ``data.items``; a number is a place in a list."""
HeaderName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,64}$")]
VariableName = Annotated[str, StringConstraints(pattern=r"^INGEST_[A-Z0-9_]{1,64}$")]
ServerName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,253}$", to_lower=True)]


class MaildirConfig(BaseModel):
    """``maildir:`` of a source."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: Path
    """The Maildir, as the mail server fills it; relative paths begin at ``WIREROOM_DATA``."""
    trust: ServerName | None = None
    """The name that the receiving server signs its Authentication-Results with. All others' mean nothing."""
    dmarc: Literal["pass"] | None = None
    """``pass``: mail that the receiving server does not say this of is refused."""

    @model_validator(mode="after")
    def _somebody_is_trusted(self) -> Self:
        if self.dmarc and not self.trust:
            raise ValueError("dmarc needs trust: the name of the server whose word counts")
        return self


class PullConfig(BaseModel):
    """``pull:`` of a source: pages of JSON, each with a link to the next."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: HttpUrl
    """The page to begin with, where nothing was read yet."""
    headers: dict[HeaderName, VariableName] = Field(default_factory=dict)
    """Request headers, each by the variable that holds its value; sent to the server of ``url`` and no other."""
    items: JsonPath
    """Where the list of entries is in a page."""
    next: JsonPath
    """Where the link to the next page is."""
    inline: JsonPath | None = None
    """Where the copy is in an entry; without it and ``link``, the entry is the copy."""
    link: JsonPath | None = None
    """Where the address of the copy is in an entry."""
    page_size: Annotated[int, Field(gt=0, le=1_000)] | None = None
    page_size_parameter: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,64}$")] = "page_size"

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if self.inline and self.link:
            raise ValueError("inline or link: an entry holds the copy or says where it is")
        return self
