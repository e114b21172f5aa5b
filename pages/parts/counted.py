"""A count together with its noun, as people say it."""


def counted(count: int, one: str, many: str = "") -> str:
    """Such as "1 row" and "2,000 rows"; `many` where more than an "s" makes the plural."""
    return f"1 {one}" if count == 1 else f"{count:,} {many or f'{one}s'}"
