"""Text from files and people, made safe to stand inside Markdown: it shows as it is, and never as markup."""

import re

MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:^=&])")
# Backslashes do not keep Streamlit from turning addresses into links and :words: into icons; an invisible
# character within them does.
LINKS = re.compile(r"(@|:|www(?=\.))", re.IGNORECASE)
WORD_JOINER = "\u2060"


def plain(text: object) -> str:
    """The text with all that Markdown could read as markup escaped, on one line."""
    return MARKUP.sub(r"\\\1", LINKS.sub(rf"\1{WORD_JOINER}", " ".join(str(text).split())))


def quoted(text: str) -> str:
    """The text as inline code, as it stands in the file, on one line."""
    line = " ".join(text.split())
    longest = max((len(run) for run in re.findall("`+", line)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{pad}{line}{pad}{fence}" if line else ""


def shortened(text: str, length: int = 60) -> str:
    """The text, or its start and its end where it is longer: file names differ at their end."""
    if len(text) <= length:
        return text
    tail = length // 3
    return f"{text[: length - tail - 1]}…{text[-tail:]}"
