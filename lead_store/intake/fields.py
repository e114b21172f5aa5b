"""The catalogue of lead fields: what a column can feed, and the words people have for it.

Which words change or forbid a meaning ("phone type", "mother's phone") is known to intake.mapping.words.
"""

from dataclasses import dataclass
from enum import StrEnum


class Field(StrEnum):
    """A property of a lead that a column can feed; values are public (CONTRACTS.md)."""

    NAME = "name"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    PHONE = "phone"
    EMAIL = "email"
    EXTERNAL_ID = "external_id"
    TAGS = "tags"
    OPTED_OUT = "opted_out"
    COMPANY = "company"
    COUNTRY = "country"
    # Internal to a Mapping: the area code of a phone whose column holds the rest of the number.
    AREA_CODE = "area_code"


NAMES = (Field.NAME, Field.FIRST_NAME, Field.LAST_NAME)


@dataclass(frozen=True)
class FieldEntry:
    """What the screen shows of a field, and its synonyms by language; synonyms keep their accents."""

    label: str
    description: str
    synonyms: dict[str, tuple[str, ...]]

    @property
    def words(self) -> tuple[str, ...]:
        """The synonyms of all languages."""
        return tuple(word for words in self.synonyms.values() for word in words)


def _entry(label: str, description: str, **synonyms: str) -> FieldEntry:
    by_language = {language: tuple(word.strip() for word in words.split(",")) for language, words in synonyms.items()}
    return FieldEntry(label, description, by_language)


CATALOGUE: dict[Field, FieldEntry] = {
    Field.NAME: _entry(
        "Full name",
        "The whole name in one cell. First and last name in two columns are joined instead.",
        en="name, full name, display name, complete name, fullname, pax name",
        pt="nome, nome razão social, nome ou razão social, nome completo, nome e sobrenome, nome social, nome civil,"
        " nome de exibição, como você se chama, como se chama, nm",
        es="nombre razón social, nombre, nombres, nombre completo, nombre y apellido, nombre y apellidos,"
        " apellidos y nombre, nombres y apellidos, nombre mostrado, nombre para mostrar, cómo te llamas, cómo se llama",
        fr="nom, nom complet, nom et prénom, nom prénom, prénom et nom, prénom nom, nom d'affichage,"
        " comment t'appelles tu, comment vous appelez vous, raison sociale nom, nom raison sociale",
        de="name, vollständiger name, vor- und nachname, vor und zuname, anzeigename, namen, wie heißt du,"
        " wie heißen sie",
        it="nome completo, nome e cognome, cognome e nome, nominativo, nome cognome, cognome nome, come ti chiami,"
        " come si chiama",
        ru="имя, фио, полное имя, имя фамилия, ф и о",
        tr="ad soyad, adı soyadı, isim, isim soyisim, ad soyadı, adı",
        pl="imię i nazwisko, nazwa",
        nl="naam, volledige naam",
        ar="الاسم, الاسم الكامل, اسم",
        hi="नाम",
        zh="姓名, 名字",
        ja="氏名, お名前, 名前",
        ko="이름",
        he="שם, שם מלא",
        vi="họ tên, họ và tên",
        id="nama, nama lengkap",
        cs="celé jméno, jméno a příjmení, jméno",
        sk="celé meno, meno a priezvisko, meno",
        sv="namn, fullständigt namn",
        ro="nume, nume complet, nume și prenume, numele și prenumele, prenume și nume",
        hu="név, teljes név",
        fi="nimi, koko nimi",
        da="navn, fulde navn",
        el="ονοματεπώνυμο, πλήρες όνομα",
        uk="піб, повне ім'я",
        bg="име",
        th="ชื่อ",
    ),
    Field.FIRST_NAME: _entry(
        "First name",
        "The given name, when the family name stands in a column of its own.",
        en="fn, f name, first name, firstname, given name, forename, fname, first, given names,"
        " first names, christian name",
        pt="primeiro nome, nome próprio, prenome",
        es="primer nombre, nombre de pila",
        fr="prénom, prénoms",
        de="vorname, rufname",
        it="nome di battesimo",
        pl="imię",
        nl="voornaam, roepnaam",
        he="שם פרטי",
        zh="名",
        ja="名",
        id="nama depan",
        cs="křestní jméno",
        sv="förnamn",
        ro="prenume",
        hu="keresztnév, utónév",
        fi="etunimi",
        da="fornavn",
        el="όνομα",
        uk="ім'я",
        ar="الاسم الأول",
        hr="ime",
    ),
    Field.LAST_NAME: _entry(
        "Last name",
        "The family name, when the given name stands in a column of its own.",
        en="ln, l name, last name, lastname, family name, surname, lname, last, last names",
        pt="sobrenome, último nome, nome de família",
        es="apellido, apellidos, primer apellido, apellido paterno, apellido p, ap paterno",
        fr="nom de famille, nom d'usage, nom usuel",
        de="nachname, familienname, zuname",
        it="cognome",
        ru="фамилия",
        tr="soyad, soyadı, soyisim",
        pl="nazwisko",
        nl="achternaam, familienaam",
        he="שם משפחה",
        zh="姓, 姓氏",
        ja="姓",
        id="nama belakang",
        cs="příjmení",
        sk="priezvisko",
        sv="efternamn",
        hu="vezetéknév, családnév",
        fi="sukunimi",
        da="efternavn",
        el="επώνυμο",
        uk="прізвище",
        ar="اسم العائلة",
        hr="prezime",
        th="นามสกุล",
    ),
    Field.PHONE: _entry(
        "Phone",
        "The person's own phone or WhatsApp number; of several columns, the first valid one counts.",
        en="phone, telephone, tel, phone number, mobile, mobile number, cell, cellphone, cell phone,"
        " mobile phone, cellular, smartphone, sms, text number, msisdn, contact number, mob, ph,"
        " whatsapp, whats app, wa number, telephone number, phones, primary phone, best number,"
        " landline, land line, callback number, wa id, whatsapp id",
        pt="contato telefônico, telefone, fone, celular, telemóvel, telefones, número de celular,"
        " tel celular, cel, tlm, telm, zap, whats, wpp, zapzap, número de contato, número de contacto,"
        " telefone fixo, fixo",
        es="contacto telefónico, teléfono, telef, móvil, número de teléfono, número celular, tfno, tlf, tlfno,"
        " telf, fono, fijo, número de contacto",
        fr="téléphone, portable, numéro de téléphone, mobile, gsm, tél, fixe, téléphone portable, numéro de portable",
        de="telefon, handy, mobil, mobiltelefon, rufnummer, telefonnummer, handynummer, mobilnummer,"
        " mobilfunk, mobilfunknummer, festnetz, tel nr, telefonnr, handynr, natel, natelnummer, mobiltlf, funktelefon,"
        " rückrufnummer, rückruf nr",
        it="contatto telefonico, telefono, cellulare, numero di telefono, recapito telefonico, telefonino,"
        " numero di cellulare, fisso",
        ru="телефон, мобильный, мобильный телефон, номер телефона, сотовый, ватсап, тел, контактный телефон",
        uk="мобільний, номер телефону",
        tr="telefon numarası, cep telefonu, gsm",
        pl="telefon komórkowy, komórka, numer telefonu, nr telefonu, telefon kontaktowy",
        nl="telefoon, telefoonnummer, mobiel",
        ar="الهاتف, رقم الهاتف, الجوال, هاتف, رقم الجوال, موبايل, واتساب",
        hi="फ़ोन, फोन, मोबाइल",
        zh="电话, 手机, 手机号, 手机号码, 電話",
        ja="電話番号, 電話, 携帯, 携帯電話",
        ko="전화번호, 휴대폰, 전화",
        he="טלפון, נייד",
        vi="điện thoại, số điện thoại, sđt",
        id="handphone, telepon, nomor telepon, nomor hp, no hp, no telp, nomor whatsapp, telp",
        cs="telefonní číslo, mobilní telefon",
        sv="telefonnummer, mobilnummer, mobiltelefon, hemtelefon, arbetstelefon",
        ro="număr de telefon, număr telefon",
        hu="telefonszám, mobil, mobilszám",
        fi="puhelin, puhelinnumero, matkapuhelin",
        da="telefon, mobilnummer, mobil",
        el="τηλέφωνο, κινητό, κινητό τηλέφωνο",
        bg="телефонен номер",
        th="เบอร์โทร, โทรศัพท์",
    ),
    Field.EMAIL: _entry(
        "E-mail",
        "The person's own e-mail address.",
        en="e-mails, email, e-mail, mail, email address, mail address, email id, mail id, emails, emailid,"
        " communication email, correspondence email, email for communication",
        pt="endereço eletrônico, e-mail, correio eletrônico, correio eletrónico, correio electrónico,"
        " endereço de e-mail",
        es="correo, correo electrónico, dirección de correo, mail",
        fr="courriel, adresse de messagerie, adresse électronique, mél, adresse mail, messagerie, adresse e-mail",
        de="e-mail-adresse, mailadresse, emailadresse, e-mail",
        it="posta elettronica, indirizzo e-mail, indirizzo di posta elettronica",
        ru="адрес эл почты, адрес электронной почты, электронный адрес, почта, электронная почта, эл почта,"
        " имейл, имэйл, емейл",
        tr="e-posta, eposta, e posta adresi",
        pl="adres e-mail, poczta",
        nl="e-mailadres",
        ar="البريد, البريد الإلكتروني, ايميل",
        hi="ईमेल",
        zh="邮箱, 电子邮件, 电子邮箱",
        ja="メール, メールアドレス, eメール",
        ko="이메일",
        he="אימייל, דואל",
        cs="e-mailová adresa",
        sv="e-postadress, e-post",
        hu="e-mail cím",
        fi="sähköposti, sähköpostiosoite",
        th="อีเมล",
        da="e-mailadresse",
        el="ηλεκτρονικό ταχυδρομείο, ηλεκτρονική διεύθυνση",
        bg="имейл адрес",
    ),
    Field.EXTERNAL_ID: _entry(
        "Your own id",
        "The number or code by which your own system knows this person.",
        en="client code, member code, subscriber key, subscriber id, subscriber number, contact key, customer key,"
        " sis id, id, external id,"
        " record id, reference, uuid, guid, identifier, ext id, customer code, account number,"
        " account no, euid, code, ref, admission number, admission no, roll number, roll no, membership number,"
        " membership no, membership id, membership nr, sourced id, uhid, mrn, chart number, chart no,"
        " adm no, adm number, enrolment number, enrollment number, medical record number, vanid, van id,"
        " voter file vanid, state voter id, reg no, regn no, reg number, acct number, acct no, acct num, external code,"
        " external number, external reference, loyalty number, loyalty card, loyalty card number, loyalty id,"
        " hubspot id, scholar no, scholar number, gr no, gr number, import id, person key, person code, usi",
        pt="código, identificador, matrícula, prontuário, cód, número de identificação, ra, código externo,"
        " identificador externo, código interno, id interno, nº ficha, número da ficha",
        es="código, identificador, matrícula, número de socio, legajo, expediente, historia clínica,"
        " nhc, número de historia, nº historia, nº historia clínica, número de licencia, nº licencia, código externo,"
        " identificador externo, código interno, id interno, nº ficha, número de ficha",
        fr="code client, code adhérent, numéro client, identifiant, référence, réf, matricule,"
        " numéro de dossier, no dossier, numéro de licence, no licence, code externe, identifiant externe,"
        " ident, code interne, numéro de fiche, n fiche",
        de="kundencode, kundennummer, mitgliedsnummer, kunden-nr, mitglieds-nr, kundennr, kd-nr, kdnr, kennung,"
        " debitor,"
        " matrikelnummer, pat nr, adressnummer, adress nr, kürzel, debitorennummer, personalnummer,"
        " patientennummer, schülernummer, teilnehmernummer, teilnehmernr, tn nr, externe nummer, ident,"
        " ident nr, identnummer, kennnummer, personalnr, pers nr, mitarbeiternummer, mitarbeiternr",
        it="tessera, numero tessera, numero socio, codice, identificativo, matricola, matr, codice esterno, id esterno,"
        " codice interno, id interno",
        nl="relatienummer, relatiecode, lidnummer, debiteurnummer, debiteurnr",
        ro="nr fișă, număr fișă, cod client, număr client, nr client",
        ru="ид, идентификатор, код, номер клиента, код клиента, табельный номер, номер карты",
        pl="identyfikator, nr karty, numer karty, numer członkowski, nr członkowski",
        cs="číslo zákazníka, zákaznické číslo, členské číslo, číslo klienta, kód klienta, kód zákazníka",
        hu="azonosító, ügyfélszám, ügyfél azonosító, tagsági szám, vevőkód, vevőszám",
        ja="会員番号, 顧客番号, 顧客id, 会員id",
        ko="학번, 회원번호, 고객번호, 회원 번호, 고객 번호",
        sv="kundnummer, kundnr, medlemsnummer, medlemsnr",
        fi="jäsennumero, asiakasnumero, asiakasnro, jäsennro",
        tr="kimlik",
        zh="编号, 客户编号, 会员编号, 学号",
    ),
    Field.TAGS: _entry(
        "Tags",
        "Labels of the person, several in a cell separated by ; , or |.",
        en="tags, tag, labels, groups, group membership, categories, tag names, segments, group name, lists, tag list",
        pt="etiquetas, marcadores, grupos, categorias, segmentos, etiqueta, listas, rótulos, marcações",
        es="etiquetas, etiqueta, grupos, categorías, listas, segmentos",
        fr="étiquettes, catégories, groupes, libellés, mots-clés, segments, étiquette, listes",
        de="kategorien, gruppen, stichwörter, schlagwörter, etiketten, schlagworte, markierungen, listen",
        it="etichette, categorie, gruppi, etichetta, tag, liste, segmenti",
        ru="теги, метки, тег, группы",
        tr="etiketler",
        pl="tagi, etykiety, grupy, kategorie",
        nl="labels, categorieën, groepen",
        zh="标签",
        ja="タグ, ラベル",
        cs="štítky",
        sv="taggar, etiketter, kategorier, grupper",
        da="kategorier, grupper",
        fi="tunnisteet",
    ),
    Field.OPTED_OUT: _entry(
        "Opted out",
        "Whether the person wants no messages. A column of consents is read the other way round.",
        en="dnc, dnd, no whatsapp, unsubscribed, unsub, unsubscribe, email disabled, sms disabled,"
        " emails disabled, marketing disabled, opted out, opt out, do not contact, do not sms,"
        " do not text, do not phone, do not message, do not whatsapp, do not trade, no bulk emails,"
        " donotcontact, donotcall, hasoptedoutofemail, newsletteroptout, do not disturb, no marketing,"
        " no emails, no sms, do not call, do not mail, do not email, blacklisted, blacklist, blocklist,"
        " blocklisted",
        pt="descadastrado, não contatar, não perturbe, não enviar, opt-out, não receber, não quero receber,"
        " não deseja receber, não participar, lista negra",
        es="baja, dado de baja, no contactar, no molestar, desuscrito, no enviar, no recibir, no quiero recibir,"
        " no desea recibir, no participar, no participación, lista negra",
        fr="désabonné, désinscrit, ne pas contacter, ne pas déranger, opposition, ne pas solliciter, ne pas démarcher,"
        " ne pas recevoir, ne plus recevoir, ne souhaite pas recevoir, refus, liste noire",
        de="keine e-mails, abgemeldet, abmeldung, nicht kontaktieren, nicht anschreiben, keine werbung,"
        " kein newsletter,"
        " werbesperre, werbewiderspruch, sperrliste, abbestellt",
        it="disiscritto, non contattare, non inviare, non ricevere, cancellato, annullata iscrizione,"
        " iscrizione annullata",
    ),
    Field.COMPANY: _entry(
        "Company",
        "The organization the person works for.",
        en="company, organization, organisation, company name, employer, account name, business name,"
        " organization name, workplace, companyname, legal name, trading name, parent company",
        pt="empresa, organização, razão social, nome fantasia, instituição, nome da empresa, companhia, nome da conta",
        es="empresa, organización, compañía, razón social, institución, sociedad, empleador, nombre de la cuenta",
        fr="société, entreprise, organisation, raison sociale, employeur, organisme, établissement, compagnie,"
        " nom du compte",
        de="firma, unternehmen, organisation, firmenname, arbeitgeber, betrieb, institution, kontoname, accountname",
        it="azienda, società, ditta, organizzazione, ragione sociale, impresa, ente",
        ru="компания, организация, название компании",
        tr="şirket, firma",
        pl="firma, nazwa firmy, organizacja",
        nl="bedrijf, bedrijfsnaam, organisatie",
        ar="الشركة",
        zh="公司",
        ja="会社, 会社名, 組織",
        cs="společnost",
        sv="företag",
        ro="companie",
        hu="cég, cégnév",
        fi="yritys",
        da="virksomhed",
        el="εταιρεία",
        ko="회사",
    ),
    Field.COUNTRY: _entry(
        "Country",
        "The country in which this row's phone is read (ISO code, name or calling code).",
        en="country, country region, country name, nation, country code",
        pt="país, pais, nação, código do país",
        es="país, código de país",
        fr="pays, code pays",
        de="land, ländercode",
        it="paese, nazione, stato estero",
        ru="страна",
        tr="ülke",
        pl="kraj",
        nl="land",
        zh="国家",
        ja="国",
        cs="země, stát",
        ro="țara, țară",
        hu="ország",
        fi="maa",
        el="χώρα",
    ),
    Field.AREA_CODE: _entry(
        "Area code",
        "The first digits of the phone in the column beside it.",
        en="area code, phone area code, std code",
        pt="ddd, código de área, cód área, prefixo",
        es="código de área, prefijo, lada, característica",
        fr="indicatif régional, indicatif",
        de="vorwahl, ortsvorwahl",
        it="prefisso",
    ),
}
