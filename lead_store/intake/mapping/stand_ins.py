"""Owners, guardians and trades: beside other people they are strangers; where nobody else is named, the people."""

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from lead_store.intake.fields import NAMES, Field
from lead_store.intake.mapping.claims import Column
from lead_store.intake.mapping.headers import Header, Meaning, normal_form
from lead_store.intake.mapping.senses import Sense
from lead_store.intake.mapping.words import listed

_PARTS = (Field.FIRST_NAME, Field.LAST_NAME)
_ADDRESSES = (Field.PHONE, Field.EMAIL)
_IDS: frozenset[Meaning] = frozenset({Field.EXTERNAL_ID, Sense.NUMBER})
_NAMES_TRADE: frozenset[Meaning] = frozenset({Sense.STRANGER, Sense.NEUTRAL, *NAMES})


_ANIMALS = listed("pet, pets, mascota, mascote, especie, raca, raza, species, breed, haustier, dog, cat")
_PROPERTY = listed(
    "imovel, inmueble, immobile, immobilie, property, parcel, vin, placa, license plate, vehicle, veiculo, vehiculo,"
    " vehicule, fahrzeug, veicolo, kennzeichen, targa, plate number, bedrooms, beds, sqft, resort,"
    " flat, apartment, apartamento, bloco, condominium, condominio"
)
_OWNERS = listed(
    "owner, owners, tutor, tutora, dono, dona, dueno, duena, proprietario, propietario, proprietaire, besitzer"
)

# Those whom somebody keeps a list of.
_TRADES = listed(
    "supplier, vendor, dealer, reseller, partner, affiliate, sponsor, provider, producer, staff, teacher, coach,"
    " trainer, instructor, doctor, physician, dentist, therapist, nurse, driver, lawyer, attorney, technician,"
    " accountant, host,"
    " fornecedor, revendedor, parceiro, afiliado, produtor, professor, professora, instrutor, medico, dentista,"
    " enfermeiro, motorista, advogado, advogada, contador, tecnico, pastor, proveedor, profesor, profesora, entrenador,"
    " conductor, abogado, contable, fournisseur, professeur, enseignant, chauffeur, avocat, comptable, medecin,"
    " lieferant, lehrer, arzt, fahrer, anwalt, fornitore, insegnante, allenatore, autista, avvocato, psicologo"
)
# The customers of a list without names may be theirs.
_SELLERS = listed(
    "agent, broker, realtor, seller, salesperson, representative, vendedor, vendedora, corretor, corretora,"
    " representante, agente, asesor, asesora, vendeur, commercial, verkaufer, vertreter, berater, venditore"
)


def with_owners(columns: Sequence[Column], fields: AbstractSet[Field]) -> list[Column] | None:
    """The columns with owners, otherwise those of a deal, as the people; None where the rows do not call for it.

    They do where they are about animals, where they are about real estate or vehicles and name nobody else, and
    where nobody else is named or reached at all.

    Args:
        fields: what the columns feed as they are.
    """
    is_theirs = _haslisted(columns, _ANIMALS)
    is_theirs |= fields.isdisjoint(NAMES) and _haslisted(columns, _PROPERTY)
    is_theirs |= fields.isdisjoint((*NAMES, *_ADDRESSES)) and _has_reached_owner(columns)
    if not is_theirs:
        return None
    return [_as_people(column, lambda text, _: text in _OWNERS, frozenset({Sense.PERSON})) for column in columns]


def with_guardians(columns: Sequence[Column], fields: AbstractSet[Field]) -> list[Column] | None:
    """The same of guardians: in a school's list where no child can be reached, they are written to."""
    if not (_has_guardian(columns) and _needs_guardian(columns, fields)):
        return None
    meanings = frozenset({Sense.PERSON, Sense.GUARDIAN})
    # A second one's phone would come under the first one's name.
    return [
        column if column.header.ordinal > 1 else _as_people(column, lambda _, own: Sense.GUARDIAN in own, meanings)
        for column in columns
    ]


def with_trades(columns: Sequence[Column], fields: AbstractSet[Field]) -> list[Column] | None:
    """The same of suppliers, teachers, drivers and the like, whom a list is about that begins with their name, where
    nobody else has one, or with their number. Of sellers, their phone or e-mail has to be there as well."""
    for column in columns:
        meanings = column.header.meanings
        words = {text for text, _ in column.header.phrases}
        trade = min(words & (_TRADES | _SELLERS), default=None)
        if trade and fields.isdisjoint(NAMES) and meanings <= _NAMES_TRADE and not column.header.unknown:
            return _with_trade(columns, trade) if trade in _TRADES or _is_reached(columns, trade) else None
        if trade in _TRADES and Field.EXTERNAL_ID not in fields and meanings & _IDS and column.index == 0:
            others = [other for other in columns[1:] if _speaks_of(other, trade)]
            if not others:
                return _with_trade(columns, trade)
        # Before the name stands at most what numbers the row.
        if not meanings & _IDS:
            return None
    return None


def _speaks_of(column: Column, trade: str) -> bool:
    return any(text == trade for text, _ in column.header.phrases)


def _is_reached(columns: Sequence[Column], trade: str) -> bool:
    return any(column.header.meanings.intersection(_ADDRESSES) and _speaks_of(column, trade) for column in columns)


def _with_trade(columns: Sequence[Column], trade: str) -> list[Column]:
    return [_as_people(column, lambda text, _: text == trade, frozenset({Sense.PERSON})) for column in columns]


def _haslisted(columns: Sequence[Column], words: frozenset[str]) -> bool:
    headers = [f" {normal_form(column.header.text)} " for column in columns]
    return any(f" {word} " in header for header in headers for word in words)


def _has_reached_owner(columns: Sequence[Column]) -> bool:
    return any(
        column.header.meanings.intersection(_ADDRESSES) and any(text in _OWNERS for text, _ in column.header.phrases)
        for column in columns
    )


def _has_guardian(columns: Sequence[Column]) -> bool:
    """A column holds the guardian's name: without it, their phone would go under the child's."""
    guardians = [column.header for column in columns if Sense.GUARDIAN in column.header.meanings]
    return any(header.meanings.intersection(NAMES) or len(header.phrases) == 1 for header in guardians)


def _needs_guardian(columns: Sequence[Column], fields: AbstractSet[Field]) -> bool:
    """Nobody can be reached or called by name without the guardian, and no child's name would be mixed with theirs."""
    if fields.isdisjoint(NAMES):
        return True
    # A child's first and last name would be joined with those that a guardian lacks.
    own = {meaning for header in _names_of_guardians(columns) for meaning in header.meanings}
    # "Nom" is the last name beside "Prénom".
    own |= {Field.LAST_NAME} if Field.NAME in own else set()
    return fields.isdisjoint(_ADDRESSES) and fields & set(_PARTS) <= own


def _names_of_guardians(columns: Sequence[Column]) -> list[Header]:
    headers = [column.header for column in columns if Sense.GUARDIAN in column.header.meanings]
    return [header for header in headers if header.meanings.intersection(NAMES)]


def _as_people(
    column: Column, is_meant: Callable[[str, frozenset[Meaning]], bool], meanings: frozenset[Meaning]
) -> Column:
    """The column as if the words that are meant had other meanings."""
    phrases = tuple((text, meanings if is_meant(text, own) else own) for text, own in column.header.phrases)
    return replace(column, header=replace(column.header, phrases=phrases))
