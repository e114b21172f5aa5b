"""Headers that protect whoever looks at the pages, and the way back after signing in."""

import asyncio

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.routing import Route

from lead_store.access import PageHeaders, SignInCookies

PAGE = {"accept": "text/html,*/*"}


async def show(request: Request) -> PlainTextResponse:
    return PlainTextResponse("a page", headers={"referrer-policy": "no-referrer"})


async def come_back(request: Request) -> RedirectResponse:
    """Streamlit's way back from the provider: to the start page, signed in if it succeeded."""
    answer = RedirectResponse("/", status_code=302)
    if "code" in request.query_params:
        answer.set_cookie("_streamlit_user", "signed")
    return answer


class Browser:
    """Asks the application, keeps its cookies, follows no redirect."""

    def __init__(self, *, is_https: bool = False) -> None:
        middleware = [Middleware(PageHeaders), Middleware(SignInCookies, is_https=is_https)]
        routes = [Route("/oauth2callback", come_back), Route("/{path:path}", show, methods=["GET", "POST"])]
        transport = httpx.ASGITransport(Starlette(routes=routes, middleware=middleware))
        url = f"{'https' if is_https else 'http'}://app.example"
        self.client = httpx.AsyncClient(transport=transport, base_url=url)

    def get(self, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
        return asyncio.run(self.client.get(path, headers=headers))

    def post(self, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
        return asyncio.run(self.client.post(path, headers=headers))


def test_no_other_site_may_show_the_pages_within_its_own():
    headers = Browser().get("/review").headers
    assert headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


def test_header_that_an_answer_has_is_left_as_it_is():
    assert Browser().get("/review").headers.get_list("referrer-policy") == ["no-referrer"]


def test_deep_link_is_where_the_sign_in_ends():
    browser = Browser()
    browser.get("/review?import=123&organization=demo", headers=PAGE)
    assert browser.get("/oauth2callback?code=1").headers["location"] == "/review?import=123&organization=demo"


def test_failed_sign_in_leads_to_the_start_page():
    browser = Browser()
    browser.get("/review?import=123", headers=PAGE)
    assert browser.get("/oauth2callback?error=denied").headers["location"] == "/"


def test_what_is_no_page_is_not_remembered():
    browser = Browser()
    browser.get("/review", headers=PAGE)
    browser.get("/_stcore/health", headers={"accept": "*/*"})
    browser.post("/form", headers=PAGE)
    browser.get("/auth/login", headers=PAGE)
    assert browser.get("/oauth2callback?code=1").headers["location"] == "/review"


@pytest.mark.parametrize(
    "place",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "/%0d%0aSet-Cookie: a=b",
        "%2F%2Fevil.example",
        "%2F%0d%0aLocation:%20https:%2F%2Fevil.example",
        "",
    ],
)
def test_planted_place_leads_to_no_other_site(place):
    browser = Browser()
    answer = browser.get("/oauth2callback?code=1", headers={"cookie": f"lead_store_place={place}"})
    assert answer.headers["location"] == "/"


def test_cookies_are_secure_where_the_app_is_served_by_https():
    cookies = Browser(is_https=True).get("/oauth2callback?code=1").headers.get_list("set-cookie")
    assert cookies
    assert all("; Secure" in cookie for cookie in cookies)
    assert "Secure" not in Browser().get("/oauth2callback?code=1").headers["set-cookie"]
