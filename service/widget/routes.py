"""`GET /widget.js`: for every page of the web to load, compressed where the browser reads that."""

from __future__ import annotations

import gzip
import hashlib

from fastapi import APIRouter, Request
from starlette.responses import Response

widget = APIRouter(include_in_schema=False)


class Script:
    """The script in both shapes, made once."""

    def __init__(self, text: str) -> None:
        self._plain = text.encode()
        self._compressed = gzip.compress(self._plain, 9, mtime=0)
        self._etag = f'"{hashlib.sha256(self._plain).hexdigest()[:32]}"'

    def response(self, accept_encoding: str, if_none_match: str) -> Response:
        """The script, or 304 where the browser has it. A module script of another origin needs the CORS header."""
        headers = {
            "access-control-allow-origin": "*",
            "cross-origin-resource-policy": "cross-origin",
            "cache-control": "public, max-age=3600",
            "etag": f"W/{self._etag}",  # weak: the same script in two encodings
            "vary": "accept-encoding",
        }
        if self._etag in (tag.strip().removeprefix("W/") for tag in if_none_match.split(",")):
            return Response(status_code=304, headers=headers)
        zipped = any(part.strip().lower() == "gzip" for part in accept_encoding.split(","))
        if zipped:
            headers["content-encoding"] = "gzip"
        body = self._compressed if zipped else self._plain
        return Response(body, media_type="text/javascript; charset=utf-8", headers=headers)


@widget.api_route("/widget.js", methods=["GET", "HEAD"])
async def widget_script(request: Request) -> Response:
    """The chat widget."""
    script: Script = request.app.state.widget
    headers = request.headers
    return script.response(headers.get("accept-encoding", ""), headers.get("if-none-match", ""))
