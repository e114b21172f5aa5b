"""Which addresses messages may go to."""

import pytest

from lead_store.errors import Invalid
from lead_store.messaging.outbound import check_url, is_public, post


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),  # Shared address space of carriers (RFC 6598).
        ("169.254.169.254", False),  # Where clouds keep their credentials.
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::7f00:1", False),  # 127.0.0.1 through NAT64.
        ("2002:7f00:1::", False),  # And through 6to4.
        ("::127.0.0.1", False),  # IPv4-compatible (RFC 4291, deprecated).
        ("::ffff:0:127.0.0.1", False),  # IPv4-translated (RFC 2765).
        ("fec0::1", False),  # Site-local, deprecated by RFC 3879, routed in old networks all the same.
        ("nonsense", False),
    ],
)
def test_only_addresses_of_the_internet_are_public(address: str, expected: bool) -> None:
    assert is_public(address) is expected


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/hook",
        "http://example.com:8080/hook?a=b",
        "https://93.184.215.14/",
    ],
)
def test_public_address_is_taken_as_it_is(url: str) -> None:
    assert check_url(url) == url


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://127.1/", "url_forbidden"),  # Short, octal, hexadecimal and whole-number forms of 127.0.0.1.
        ("http://0177.0.0.1/", "url_invalid"),
        ("http://0x7f000001/", "url_forbidden"),
        ("http://2130706433/", "url_forbidden"),
        ("http://localhost./", "url_forbidden"),
        ("http://metadata.google.internal/", "url_forbidden"),
        ("http://[::ffff:7f00:1]/", "url_forbidden"),
        ("http://%31%32%37.0.0.1/", "url_invalid"),
        ("http://user@example.com/", "url_invalid"),
        ("http://example.com:0/", "url_invalid"),
        ("http://example.com:99999/", "url_invalid"),
        ("http:///path", "url_invalid"),
        ("ftp://example.com/", "url_invalid"),
        ("javascript:alert(1)", "url_invalid"),
        ("http://exämple.com/", "url_invalid"),  # Its ASCII form is unambiguous; this one is not.
        ("http://example.com/\r\nHost: evil", "url_invalid"),
        ("https://example.com/" + "a" * 2048, "url_invalid"),
    ],
)
def test_other_addresses_are_refused(url: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_url(url)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["93.184.215.14", "127.0.0.1"],  # One private address among public ones is enough.
        ["::1"],
        [],
    ],
)
def test_name_with_a_private_address_gets_nothing(addresses: list[str]) -> None:
    sent = post("http://rebinding.example.com/", b"{}", {}, lookup=lambda host, port: addresses)
    assert sent.status_code is None
    assert sent.error
    assert not sent.is_accepted
