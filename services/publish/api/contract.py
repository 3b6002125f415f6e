"""The OpenAPI 3.1 document: what FastAPI reads off the endpoints, and what stands in no signature."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from services.publish.api.memory import PREFIX
from services.publish.api.negotiation import Form
from services.publish.api.problems import MEDIA_TYPE
from services.publish.api.public import PublicNewsroom
from services.publish.api.shape import INSIDE
from shared.article import NINJS_SCHEMA, Article

__all__ = ["LIST", "ONE", "contract_of", "problems"]

_REF = "#/components/schemas/{model}"
_TEXT = {"type": "string"}
_HEADERS: dict[str, Any] = {
    "ETag": {"schema": _TEXT, "description": "Send it back in `If-None-Match`: 304 says that nothing has changed."},
    "Surrogate-Key": {"schema": _TEXT, "description": "What the answer was made from, for content networks."},
}
_LINK = {"schema": _TEXT, "description": "`next`: where the list goes on. `monitor`: what changes from now on."}


class ProblemDocument(BaseModel):
    """A refusal (RFC 9457). ``code`` does not change between versions."""

    type: str
    title: str
    status: int
    code: str
    detail: str


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return what an endpoint's refusals look like. Every endpoint has 400, 401, 422, 429 and 503 as well."""
    said = {
        400: "The request names no host.",
        401: "A key is needed, and this is none.",
        404: "There is no such thing, or not at the moment.",
        406: "None of the forms is taken.",
        410: "The story was killed.",
        422: "A parameter cannot be used.",
        429: "Too many requests.",
        503: "The store cannot be reached.",
    }
    schema = {"$ref": _REF.format(model="Problem")}
    return {
        status: {"description": said[status], "content": {MEDIA_TYPE: {"schema": schema}}}
        for status in sorted({400, 401, 422, 429, 503, *statuses})
    }


def _forms(ours: str, ninjs: str) -> dict[str, Any]:
    return {form.value: {"schema": {"$ref": _REF.format(model=ninjs if form.is_ninjs else ours)}} for form in Form}


ONE: dict[str, Any] = {"description": "The story", "headers": _HEADERS, "content": _forms("Article", "Ninjs")}
LIST: dict[str, Any] = {
    "description": "Stories",
    "headers": {**_HEADERS, "Link": _LINK},
    "content": _forms("ArticleList", "NinjsList"),
}


def contract_of(app: FastAPI, *, keyed: bool) -> dict[str, Any]:
    """Return the document. ``keyed``: a key is asked for."""
    document = app.openapi()
    document["servers"] = [{"url": PREFIX}]
    components = document.setdefault("components", {})
    components.setdefault("schemas", {}).update(_schemas())
    if keyed:
        components["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
        document["security"] = [{"key": []}]
    return document


def _schemas() -> dict[str, Any]:
    _, made = models_json_schema(
        [(Article, "serialization"), (PublicNewsroom, "serialization"), (ProblemDocument, "serialization")],
        by_alias=True,
        ref_template=_REF,
    )
    schemas: dict[str, Any] = made["$defs"]
    schemas["Problem"] = {**schemas.pop("ProblemDocument"), "title": "Problem"}
    for name in ("Newsroom", "Amends", "Applied", "Enrichment", "Ruled", "Skipped"):
        schemas.pop(name, None)
    schemas["PublicNewsroom"]["required"] = ["storyId"]  # `fields` may leave out the rest
    article = schemas.pop("Article")
    members = {name: schema for name, schema in article["properties"].items() if name not in {"newsroom", *INSIDE}}
    schemas["Ninjs"] = {
        "type": "object",
        "title": "Ninjs",
        "description": f"One story as ninjs 3.1: the IPTC's own schema is {NINJS_SCHEMA}",
        "properties": members,
        "required": ["uri"],
    }
    schemas["Article"] = {
        "type": "object",
        "title": "Article",
        "description": "One story: ninjs 3.1 with the newsroom's own facts beside it.",
        "properties": {**members, "newsroom": {"$ref": _REF.format(model="PublicNewsroom")}},
        "required": ["uri"],
    }
    schemas["ArticleList"] = _object(
        "ArticleList",
        articles={"type": "array", "items": {"$ref": _REF.format(model="Article")}},
        sequence={"type": "integer", "description": "A sequence that this list is at least as new as."},
        next={"type": ["string", "null"], "description": "Where the list goes on."},
        changes={"type": "string", "description": "Where what changes from now on is told."},
    )
    schemas["NinjsList"] = {
        **_object("NinjsList", uri=_TEXT, type={"const": "composite"}),
        "description": "A list as one ninjs document: its stories are `associations`, named by their story.",
    }
    schemas["NinjsList"]["properties"]["associations"] = {
        "type": "array",
        "items": {"$ref": _REF.format(model="Ninjs")},
    }
    return schemas


def _object(title: str, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "title": title, "properties": properties, "required": list(properties)}
