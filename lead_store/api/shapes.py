"""What the API's JSON has in common: camelCase names, nothing unknown, and bodies read strictly."""

import re
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel
from pydantic_core import from_json
from starlette.exceptions import HTTPException

# An escaped NUL, which PostgreSQL cannot hold, and not the text of a backslash before u0000.
ESCAPED_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


class Shape(BaseModel):
    """A JSON object of the API."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True)


class StrictRequest(Request):
    """A request whose JSON is read by pydantic's parser, which bounds nesting and refuses broken Unicode."""

    async def json(self) -> Any:
        """The body. Raises HTTPException 400."""
        body = await self.body()
        try:
            read = from_json(body, allow_inf_nan=False)
        except ValueError as cause:
            raise HTTPException(400, f"The body cannot be read as JSON: {cause}.") from cause
        # Looked for first as plain bytes: the expression takes longer than reading the JSON.
        if rb"\u0000" in body and ESCAPED_NUL.search(body):
            raise HTTPException(400, "The body holds a NUL character, which is no text.")
        return read


class StrictRoute(APIRoute):
    """A route that reads its body so."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """See APIRoute."""
        handle = super().get_route_handler()

        async def handle_strictly(request: Request) -> Response:
            return await handle(StrictRequest(request.scope, request.receive))

        return handle_strictly
