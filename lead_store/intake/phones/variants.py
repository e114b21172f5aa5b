"""The other number under which WhatsApp may know the same person. Mobiles only; nothing here rewrites a
number.

Three countries changed how their mobiles are written while WhatsApp kept the ids of those who had registered
before:

- Brazil added a ninth digit to mobiles. WhatsApp ids outside areas 11-19, 21, 22, 24, 27 and 28 mostly lack it
  (Green API, "features of sending and receiving messages from different countries"); Chatwoot's
  `BrazilPhoneNormalizer` adds it to find the contact.
- Mexico dropped the 1 between +52 and mobile numbers in 2019; WhatsApp ids still have it (Wassenger, "How to
  normalize international phone numbers for WhatsApp"; Whapi help desk).
- Argentina writes 9 between +54 and the area code of mobiles, and so do WhatsApp ids (the same three).
"""

import numpy as np
import phonenumbers

from lead_store.intake.phones.digits import Integers

# Eight-digit Brazilian mobiles began with 6, 7, 8 or 9; after the change those became 9 6..., 9 7..., 9
# 8..., 9 9... A mobile such as 9 3234-5678 was assigned later, and 3234-5678 beside it is somebody's
# landline.
_BRAZIL_OLD_MOBILE_FIRST_DIGITS = "6789"
_MOBILE = (
    phonenumbers.PhoneNumberType.MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
)
_IS_MOBILE = np.zeros(phonenumbers.PhoneNumberType.UNKNOWN + 1, bool)
_IS_MOBILE[list(_MOBILE)] = True


def variant_of(e164: str) -> str | None:
    """The other E.164 form of the same WhatsApp person, or None; either form may be given."""
    if e164.startswith("+55"):
        return _brazil(e164[3:])
    if e164.startswith("+52"):
        return _mexico(e164[3:])
    if e164.startswith("+54"):
        return _argentina(e164[3:])
    return None


def _brazil(national: str) -> str | None:
    if len(national) == 11 and national[2] == "9" and national[3] in _BRAZIL_OLD_MOBILE_FIRST_DIGITS:
        return f"+55{national[:2]}{national[3:]}" if _is_mobile(f"+55{national}") else None
    if len(national) == 10 and national[2] in _BRAZIL_OLD_MOBILE_FIRST_DIGITS:
        with_ninth = f"+55{national[:2]}9{national[2:]}"
        return with_ninth if _is_mobile(with_ninth) else None
    return None


def _mexico(national: str) -> str | None:
    if len(national) == 10:
        return f"+521{national}" if _is_mobile(f"+52{national}") else None
    if len(national) == 11 and national[0] == "1":
        return f"+52{national[1:]}" if _is_mobile(f"+52{national[1:]}") else None
    return None


def _argentina(national: str) -> str | None:
    # Without the 9 the same digits are a landline's form, so only the form with it is known to be a mobile.
    if len(national) == 11 and national[0] == "9" and _is_mobile(f"+54{national}"):
        return f"+54{national[1:]}"
    return None


def _is_mobile(e164: str) -> bool:
    number = phonenumbers.parse(e164)
    return phonenumbers.number_type(number) in _MOBILE


def variants_of(e164: Integers, kinds: Integers) -> Integers:
    """`variant_of` for a column of valid numbers, as integers without +; 0 where there is none."""
    is_mobile = _IS_MOBILE[kinds]
    variants = np.zeros(len(e164), np.int64)
    national = e164 % 10**11
    brazil = is_mobile & (e164 // 10**11 == 55) & (national // 10**7 % 100 >= 96)
    variants[brazil] = (national // 10**9 * 10**8 + national % 10**8 + 55 * 10**10)[brazil]
    mexico = is_mobile & (e164 // 10**10 == 52)
    variants[mexico] = (e164 % 10**10 + 521 * 10**10)[mexico]
    argentina = is_mobile & (e164 // 10**10 == 549)
    variants[argentina] = (e164 % 10**10 + 54 * 10**10)[argentina]
    return variants
