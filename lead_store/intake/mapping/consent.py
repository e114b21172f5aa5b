"""Consent cells read as opted out or not. Which column holds them is known to intake.mapping.claims.

An answer ("yes") means what the column asks; a status ("unsubscribed") means the same in every column.
"""

import re
import unicodedata
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

_YES = """
    yes, y, true, t, 1, x, ok, on, checked, i agree, agree, agreed, accept, accepts, accepted, i accept,
    allowed, granted, sim, s, verdadeiro, aceito, aceita, aceitou, concordo, autorizo, autoriza,
    permitido, claro, com certeza, quero, si, verdadero, acepto, acepta, aceptado, de acuerdo, autorizado,
    oui, o, vrai, accepté, j'accepte, d'accord, ja, j, wahr, zugestimmt, einverstanden, akzeptiert,
    erlaubt, vero, accetto, accettato, acconsento, да, истина, tak, evet, da, kyllä, igen, ano, ✓, ✔, ✅, ☑"""
_NO = """
    no, n, false, f, 0, off, none, unchecked, disagree, declined, denied, refused, not allowed, i do not
    agree, não, falso, recuso, recusou, não aceito, não aceita, não autorizo, não concordo, negado, no
    acepto, no autorizo, rechazado, non, faux, refusé, refuse, nein, falsch, abgelehnt, verweigert, non
    accetto, rifiutato, rifiuto, нет, ложь, nie, hayır, nej, nei, nee, nu, ei, nem, ne, ✗, ✘, ❌, ☐"""
_OUT = """
    nonsubscribed, not subscribed, never subscribed,
    unsubscribed, unsub, opted out, opt out, optout, opt-out, opted-out, blacklisted, blocklisted,
    blocked, suppressed, do not contact, do not call, do not email, dnc, dnd, stop, stopped, withdrawn,
    revoked, complained, spam complaint, removed, descadastrado, descadastrada, desinscrito, desinscrita,
    descadastrou, não perturbe, bloqueado, revogado, cancelou, baja, de baja, dado de baja, desuscrito, no
    suscrito, desinscripto, revocado, anulado, désabonné, désabonnée, désinscrit, désinscrite, bloqué,
    stoppé, opposé, abgemeldet, ausgetragen, gesperrt, widerrufen, abbestellt, disiscritto, disiscritta,
    revocato, bloccato, cancellato, unsubscribed by user, unsubscribed by admin, отписан, отписался,
    wypisany"""
_IN = """
    subscribed, subscriber, opted in, opt in, optin, opt-in, opted-in, active subscriber, confirmed,
    resubscribed, explicit, express consent, implicit, inscrito, inscrita, assinante, suscrito, suscrita,
    suscripto, abonné, abonnée, inscrit, inscrite, angemeldet, abonniert, eingetragen, iscritto, iscritta,
    opt-in confirmed, double opt-in, single opt-in, подписан, zapisany"""
# What a booking, a membership or a course may be, too.
_ENROLLED = """
    confirmed, explicit, inscrito, inscrita, inscrit, inscrite, iscritto, iscritta, angemeldet, eingetragen,
    abgemeldet, removed, withdrawn, stopped, blocked, revoked, cancelou, anulado, cancellato, bloqueado, revogado,
    revocado, gesperrt, bloqué, bloccato, revocato, stop, baja"""
# Says nothing about consent: treated as blank, never shown as unclear.
_NOTHING = """
    -, --, n/a, na, null, none given, unknown, not set, n/d, s/d, nan, #n/d, #n/a, vazio, leer,
    desconhecido, undefined"""
_DATE = r"^(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})([ t,].*)?$"
# "Yes, I would like to receive news": an answer, then its words.
_ANSWER_FIRST = r"^(?P<answer>yes|no|sim|não|nao|sí|si|oui|non|ja|nein)[\s,.;:!(–-]+.+$"


def _normal(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if unicodedata.category(letter) != "Mn").strip()


def _words(*texts: str) -> frozenset[str]:
    return frozenset(_normal(word) for text in texts for word in text.split(",") if word.strip())


_WORDS = {
    "yes": _words(_YES),
    "no": _words(_NO),
    "out": _words(_OUT),
    "in": _words(_IN),
    "nothing": _words(_NOTHING),
}
_ENROLMENT = _words(_ENROLLED)


@dataclass(frozen=True)
class Consent:
    """opted_out: true, false, or null where the cell says nothing. is_unclear: filled, but neither yes nor no."""

    opted_out: pa.BooleanArray
    is_unclear: pa.BooleanArray


def read_consent(values: pa.Array, opt_in: bool) -> Consent:
    """Reads a column of text; with opt_in, yes means that the person accepts messages. As long as the column.

    A date counts as yes: "Unsubscribed at" is filled for those who did.
    """
    encoded = pc.dictionary_encode(values.cast(pa.string()))
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    verdicts = [_verdict(text, opt_in) for text in encoded.dictionary.to_pylist()]
    of_words = pa.array([verdict if isinstance(verdict, bool) else None for verdict in verdicts], pa.bool_())
    unclear = pa.array([verdict == "unclear" for verdict in verdicts], pa.bool_())
    return Consent(of_words.take(encoded.indices), pc.fill_null(unclear.take(encoded.indices), False))


def count_opted_out(tally: Dictionary[str, int], opt_in: bool) -> int:
    """How many cells of a column opt somebody out, from how often each of its values stands there."""
    return sum(count for text, count in tally.items() if _verdict(text, opt_in) is True)


def is_consent_word(text: str) -> bool:
    """The text is a plain yes or no, in any of the languages."""
    return _normal(text) in _WORDS["yes"] | _WORDS["no"]


def is_status_word(text: str) -> bool:
    """The text says by itself whether somebody is subscribed."""
    return _normal(text) in _WORDS["in"] | _WORDS["out"]


def tells_enrolment(text: str) -> bool:
    """The status says as well that somebody booked, joined or left something else than a list of addressees."""
    return _normal(text) in _ENROLMENT


def _verdict(text: str, opt_in: bool) -> bool | str | None:
    """True: opted out. False: not. None: says nothing. "unclear": says something else."""
    word = re.sub(r"\s+", " ", _normal(text)).strip(" .!'\"")
    if not word or word in _WORDS["nothing"]:
        return None
    if word in _WORDS["out"]:
        return True
    if word in _WORDS["in"]:
        return False
    if answer := re.match(_ANSWER_FIRST, word):
        word = answer["answer"]
    word = word.removesuffix(".0")
    if word in _WORDS["yes"] or re.match(_DATE, word):
        return not opt_in
    return opt_in if word in _WORDS["no"] else "unclear"
