"""Words that header cells are made of, in the languages of our users. What a column means is left to `mapping`."""

import re
import unicodedata
from functools import lru_cache

_WORDS = """
    name nome nombre nom names nomes nombres vorname nachname first last middle given family surname
    sobrenome apellido apellidos prenom cognome fullname firstname lastname completo complet full
    maiden nickname apelido apodo phone phones telefone telefones telefono telephone tel tlf fone
    cel celular celulares mobile mobil movil movel portable handy cellulare cell whatsapp whats zap
    wpp wa sms ddd ddi fax ramal msisdn telefon telefonnummer email emails mail correo mails
    electronico eletronico courriel posta id ids uid uuid guid code codigo cod key ref reference
    referencia cpf cnpj rg dni nif cuit rut ruc curp ssn matricula external handle username user
    usuario login address addresses endereco direccion adresse indirizzo street rua calle strasse
    via city cidade ciudad ville stadt citta town county bairro barrio district state estado
    provincia province region uf zip cep cp postal postcode plz cap country pais pays land paese
    location local localidade house apartment complemento company companies empresa societe firma
    azienda organization organisation organizacao organizacion org business account conta cliente
    client customer kunde contact contato contacto kontakt contatto lead leads aluno student job
    title cargo puesto position role funcao department departamento setor industry date data fecha
    datum time hora horario timestamp created updated modified criado criacao creado actualizado
    cadastro birthday birth birthdate nascimento nacimiento naissance geburtsdatum nascita
    aniversario cumpleanos dob anniversary status situacao stato statut stage fase etapa active
    ativo activo tags tag label labels etiqueta etiquetas group groups grupo grupos list lists lista
    listas segment segmento category categoria categorias categories kategorie interest interests
    note notes nota notas observacao observacoes obs observaciones comment comments comentario
    comentarios remarks bemerkung description descricao descripcion beschreibung message mensagem
    mensaje type tipo typ kind source origem origen fonte quelle channel canal campaign campanha
    campana medium utm owner responsavel responsable vendedor seller agent agente sales rep asesor
    assigned manager gestor gender sexo sex genero geschlecht age idade edad anos years language
    idioma lang langue sprache lingua locale timezone url website site web link linkedin facebook
    instagram twitter image photo foto number numero num nr no nummer count quantity quantidade
    cantidad qty amount valor value total price preco precio prix preis subtotal discount desconto
    currency moeda moneda payment pagamento pago forma method order pedido orden transaction
    transacao transaccion invoice product produto producto item sku model make brand marca year ano
    mes month day dia consent optin optout subscribed unsubscribed subscription marketing accepts
    aceita newsletter blocked score rating points rank index prefix suffix extension domain ip team
    work home primary secondary other personal mother father mae pai madre padre spouse parent
    guardian latitude longitude lat lng lon coordinates column columns columna coluna colonne spalte
    field fields campo campos col attribute attributes start end inicio fim plan plano course curso
    turma class species project task event evento имя фамилия отчество телефон мобильный почта адрес
    город компания дата комментарий статус должность фио название 氏名 名前 姓名 姓 名 電話 電話番号 电话 手机
    手机号 邮箱 住所 地址 公司 会社名 年齢 メール メールアドレス 备注 日期
    生日 性别 नाम फ़ोन ईमेल اسم الاسم
    هاتف όνομα τηλέφωνο adı soyadı
    telefonu imię nazwisko jmeno prijmeni namn navn
"""

_SPLIT = re.compile(r"[\W_\d]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


@lru_cache(maxsize=4096)
def header_words_in(cell: str) -> float:
    """How much of a cell is header words: 1 when most of its words are, 0.6 when one is, 0 else."""
    if len(cell) > 80:
        return 0.0
    words = [word for word in _SPLIT.split(plain(_CAMEL.sub(" ", cell))) if word]
    known = sum(word in _PLAIN_WORDS for word in words)
    if not known:
        return 0.0
    return 1.0 if known * 2 >= len(words) else 0.6


def plain(text: str) -> str:
    """The text in small letters without accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


_PLAIN_WORDS = frozenset(plain(word) for word in _WORDS.split())
