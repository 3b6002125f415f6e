"""Refusals as problem documents (RFC 9457), each with a ``code`` that does not change between versions."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from services.publish.site.answer import Answer
from services.publish.site.page_cache import Page
from services.publish.site.serve_pages import AnswerResponse

__all__ = ["MEDIA_TYPE", "Problem", "ProblemPages", "exception_handlers", "not_found", "problem_answer", "problem_page"]

MEDIA_TYPE = "application/problem+json"
METHODS = "GET, HEAD"
"""Nothing here is written to."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A refusal. ``code`` is for programs, ``detail`` for a person; ``members`` stand beside them."""

    status: int
    code: str
    detail: str
    headers: tuple[tuple[str, str], ...] = ()
    members: dict[str, Any] = field(default_factory=dict)


def problem_page(problem: Problem) -> Page:
    """Return the problem as a page. It may be kept by nobody: what it says may be over in a moment."""
    document = {
        "type": f"urn:wireroom:problem:{problem.code}",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "code": problem.code,
        "detail": problem.detail,
        **problem.members,
    }
    return Page(
        json.dumps(document, ensure_ascii=False).encode(),
        status=problem.status,
        media_type=MEDIA_TYPE,
        headers=(("Cache-Control", "no-store"), *problem.headers),
    )


def problem_answer(problem: Problem) -> AnswerResponse:
    """Return the problem as a response."""
    return AnswerResponse(Answer(problem_page(problem)))


def not_found() -> Problem:
    """Return what is said of what is not there: why, is nobody's business."""
    return Problem(404, "not_found", "There is no such thing here.")


class ProblemPages:
    """What is said where no page can be made (:class:`services.publish.site.serve_pages.Fallbacks`)."""

    def bad_request(self) -> Page:
        return problem_page(Problem(400, "bad_host", "The request does not say which site it is for."))

    def unavailable(self) -> Page:
        return problem_page(Problem(503, "store_unavailable", "The site cannot reach its stories. Try again shortly."))


async def _invalid(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - it is registered for these alone
    found = error.errors()
    if any(one["loc"][0] == "path" for one in found):
        return problem_answer(not_found())
    errors = [{"parameter": str(one["loc"][-1]), "detail": one["msg"]} for one in found]
    named = ", ".join(sorted({one["parameter"] for one in errors}))
    return problem_answer(
        Problem(422, "invalid_parameter", f"These parameters cannot be used: {named}.", members={"errors": errors})
    )


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - as above
    if error.status_code == 404:
        return problem_answer(not_found())
    if error.status_code == 405:
        detail = f"This can be read and nothing else: {METHODS}."
        return problem_answer(Problem(405, "method_not_allowed", detail, headers=(("Allow", METHODS),)))
    code = HTTPStatus(error.status_code).name.lower()
    return problem_answer(Problem(error.status_code, code, HTTPStatus(error.status_code).description))


async def _failed(_: Request, __: Exception) -> Response:
    return problem_answer(Problem(500, "internal_error", "The fault is ours, and it has been recorded."))


exception_handlers: dict[Any, Any] = {
    RequestValidationError: _invalid,
    HTTPException: _refused,
    Exception: _failed,
}
