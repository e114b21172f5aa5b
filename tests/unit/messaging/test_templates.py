"""Templates: an organization's own columns, and nothing that could run for ever or reach further."""

import pytest

from lead_store.errors import Invalid
from lead_store.messaging.templates import MAXIMUM_LENGTH, check_template, normal_name

COLUMNS = ("name", "first_name", "cidade", "data_de_nascimento")


@pytest.mark.parametrize(
    ("body", "values", "text"),
    [
        ("Olá {{ name }}!", {"name": "Ana"}, "Olá Ana!"),
        ("{{ Cidade }}", {"cidade": "Santos"}, "Santos"),
        ('{{ column["Data de nascimento"] }}', {"data_de_nascimento": "1/2/1990"}, "1/2/1990"),
        ("{{ name | upper }}", {"name": "ana"}, "ANA"),
        ("{{ name | default('amigo') }}", {"name": None}, "amigo"),
        ("{% if cidade %}de {{ cidade }}{% else %}!{% endif %}", {"cidade": ""}, "!"),
        ("{{ name }}", {"name": "{{ 7 * 7 }}<b>"}, "{{ 7 * 7 }}<b>"),  # A cell is text, never a template.
        ("sem variáveis\n", {}, "sem variáveis\n"),
    ],
)
def test_text_is_made_of_the_recipients_own_values(body: str, values: dict[str, str | None], text: str) -> None:
    assert check_template(body, COLUMNS).render(values) == text


@pytest.mark.parametrize(
    ("body", "required"),
    [
        ("{{ name }} {{ cidade }}", {"name", "cidade"}),
        ("{{ name | default('amigo') }} {{ cidade }}", {"cidade"}),
        ("{% if name %}{{ name }}{% endif %}", set()),
        ("nada", set()),
    ],
)
def test_recipient_needs_what_the_template_cannot_do_without(body: str, required: set[str]) -> None:
    assert check_template(body, COLUMNS).required == required


@pytest.mark.parametrize(
    "body",
    [
        "{{ name",
        "{% for x in name %}{% endfor %}",
        "{% set x = 1 %}{{ x }}",
        "{% include 'a' %}",
        "{% macro m() %}{% endmacro %}",
        "{{ name.__class__ }}",
        "{{ name[0] }}",
        "{{ name() }}",
        "{{ name * 1000000000 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ name | replace('a', 'b') }}",
        "{{ name | attr('__class__') }}",
        "{{ column[name] }}",
        "{{ " + "(" * 5_000 + "name" + ")" * 5_000 + " }}",
        "a" * (MAXIMUM_LENGTH + 1),
        " \n",
    ],
)
def test_template_that_is_more_than_a_message_is_refused(body: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_template(body, COLUMNS)
    assert refused.value.code == "template_invalid"


def test_unknown_variable_is_named() -> None:
    with pytest.raises(Invalid) as refused:
        check_template('{{ apelido }} {{ column["Time do coração"] }} {{ name }}', COLUMNS)
    assert refused.value.code == "template_variable_unknown"
    assert refused.value.values["variables"] == ["Time do coração", "apelido"]


def test_same_column_has_one_name() -> None:
    names = {normal_name(name) for name in ("Data de Nascimento", "data_de_nascimento", " DATA  DE NASCIMENTO")}
    assert names == {"data_de_nascimento"}
