"""A reader's verdict on an answer, as `POST /v1/feedback` takes it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StrictStr

from service.schemas.base import Incoming

Verdict = Literal["right", "wrong", "other"]
"""What a reader says of an answer: right, wrong, or not what was asked."""


class FeedbackRequest(Incoming):
    """A verdict on an answer: `right`, `wrong`, or `other` for one that is not what was asked."""

    id: Annotated[StrictStr, Field(max_length=64, description="The answer's `id`.")]
    verdict: Verdict
