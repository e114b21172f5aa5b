"""What the fields of a lead are called on the pages."""

from lead_store.imports import FieldBit

LABELS = {
    FieldBit.NAME: "Name",
    FieldBit.EMAIL: "E-mail",
    FieldBit.PHONE: "Phone",
    FieldBit.EXTERNAL_ID: "Your id",
    FieldBit.TAGS: "Tags",
    FieldBit.OPTED_OUT: "Opted out",
}
