"""The countries that a phone can be read in, by name."""

from functools import cache

from phonenumbers import SUPPORTED_REGIONS
from phonenumbers.geodata.locale import LOCALE_DATA


@cache
def names() -> dict[str, str]:
    """ISO code -> English name, by name; what has no name of its own is left out."""
    named = {code: _english(LOCALE_DATA.get(code, {})) for code in SUPPORTED_REGIONS}
    return dict(sorted(((code, name) for code, name in named.items() if name), key=lambda entry: entry[1]))


def _english(in_languages: dict[str, str]) -> str:
    """phonenumbers writes "*aa" for the same name as in language aa."""
    name = in_languages.get("en", "")
    return in_languages[name[1:]] if name.startswith("*") else name
