import pytest

from lead_store.intake.fields import CATALOGUE, Field


def test_every_field_has_an_entry_with_label_and_description() -> None:
    assert set(CATALOGUE) == set(Field)
    assert all(entry.label and entry.description for entry in CATALOGUE.values())


@pytest.mark.parametrize("field", [field for field in Field if field is not Field.AREA_CODE])
def test_every_public_field_has_words_in_the_six_languages(field: Field) -> None:
    spoken = CATALOGUE[field].synonyms
    # "Name" alone is the German and Italian word too; elsewhere each language has its own.
    assert {"en", "pt", "es", "fr", "de", "it"} <= set(spoken)


def test_synonyms_are_clean_words() -> None:
    words = [word for entry in CATALOGUE.values() for word in entry.words]
    assert all(word and word == word.strip() == word.lower() for word in words)


def test_a_synonym_names_one_field_only() -> None:
    owners: dict[str, set[Field]] = {}
    for field, entry in CATALOGUE.items():
        for word in entry.words:
            owners.setdefault(word, set()).add(field)
    assert {word: fields for word, fields in owners.items() if len(fields) > 1} == {}
