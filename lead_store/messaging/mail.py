"""E-mail through the SMTP server of the installation, where one is configured."""

import smtplib
from email.message import EmailMessage
from email.utils import localtime, make_msgid, parseaddr
from urllib.parse import unquote, urlsplit

from lead_store.errors import Unavailable
from lead_store.settings import get_settings

TIMEOUT_SECONDS = 20.0


def is_configured() -> bool:
    """True where LEAD_STORE_SMTP_URL is set: smtp://, smtp+starttls:// or smtps://user:password@host:port."""
    return bool(get_settings().smtp_url)


def send(to: str, subject: str, text: str) -> None:
    """Give a message to the server.

    Raises:
        Unavailable: the server does not take it now.
    """
    settings = get_settings()
    message = EmailMessage()
    # Header injection is refused by EmailMessage itself: a line break in a header raises ValueError.
    message["From"], message["To"], message["Subject"] = settings.smtp_from, to, " ".join(subject.split())
    # Not every server adds these two, and what comes without them is taken for spam.
    sender = parseaddr(settings.smtp_from)[1]
    message["Date"], message["Message-ID"] = localtime(), make_msgid(domain=sender.rpartition("@")[2])
    message.set_content(text)
    url = urlsplit(settings.smtp_url or "")
    connect = smtplib.SMTP_SSL if url.scheme == "smtps" else smtplib.SMTP
    try:
        with connect(url.hostname or "localhost", url.port or 0, timeout=TIMEOUT_SECONDS) as server:
            if url.scheme == "smtp+starttls":
                server.starttls()
            if url.username:
                server.login(unquote(url.username), unquote(url.password or ""))
            server.send_message(message)
    except (OSError, smtplib.SMTPException) as cause:
        raise Unavailable("The mail server does not take the message. It is tried again.", code="mail") from cause
