"""What people write in a country column -> ISO 3166-1 alpha-2 codes of regions.

Names in six languages come from the territory names that phonenumbers carries for its geocoder (from CLDR), so no
further library is needed. Only names that mean one country are known; everything else is null, never a guess.
"""

import re
import unicodedata
from functools import cache
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import module_from_spec
from pathlib import Path

import phonenumbers
import pyarrow as pa

from lead_store.intake.phones.regions import CALLING_CODES, REGIONS, main_region_of

LANGUAGES = ("en", "pt", "es", "fr", "de", "it")

# ISO 3166-1: each alpha-2 code and the alpha-3 code after it.
_CODES = """
AD AND AE ARE AF AFG AG ATG AI AIA AL ALB AM ARM AO AGO AR ARG AS ASM AT AUT AU AUS AW ABW AX ALA AZ AZE BA BIH
BB BRB BD BGD BE BEL BF BFA BG BGR BH BHR BI BDI BJ BEN BL BLM BM BMU BN BRN BO BOL BQ BES BR BRA BS BHS BT BTN
BW BWA BY BLR BZ BLZ CA CAN CC CCK CD COD CF CAF CG COG CH CHE CI CIV CK COK CL CHL CM CMR CN CHN CO COL CR CRI
CU CUB CV CPV CW CUW CX CXR CY CYP CZ CZE DE DEU DJ DJI DK DNK DM DMA DO DOM DZ DZA EC ECU EE EST EG EGY EH ESH
ER ERI ES ESP ET ETH FI FIN FJ FJI FK FLK FM FSM FO FRO FR FRA GA GAB GB GBR GD GRD GE GEO GF GUF GG GGY GH GHA
GI GIB GL GRL GM GMB GN GIN GP GLP GQ GNQ GR GRC GT GTM GU GUM GW GNB GY GUY HK HKG HN HND HR HRV HT HTI HU HUN
ID IDN IE IRL IL ISR IM IMN IN IND IO IOT IQ IRQ IR IRN IS ISL IT ITA JE JEY JM JAM JO JOR JP JPN KE KEN KG KGZ
KH KHM KI KIR KM COM KN KNA KP PRK KR KOR KW KWT KY CYM KZ KAZ LA LAO LB LBN LC LCA LI LIE LK LKA LR LBR LS LSO
LT LTU LU LUX LV LVA LY LBY MA MAR MC MCO MD MDA ME MNE MF MAF MG MDG MH MHL MK MKD ML MLI MM MMR MN MNG MO MAC
MP MNP MQ MTQ MR MRT MS MSR MT MLT MU MUS MV MDV MW MWI MX MEX MY MYS MZ MOZ NA NAM NC NCL NE NER NF NFK NG NGA
NI NIC NL NLD NO NOR NP NPL NR NRU NU NIU NZ NZL OM OMN PA PAN PE PER PF PYF PG PNG PH PHL PK PAK PL POL PM SPM
PR PRI PS PSE PT PRT PW PLW PY PRY QA QAT RE REU RO ROU RS SRB RU RUS RW RWA SA SAU SB SLB SC SYC SD SDN SE SWE
SG SGP SH SHN SI SVN SJ SJM SK SVK SL SLE SM SMR SN SEN SO SOM SR SUR SS SSD ST STP SV SLV SX SXM SY SYR SZ SWZ
TC TCA TD TCD TG TGO TH THA TJ TJK TK TKL TL TLS TM TKM TN TUN TO TON TR TUR TT TTO TV TUV TW TWN TZ TZA UA UKR
UG UGA US USA UY URY UZ UZB VA VAT VC VCT VE VEN VG VGB VI VIR VN VNM VU VUT WF WLF WS WSM YE YEM YT MYT ZA ZAF
ZM ZMB ZW ZWE
"""

# Everyday names that CLDR's lists lack or write otherwise.
_OTHER_NAMES = {
    "US": "usa|u.s.a.|u.s.|united states of america|eua|e.u.a.|ee.uu.|eeuu|ee uu|estados unidos da america"
    "|estados unidos de america|etats unis d'amerique|stati uniti d'america|vereinigte staaten von amerika",
    "GB": "uk|u.k.|great britain|britain|england|scotland|wales|northern ireland|inglaterra|gra bretanha"
    "|gran bretana|reino unido|angleterre|grande bretagne|grossbritannien|england|inghilterra|gran bretagna",
    "NL": "holland|holanda|hollande|olanda|the netherlands|paises bajos|paises baixos",
    "CZ": "czechia|czech republic|republica tcheca|republica checa|chequia|tchequie|tschechien|repubblica ceca",
    "KR": "south korea|korea|coreia do sul|corea del sur|coree du sud|sudkorea|suedkorea|corea del sud",
    "RU": "russia|russian federation|federacao russa|rusia|russie|russland",
    "CI": "ivory coast|cote d'ivoire|costa do marfim|costa de marfil|elfenbeinkuste",
    "CD": "dr congo|drc|rdc|congo kinshasa|democratic republic of the congo",
    "CG": "congo brazzaville|republic of the congo",
    "MK": "macedonia|north macedonia|macedonia do norte|macedonia del norte",
    "TR": "turkiye|turkey",
    "VA": "vatican|vaticano|vatikan",
    "BR": "brasil|brazil|republica federativa do brasil",
    "DE": "deutschland|germany|alemanha|bundesrepublik deutschland|brd",
    "AE": "uae|u.a.e.|eau",
    "BO": "bolivia|estado plurinacional de bolivia",
    "VE": "venezuela|republica bolivariana de venezuela",
    "SZ": "swaziland|eswatini",
    "CV": "cape verde|cabo verde",
    "MM": "burma|birmania|myanmar",
    "VN": "vietnam|viet nam|vietna",
    "TW": "taiwan",
    "HK": "hong kong",
    "MO": "macau|macao",
    "PS": "palestine|palestina",
    "XK": "kosovo",
    "LA": "laos",
    "SY": "syria|siria",
    "MD": "moldova|moldavia|moldau",
    "IR": "iran|ira",
    "DO": "rep. dominicana|rep dominicana|dominican rep|rd",
}
_CALLING_CODE = re.compile(r"\(?(?:\+|00)?\s?(\d{1,3})\)?(?:\.0)?")
# "BR +55", "+55 (Brasil)": the sign makes it plain.
_MARKED_CALLING_CODE = re.compile(r"\+\s?(\d{1,3})(?!\d)")


def region_of_country(texts: pa.Array) -> pa.Array:
    """ISO 3166-1 alpha-2 codes for names, alpha-2 and alpha-3 codes or calling codes; null where it is none.

    A calling code that several regions share means the first of them: +1 is US.
    """
    column = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    encoded = column.cast(pa.string()).dictionary_encode()
    regions = [_region_of(text) for text in encoded.dictionary.to_pylist()]
    return pa.array(regions, pa.string()).take(encoded.indices)


def knows_country(text: str) -> bool:
    """Whether the text means one country."""
    return _region_of(text) is not None


def is_calling_code(text: str) -> bool:
    """Whether the text is the calling code of some country, and nothing besides but its name."""
    found = _CALLING_CODE.fullmatch(text.strip()) or _MARKED_CALLING_CODE.search(text)
    return bool(found) and _region_of(text) is not None


def _region_of(text: str) -> str | None:
    calling_code = _CALLING_CODE.fullmatch(text.strip())
    if calling_code:
        return main_region_of(int(calling_code[1]))
    region = _names().get(_folded(text))
    marked = None if region else _MARKED_CALLING_CODE.search(text)
    return main_region_of(int(marked[1])) if marked else region


@cache
def _names() -> dict[str, str]:
    """Every known name and code, folded; a name that two regions share is left out."""
    names: dict[str, set[str]] = {}
    for region, by_language in _territory_names().items():
        for language in LANGUAGES if region in REGIONS else ():
            name = by_language[language]
            # "*xx" stands for the name under language xx.
            name = by_language[name[1:]] if name.startswith("*") else name
            names.setdefault(_folded(name), set()).add(region)
    known = {name: regions.pop() for name, regions in names.items() if len(regions) == 1}
    for region, others in _OTHER_NAMES.items():
        known.update((_folded(name), region) for name in others.split("|"))
    known.update((code.lower(), region) for region, code in re.findall(r"(\w{2})\s(\w{3})\b", _CODES))
    known.update((region.lower(), region) for region in CALLING_CODES)
    return known


def _territory_names() -> dict[str, dict[str, str]]:
    """The one module with names; its package would load the places of all numbers along, a second of each start."""
    path = Path(phonenumbers.__file__).with_name("geodata") / "locale.py"
    loader = SourceFileLoader("phonenumbers.geodata.locale", str(path))
    module = module_from_spec(ModuleSpec(loader.name, loader))
    loader.exec_module(module)
    return module.LOCALE_DATA


def _folded(text: str) -> str:
    """Lower case without accents, dots and double spaces; a word in brackets behind a name goes with them."""
    plain = "".join(
        character for character in unicodedata.normalize("NFKD", text) if not unicodedata.combining(character)
    )
    plain = re.sub(r"\(.*?\)", " ", plain.casefold().replace("ß", "ss"))
    return " ".join(re.sub(r"[^\w']+", " ", plain.replace("’", "'").replace(".", "")).split())
