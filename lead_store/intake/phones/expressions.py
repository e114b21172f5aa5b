"""The expressions of numbering plans as trees, and what can be told from a tree without running it.

Making automata of them is left to `automata`.
"""

import re
from dataclasses import dataclass, field

_EVERY_DIGIT = frozenset(range(10))
_TOKEN = re.compile(r"\\d|\d|\[[\d-]+\]|\(\?:|\(|\)|\||\?|\{\d+(?:,\d+)?\}|\$")


@dataclass
class Node:
    """A part of an expression: digits, a sequence, alternatives, a repetition, or the end of the number."""

    kind: str
    digits: frozenset[int] = frozenset()
    parts: list["Node"] = field(default_factory=list)
    least: int = 1
    most: int = 1


def parse_expression(expression: str) -> Node:
    """The tree of an expression in the subset of syntax that numbering plans use. Raises ValueError beyond it."""
    tokens = _TOKEN.findall(expression)
    if "".join(tokens) != expression:
        raise ValueError(f"This expression goes beyond digits, classes, groups and counts: {expression}")
    node, rest = _alternatives(tokens)
    if rest:
        raise ValueError(f"A group of this expression is closed but not opened: {expression}")
    return node


def _alternatives(tokens: list[str]) -> tuple[Node, list[str]]:
    branches: list[Node] = [Node("sequence")]
    while tokens and tokens[0] != ")":
        if tokens[0] == "|":
            branches.append(Node("sequence"))
            tokens = tokens[1:]
        else:
            part, tokens = _counted(tokens)
            branches[-1].parts.append(part)
    return Node("alternatives", parts=branches), tokens


def _counted(tokens: list[str]) -> tuple[Node, list[str]]:
    part, tokens = _atom(tokens)
    if tokens and tokens[0] == "?":
        return Node("repetition", parts=[part], least=0, most=1), tokens[1:]
    if tokens and tokens[0].startswith("{"):
        least, _, most = tokens[0][1:-1].partition(",")
        return Node("repetition", parts=[part], least=int(least), most=int(most or least)), tokens[1:]
    return part, tokens


def _atom(tokens: list[str]) -> tuple[Node, list[str]]:
    token, tokens = tokens[0], tokens[1:]
    if token in ("(", "(?:"):
        group, tokens = _alternatives(tokens)
        return group, tokens[1:]
    if token == "$":
        return Node("end"), tokens
    return Node("digits", digits=_digits_of(token)), tokens


def _digits_of(token: str) -> frozenset[int]:
    matches = re.compile(token)
    return frozenset(digit for digit in range(10) if matches.fullmatch(str(digit)))


def telling_digits(node: Node, start: int = 0) -> tuple[int, int]:
    """(how many leading digits a match can depend on, where it can end at most); the rest counts by its number."""
    if node.kind == "digits":
        return (0 if node.digits == _EVERY_DIGIT else start + 1), start + 1
    told, end = 0, start
    if node.kind == "alternatives":
        ends = [telling_digits(part, start) for part in node.parts]
        return max(told for told, _ in ends), max(end for _, end in ends)
    for part in node.parts * (node.most if node.kind == "repetition" else 1):
        part_told, end = telling_digits(part, end)
        told = max(told, part_told)
    return told, end


def first_digits(node: Node) -> tuple[frozenset[int], bool]:
    """(the digits that a match can begin with, whether it can be empty)."""
    if node.kind == "digits":
        return node.digits, False
    if node.kind == "end":
        return frozenset(), True
    if node.kind == "alternatives":
        found = [first_digits(part) for part in node.parts]
        return frozenset().union(*(digits for digits, _ in found)), any(empty for _, empty in found)
    begins: frozenset[int] = frozenset()
    for part, is_optional in unrolled(node):
        digits, can_be_empty = first_digits(part)
        begins |= digits
        if not (can_be_empty or is_optional):
            return begins, False
    return begins, True


def unrolled(node: Node) -> list[tuple[Node, bool]]:
    """The parts of a sequence or the rounds of a repetition, each with whether it may be left out."""
    if node.kind == "sequence":
        return [(part, False) for part in node.parts]
    return [(node.parts[0], index >= node.least) for index in range(node.most)]
