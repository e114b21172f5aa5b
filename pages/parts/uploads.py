"""Files that people upload, on disk from their first byte on, and how far each has come.

Streamlit's uploader alone would keep a file in memory for as long as the tab is open, and shows no progress. It still
decides who may upload, and tells the page that a file is there; of the file itself it is given the name alone.
"""

import re
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

import streamlit as st
from python_multipart.multipart import parse_options_header
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.typing import UploadedFile

from lead_store.errors import NotFound

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Channel = Callable[..., Awaitable[Any]]

UPLOAD_PATH = re.compile(r"/_stcore/upload_file/(?P<session>[^/]+)/(?P<file>[^/]+)$")
# What stands around the file in the body: boundaries, its name and its type.
LARGEST_FRAME_BYTES = 1024**2
REFRESH_SECONDS = 0.5


@dataclass(eq=False)
class Upload:
    """A file on its way, or, with its content, arrived."""

    file_id: str
    total_bytes: int
    received_bytes: int = 0
    content: BinaryIO | None = None

    def close(self) -> None:
        """Free its place on disk: the file there has no name, and ends with its last reader."""
        if self.content:
            self.content.close()


# By session, which has one uploader: its last file is the one that counts.
_uploads: dict[str, Upload] = {}


class UploadsOnDisk:
    """ASGI middleware: the content of uploads goes to disk, and what stands around it on to Streamlit."""

    def __init__(self, app: Callable[..., Awaitable[None]]) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Channel, send: Channel) -> None:
        """Pass on what is no upload. Streamlit checks session, token and length before it asks for an upload's body."""
        place = UPLOAD_PATH.search(scope["path"]) if scope["type"] == "http" else None
        if place and scope["method"] == "PUT":
            receive = _keeping_content(scope, receive, place["session"], place["file"])
        elif place and scope["method"] == "DELETE":
            send = _forgetting(send, place["session"], place["file"])
        # Who takes a file back, or closes the tab, while it is on its way waits for no answer.
        with suppress(ClientDisconnect):
            await self.app(scope, receive, send)


def _keeping_content(scope: Scope, receive: Channel, session: str, file_id: str) -> Channel:
    request = Request(scope)
    upload = Upload(file_id, int(request.headers.get("content-length", 0)))
    limit = st.get_option("server.maxUploadSize") * 1024**2 + LARGEST_FRAME_BYTES

    async def receive_counted() -> Message:
        message = await receive()
        upload.received_bytes += len(message.get("body", b""))
        if upload.received_bytes > limit:
            raise HTTPException(413, "File too large")
        return message

    async def receive_frame() -> Message:
        if upload.content:
            return await receive()
        _replace(session, upload)
        _close_abandoned()
        try:
            form = await Request(scope, receive_counted).form(max_files=1, max_fields=0)
        except BaseException:
            _remove(session, upload)
            raise
        files = [value for value in form.values() if isinstance(value, UploadFile)]
        if not files:
            _remove(session, upload)
            raise HTTPException(400, "Expected 1 file, but got 0")
        upload.content = cast(BinaryIO, files[0].file)
        if _uploads.get(session) is not upload:
            upload.close()
        return {"type": "http.request", "body": _frame(request, files[0]), "more_body": False}

    return receive_frame


def _frame(request: Request, file: UploadFile) -> bytes:
    """The body without the file's content."""
    boundary = parse_options_header(request.headers["content-type"])[1][b"boundary"]
    headers = b"".join(name + b": " + value + b"\r\n" for name, value in file.headers.raw)
    return b"--%b\r\n%b\r\n\r\n--%b--\r\n" % (boundary, headers, boundary)


def _forgetting(send: Channel, session: str, file_id: str) -> Channel:
    async def send_and_forget(message: Message) -> None:
        upload = _uploads.get(session)
        if message.get("status") == 204 and upload and upload.file_id == file_id:
            _remove(session, upload)
        await send(message)

    return send_and_forget


def _replace(session: str, upload: Upload) -> None:
    former, _uploads[session] = _uploads.get(session), upload
    if former:
        former.close()


def _remove(session: str, upload: Upload) -> None:
    if _uploads.get(session) is upload:
        del _uploads[session]
    upload.close()


def _close_abandoned() -> None:
    """Files that arrived for tabs that are closed by now."""
    for session, upload in list(_uploads.items()):
        if upload.content and not runtime.get_instance().is_active_session(session):
            _remove(session, upload)


def open_file(file: UploadedFile) -> BinaryIO:
    """The content of the file that this tab's uploader holds; seekable. Raises NotFound where it was let go."""
    upload = _uploads.get(_session())
    if not upload or upload.file_id != file.file_id or not upload.content:
        raise NotFound("The uploaded file is no longer here. Choose it again.", code="upload_gone")
    return upload.content


def let_go() -> None:
    """This tab's file is kept elsewhere now, if it had one."""
    upload = _uploads.get(_session())
    if upload:
        _remove(_session(), upload)


@st.fragment(run_every=REFRESH_SECONDS)
def show_progress() -> None:
    """A bar while this tab's file is on its way, by itself."""
    upload = _uploads.get(_session())
    if upload and upload.total_bytes:
        received, total = upload.received_bytes, upload.total_bytes
        text = f"{received / 1e6:,.0f} of {total / 1e6:,.0f} MB uploaded"
        st.progress(min(received / total, 1.0), text=text)


def _session() -> str:
    context = get_script_run_ctx()
    return context.session_id if context else ""
