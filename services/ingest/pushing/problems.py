"""Refusals as problem documents (RFC 9457), each with a ``code`` that does not change between versions."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

__all__ = ["Problem", "answer_problem", "exception_handlers"]


class Problem(Exception):
    """The request is refused. ``code`` is for programs, ``detail`` for a person."""

    def __init__(
        self, status: int, code: str, detail: str, *, headers: dict[str, str] | None = None, **members: Any
    ) -> None:
        super().__init__(f"{code}: {detail}")
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = headers or {}
        self.members = members


def answer_problem(problem: Problem) -> Response:
    """Return the problem as a response."""
    document = {
        "type": f"urn:wireroom:problem:{problem.code}",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "code": problem.code,
        "detail": problem.detail,
        **problem.members,
    }
    # A refused body is often not read to its end, so the connection cannot carry another request.
    headers = {"Connection": "close", **problem.headers}
    return JSONResponse(document, problem.status, headers, media_type="application/problem+json")


async def _answer(_: Request, error: Exception) -> Response:
    if isinstance(error, Problem):
        return answer_problem(error)
    if isinstance(error, HTTPException):
        code = HTTPStatus(error.status_code).name.lower()
        headers = dict(error.headers or {})
        return answer_problem(Problem(error.status_code, code, str(error.detail), headers=headers))
    return answer_problem(Problem(500, "internal_error", "the fault is ours and is in the log; send it again later"))


exception_handlers: dict[Any, Any] = {Problem: _answer, HTTPException: _answer, Exception: _answer}
