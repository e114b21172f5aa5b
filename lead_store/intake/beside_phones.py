"""Names and e-mails that stand in the cells of phones, as in a list that was copied from a chat, column-wise."""

import pyarrow as pa
import pyarrow.compute as pc

from lead_store.intake import columns
from lead_store.intake.emails import read_emails
from lead_store.intake.phones import WHATSAPP_GROUP

_EMAIL = r"[\s;,/|<(-]*[^\s@;,<>()]+@[^\s@;,<>()]+[\s;,/|>)-]*"
# The place in the list before the name, and marks around it.
_BEFORE = r"^[^\p{L}\d]*(\d{1,4}\s?[.)º°][^\p{L}\d]*)?"
_AFTER = r"[^\p{L}\p{M}.]+$"
_WORD = r"[\p{Lu}\p{Lt}\p{Lo}][\p{L}\p{M}'’.-]*"
_PARTICLE = r"(?:d[aeio]s?|del|della|e|y|i|la|le|el|al|bin|ibn|van|von|der|den|zu)"
_PERSON = rf"^{_WORD}(?: (?:{_WORD}|{_PARTICLE})){{0,6}}$"
# What people write beside a phone that names nobody: its kind, its place, or somebody else.
_NOBODY = (
    r"(?i)(?:^|[^\p{L}])(?:cel|celular|celulares|tel|telefone|telefono|teléfono|fone|fixo|whats|whatsapp|zap|wpp|sms|telegram|ramal|"
    r"recado|recados|mobile|cell|phone|home|work|office|fax|contato|contacto|contact|comercial|residencial|resid[eê]ncia|"
    r"escrit[oó]rio|oficina|casa|trabalho|trabajo|portaria|recepção|recepcion|recepción|vendas|ventas|sales|suporte|"
    r"support|emerg[eê]ncia|emergency|loja|m[aã]e|pai|madre|padre|mother|father|mom|dad|esposa|esposo|marido|wife|"
    r"husband|filh[ao]|av[oóô]|ti[ao]|irm[aã]o?|vizinh[ao]|mutter|vater|handy|mobil|privat|dienstlich|gesch[aä]ftlich|"
    r"b[uü]ro|zuhause|maison|bureau|travail|domicile|cellulare|ufficio|lavoro)(?:[^\p{L}]|$)"
)


def read_names_beside(words: pa.StringArray) -> pa.StringArray:
    """The person's name where the words are nothing else; null elsewhere.

    Args:
        words: what stands in the cells of phones beside the number; null is nothing.
    """
    if words.null_count == len(words):
        return words
    bare = pc.replace_substring_regex(words, _EMAIL, " ")
    bare = pc.replace_substring_regex(pc.replace_substring_regex(bare, _BEFORE, ""), _AFTER, "")
    is_person = pc.fill_null(pc.match_substring_regex(bare, _PERSON), False)
    is_person = pc.and_(is_person, pc.invert(pc.fill_null(pc.match_substring_regex(bare, _NOBODY), False)))
    return columns.where(is_person, lambda: bare.filter(is_person))


def read_emails_beside(words: pa.StringArray) -> pa.StringArray:
    """The first e-mail among the words; null where there is none, or one that is not valid.

    Args:
        words: what stands in the cells of phones beside the number, or instead of one; null is nothing.
    """
    is_group = pc.match_substring_regex(words, WHATSAPP_GROUP)
    holds_email = pc.fill_null(pc.and_not(pc.match_substring(words, "@"), is_group), False)
    return columns.where(holds_email, lambda: read_emails(words.filter(holds_email))[0])


def holds_no_phone(cells: pa.StringArray) -> pa.BooleanArray:
    """True where a cell holds an e-mail and nothing else, or marks alone such as "-"; null where it is blank."""
    return pc.match_substring_regex(cells, rf"^(?:[^\p{{L}}\p{{N}}]*|{_EMAIL})$")
