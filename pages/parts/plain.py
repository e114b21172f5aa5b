"""Text from files and people, made safe to stand inside Markdown: it shows as it is, and never as markup."""

import re

MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:^=&])")


def plain(text: object) -> str:
    """The text with all that Markdown could read as markup escaped, on one line."""
    return MARKUP.sub(r"\\\1", " ".join(str(text).split()))


def shortened(text: str, length: int = 60) -> str:
    """The text, or its start and its end where it is longer: file names differ at their end."""
    if len(text) <= length:
        return text
    tail = length // 3
    return f"{text[: length - tail - 1]}…{text[-tail:]}"
