"""Uploads go to disk; Streamlit, played by a small app with its path, is told of them without their content."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from streamlit.testing.v1 import AppTest

from pages.parts import uploads

# The name that Streamlit gives the session of a page in a test.
SESSION = "test session id"
PATH = f"/_stcore/upload_file/{SESSION}/file-1"
CONTENT = b"Nome,Telefone\nAna,+5511987654321\n" * 100_000


async def put(request: Request) -> JSONResponse:
    """What arrives where Streamlit would keep it in memory."""
    form = await request.form()
    [file] = form.values()
    seen = {"name": file.filename, "type": file.content_type, "bytes": len(await file.read())}
    await form.close()
    return JSONResponse(seen)


async def refuse(request: Request) -> Response:
    """As for a session that is none: without a look at the body."""
    return Response(status_code=400)


async def delete(request: Request) -> Response:
    return Response(status_code=204)


def ask(method: str, path: str = PATH, **body: object) -> httpx.Response:
    routes = [
        Route("/_stcore/upload_file/nobody/{file}", refuse, methods=["PUT"]),
        Route("/_stcore/upload_file/{session}/{file}", put, methods=["PUT"]),
        Route("/_stcore/upload_file/{session}/{file}", delete, methods=["DELETE"]),
    ]
    app = Starlette(routes=routes, middleware=[Middleware(uploads.UploadsOnDisk)])

    async def answer() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://app") as client:
            return await client.request(method, path, **body)  # type: ignore[arg-type]

    return asyncio.run(answer())


def upload(content: bytes = CONTENT, path: str = PATH) -> httpx.Response:
    return ask("PUT", path, files={"file": ("Contatos São Paulo.csv", content, "text/csv")})


@pytest.fixture(autouse=True)
def _no_upload() -> Iterator[None]:
    yield
    ask("DELETE")


def open_on_a_page(file_id: str = "file-1") -> bytes | None:
    """The content, as a page of the session gets it; None where it is told to ask for the file again."""

    def script(file_id: str) -> None:
        from types import SimpleNamespace

        import streamlit as st

        from lead_store.errors import NotFound
        from pages.parts import uploads

        try:
            file = uploads.open_file(SimpleNamespace(file_id=file_id))
        except NotFound:
            st.session_state["content"] = None
        else:
            file.seek(0)
            st.session_state["content"] = file.read()

    app = AppTest.from_function(script, args=(file_id,)).run()
    assert not app.exception
    return app.session_state["content"]


def test_streamlit_is_told_name_and_type_and_given_no_content():
    assert upload().json() == {"name": "Contatos São Paulo.csv", "type": "text/csv", "bytes": 0}


def test_page_of_the_session_reads_what_was_uploaded():
    upload()
    assert open_on_a_page() == CONTENT


def test_small_file_arrives_too():
    upload(b"Nome\nAna\n")
    assert open_on_a_page() == b"Nome\nAna\n"


def test_next_file_of_the_session_takes_the_place_of_the_last():
    upload()
    upload(b"Nome\nBia\n", PATH.replace("file-1", "file-2"))
    assert open_on_a_page("file-2") == b"Nome\nBia\n"
    assert open_on_a_page("file-1") is None
    ask("DELETE", PATH.replace("file-1", "file-2"))


def test_file_that_was_removed_is_gone():
    upload()
    ask("DELETE")
    assert open_on_a_page() is None


def test_body_of_a_refused_upload_is_not_read():
    async def body() -> AsyncIterator[bytes]:
        raise AssertionError("read")
        yield b""

    assert ask("PUT", "/_stcore/upload_file/nobody/file-1", content=body()).status_code == 400


def test_upload_that_hides_its_length_ends_at_the_limit(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(uploads, "LARGEST_FRAME_BYTES", 1_000)
    monkeypatch.setattr(uploads.st, "get_option", lambda name: 1)

    async def body() -> AsyncIterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="big.csv"\r\n\r\n'
        for _ in range(20):
            yield b"x" * 100_000
        yield b"\r\n--b--\r\n"

    answer = ask("PUT", headers={"content-type": "multipart/form-data; boundary=b"}, content=body())
    assert answer.status_code == 413
    assert open_on_a_page() is None


def test_body_without_a_file_is_refused():
    body = b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\ntext\r\n--b--\r\n'
    headers = {"content-type": "multipart/form-data; boundary=b"}
    assert ask("PUT", headers=headers, content=body).status_code == 400


def test_other_requests_pass_unchanged():
    assert ask("GET", "/elsewhere").status_code == 404
