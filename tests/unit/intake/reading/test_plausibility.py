"""Bytes that are not UTF-8 are read in the encoding in which their letters make sense."""

import pytest

from lead_store.intake.reading.plausibility import best_encoding


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("windows-1252", "São"),
        ("windows-1252", "Conceição; Antônia; João; Ações"),
        ("windows-1252", "JOÃO GONÇALVES; ANTÔNIO"),
        ("windows-1252", "François Lefèvre; Zoë; Noël"),
        ("windows-1252", "Håkon; Søren; Müller; Peña"),
        # Signs only: quotes, a dash, ordinals and the euro, as word processors put them.
        ("windows-1252", "“Olá” – preço 10 €, nº 5, 1ª"),
        ("windows-1252", "©"),
        ("windows-1250", "Łukasz Wójcik; Małgorzata Dąbrowska"),
        ("windows-1250", "Jiří Dvořák; Němec; Tomáš"),
        ("windows-1250", "Erdős Pál; Szűcs; Győr"),
        ("windows-1251", "Иванов Сергей; Москва"),
        ("windows-1254", "Yılmaz; Şahin; Öztürk; İstanbul"),
        ("windows-1253", "Γιώργος Παπαδόπουλος; Αθήνα"),
        ("mac_roman", "Conceição; João; São Paulo"),
        ("cp850", "João; Conceição; José"),
        ("cp932", "山田太郎;東京都;田中"),
        ("gb18030", "王伟;李娜;北京市朝阳区"),
    ],
)
def test_text_comes_back_as_it_was_written(encoding, text):
    name, example = best_encoding(text.encode(encoding))
    assert name is not None
    assert text.encode(encoding).decode(name) == text
    assert example in text


def test_damage_makes_sense_in_no_encoding():
    assert best_encoding(b"valid,invalid_\xff\xff_part,valid") == (None, "")
