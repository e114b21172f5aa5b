"""What the words of headers say about the values below them; which words say so is listed in `words`."""

from enum import StrEnum


class Sense(StrEnum):
    """What a word or phrase says about the values below it."""

    # Which of a person's phones or addresses it is.
    MOBILE = "mobile"
    WHATSAPP = "whatsapp"
    SMS = "sms"
    HOME = "home"
    WORK = "work"
    PRIMARY = "primary"
    SECOND = "second"
    BILLING = "billing"
    SHIPPING = "shipping"
    # Whose it is.
    PERSON = "person"  # the person of the row, by whatever name: customer, student, patient
    CONTACT = "contact"  # as PERSON, but "contact number" is a phone and "customer number" an id
    BUYER = "buyer"  # the person of the row, unless somebody else attends
    STRANGER = "stranger"  # somebody else: mother, seller, owner, emergency contact
    GUARDIAN = "guardian"  # a stranger too, but reached in place of a child
    THING = "thing"  # no person at all: event, campaign, product
    ORDER = "order"  # a thing whose number names the person's row where nothing better does
    # What the value is, instead of a field.
    NUMBER = "number"
    TAX_ID = "tax_id"
    ADDRESS = "address"
    TIME = "time"
    DETAIL = "detail"  # something about the value: its type, its status, whether it was verified
    REASON = "reason"  # something about a consent: its reason, source, network address
    OTHER_NAME = "other_name"  # a name that nobody is addressed by: middle, maiden, phonetic, login
    OTHER_LINE = "other_line"  # reached by phone lines, but not a phone: fax, pager
    CALLING_CODE = "calling_code"
    WITH_AREA_CODE = "with_area_code"
    # Consent.
    OPT_IN = "opt_in"
    ACCEPT = "accept"  # consent to something: to messages only with a topic beside it
    TOPIC = "topic"
    STATUS = "status"
    SUBSCRIPTION = "subscription"
    # Says nothing either way.
    NEUTRAL = "neutral"
