"""Header text taken apart. Which words mean what is known to intake.mapping.words."""

import re
import unicodedata


def normal_form(header: str) -> str:
    """Lower case, without accents, separators as single spaces: what makes two headers the same."""
    decomposed = unicodedata.normalize("NFKD", header.casefold())
    letters = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(re.findall(r"\w+", letters.replace("_", " ")))
