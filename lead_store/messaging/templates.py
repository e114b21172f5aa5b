"""The text of a message, with variables that stand for an organization's own columns.

A template is Jinja's, in its sandbox, and of that only what a message needs: variables, a few filters, and
conditions. Loops, calls and arithmetic are refused: they can be made to run for ever. Where the values come from is
left to `dispatches`.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from jinja2 import Template as JinjaTemplate
from jinja2 import TemplateSyntaxError, Undefined, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from lead_store.errors import Invalid

MAXIMUM_LENGTH = 4_096  # Of a WhatsApp text message (Cloud API, "text object").
FILTERS = ("default", "title", "upper", "lower", "capitalize", "trim")
ALLOWED_NODES = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Const,
    nodes.If,
    nodes.Not,
    nodes.And,
    nodes.Or,
    nodes.Compare,
    nodes.Operand,
)
# Header words that no variable name can hold are reached so: {{ column["Data de nascimento"] }}
COLUMN = "column"

_environment = ImmutableSandboxedEnvironment(autoescape=False, keep_trailing_newline=True)


@dataclass(frozen=True)
class Template:
    """A checked template: the columns it uses, and those of them that every recipient must have."""

    body: str
    used: frozenset[str]
    required: frozenset[str]

    def render(self, values: Mapping[str, str | None]) -> str:
        """The text for one recipient; `values` by the keys of `used`. What is blank is as if it were not there."""
        columns = _Columns({key: value for key, value in values.items() if value})
        compiled, names = _compile(self.body)
        return compiled.render({name: columns[name] for name in names}, column=columns)


class _Columns:
    """Values by column, whichever way its name is written."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values

    def __getitem__(self, name: object) -> str | Undefined:
        return self.values.get(normal_name(str(name))) or Undefined(name=str(name))


@lru_cache(maxsize=100)
def _compile(body: str) -> tuple[JinjaTemplate, list[str]]:
    return _environment.from_string(body), _find_names(_environment.parse(body))


def normal_name(name: str) -> str:
    """The same for "Data de nascimento", "data_de_nascimento" and "DATA DE NASCIMENTO"."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode() or name
    return re.sub(r"\W+", "_", plain.lower()).strip("_")


def check_template(body: str, columns: Iterable[str]) -> Template:
    """A template that uses nothing but these columns.

    Args:
        columns: normal names.

    Raises:
        Invalid: `template_invalid`, `template_variable_unknown`.
    """
    tree = _parse(body)
    named = {name: normal_name(name) for name in [*_find_names(tree), *_find_columns(tree)]}
    known = set(columns)
    unknown = sorted(name for name, key in named.items() if key not in known)
    if unknown:
        raise Invalid(
            f"This file has no column for {', '.join(unknown)}. A first message can only use your own columns:"
            f" {', '.join(sorted(known))}.",
            code="template_variable_unknown",
            variables=unknown,
        )
    optional = {normal_name(name) for name in _find_optional(tree)}
    used = frozenset(named.values())
    return Template(body, used, used - optional)


def _parse(body: str) -> nodes.Template:
    if not body.strip():
        raise Invalid("The message is empty.", code="template_invalid")
    if len(body) > MAXIMUM_LENGTH:
        raise Invalid(f"A message has at most {MAXIMUM_LENGTH:,} characters.", code="template_invalid")
    try:
        tree = _environment.parse(body)
    except (TemplateSyntaxError, RecursionError) as cause:
        raise Invalid(
            f"The message cannot be read as a template: {str(cause).rstrip('.')}. Variables look like {{{{ name }}}}.",
            code="template_invalid",
        ) from cause
    for node in tree.find_all(nodes.Node):
        if not _is_allowed(node):
            raise Invalid(
                f"A message can hold variables, conditions and the filters {', '.join(FILTERS)}, and nothing else.",
                code="template_invalid",
            )
    return tree


def _is_allowed(node: nodes.Node) -> bool:
    if isinstance(node, nodes.Filter):
        return node.name in FILTERS
    if isinstance(node, nodes.Getitem):
        return _is_column(node)
    return isinstance(node, ALLOWED_NODES)


def _is_column(node: nodes.Getitem) -> bool:
    return isinstance(node.node, nodes.Name) and node.node.name == COLUMN and isinstance(node.arg, nodes.Const)


def _find_names(tree: nodes.Node) -> list[str]:
    lookups = {id(node.node) for node in tree.find_all(nodes.Getitem)}
    return [node.name for node in tree.find_all(nodes.Name) if id(node) not in lookups]


def _find_columns(tree: nodes.Node) -> list[str]:
    return [str(node.arg.value) for node in tree.find_all(nodes.Getitem) if isinstance(node.arg, nodes.Const)]


def _find_optional(tree: nodes.Node) -> list[str]:
    """What the template says how to do without: with a default, or tested by a condition."""
    around = [node for node in tree.find_all(nodes.Filter) if node.name == "default"]
    tests = [node.test for node in tree.find_all(nodes.If)]
    inner = [node for node in (*around, *tests) if node is not None]
    wrapped = [nodes.Output([node]) for node in inner]
    return [name for node in wrapped for name in (*_find_names(node), *_find_columns(node))]
