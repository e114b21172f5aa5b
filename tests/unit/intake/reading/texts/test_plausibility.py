"""Bytes that are not UTF-8 are read in the encoding in which their letters make sense."""

import pytest

from lead_store.intake.reading.texts.plausibility import plausible_encodings


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
        # A ś is an œ elsewhere, and stands where French has none.
        ("windows-1250", "Andrzej Wiśniewski"),
        ("windows-1250", "Jaś; Świder"),
        ("windows-1252", "Lecœur; Œuvrard; Phœnix"),
        ("windows-1250", "Erdős Pál; Szűcs; Győr"),
        ("windows-1251", "Иванов Сергей; Москва"),
        ("windows-1254", "Yılmaz; Şahin; Öztürk; İstanbul"),
        ("windows-1254", "Güllüoğlu; männlich; Barış; männlich; Düsseldorf; männlich"),
        ("windows-1252", "Þórður; Guðrún; Hafþór"),
        ("windows-1253", "Γιώργος Παπαδόπουλος; Αθήνα"),
        ("mac_roman", "Conceição; João; São Paulo"),
        ("cp850", "João; Conceição; José"),
        ("cp860", "João; Conceição; Brandão"),
        ("iso8859-2", "Šárka Němcová; Tomáš Žák"),
        ("cp852", "Łukasz Wójcik; Dąbrowska"),
        ("cp857", "Yılmaz; Şahin; Öztürk; İstanbul"),
        # The same letters in another order: only one of them is Russian.
        ("koi8-r", "Иванов Сергей; Москва"),
        ("koi8-r", "МОРОЗОВ ИГОРЬ; ОМСК"),
        ("cp866", "Иванов Сергей; Москва"),
        ("koi8-u", "Їжак Євген; Київ"),
        ("iso8859-7", "Άννα Γεωργίου; Λάρισα"),
        ("windows-1255", "ישראל כהן; תל אביב"),
        ("windows-1256", "محمد أحمد; القاهرة"),
        ("windows-1257", "Žydrūnas Šimkus; Panevėžys"),
        ("windows-1258", "Nguyễn Hường; Đà Nẵng"),
        ("cp874", "สมชาย ใจดี; เชียงใหม่"),
        ("euc_jp", "山田太郎;東京都;ヤマダ"),
        ("big5", "陳志明;台北市信義區"),
        ("cp949", "김민수;서울특별시 강남구"),
        ("cp932", "山田太郎;東京都;田中"),
        ("gb18030", "王伟;李娜;北京市朝阳区"),
    ],
)
def test_text_comes_back_as_it_was_written(encoding, text):
    best = plausible_encodings(text.encode(encoding))[0]
    assert text.encode(encoding).decode(best.name) == text
    assert best.example in text


def test_damage_makes_sense_in_no_encoding():
    assert plausible_encodings(b"valid,invalid_\xff\xff_part,valid") == []


def test_other_readings_that_make_sense_come_after_the_best_each_once():
    found = plausible_encodings("Šárka Nováková".encode("windows-1250"))
    assert (found[0].name, found[0].example) == ("windows-1250", "Nováková")
    assert len(found) > 1
    assert len({one.example for one in found}) == len(found)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
