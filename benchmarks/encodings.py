"""How often the encoding of a file is told rightly: contact lists in many languages, written in what programs write.

    python -m benchmarks.encodings [--misses] [--others]

Each list is written in each encoding of its language as a file of 3 rows, of 20, and as 2,000 rows of ASCII with one
name of the language at the end. A file is right where its text comes back, whatever the encoding is called.
"""

import argparse
import io
import time
from collections import Counter, defaultdict
from collections.abc import Iterator

import charset_normalizer

from lead_store.errors import Unreadable
from lead_store.intake.reading.texts.encodings import detect_encoding

WESTERN = ("windows-1252", "iso8859-1", "iso8859-15", "mac_roman", "cp850", "cp437")
CENTRAL = ("windows-1250", "iso8859-2", "cp852")
CYRILLIC = ("windows-1251", "koi8-r", "koi8-u", "cp866")
# The encodings that the product promises; the others are on top.
PROMISED = {"windows-1252", "windows-1250", "windows-1251", "iso8859-1", "iso8859-15", "cp932", "gb18030", "mac_roman"}

LISTS: dict[str, tuple[tuple[str, ...], str]] = {
    "pt": (
        (*WESTERN, "cp860"),
        """João Gonçalves;São Paulo|Conceição Araújo;Brasília|Antônio Magalhães;Goiânia|José Assunção;Maceió
        Inês Simões;Évora|Luís Falcão;Guimarães
        Ângela Pereira;Belém|Débora Leitão;Ribeirão Preto|Mário Sá;Sé
        ELISÂNGELA ASSIS;JOÃO PESSOA|Cauã Brandão;Niterói|Márcia Esteves;Santarém""",
    ),
    "es": (
        WESTERN,
        """Peña Núñez;Málaga|José Ibáñez;Córdoba|Íñigo Muñoz;Logroño|María Ángeles;Cádiz|Ramón Güell;León
        Begoña Ordóñez;Ávila|Óscar Rincón;Bogotá
        Sebastián Cruz;Medellín|Lucía Ortúzar;Asunción|ANDRÉS PEÑA;LA CORUÑA""",
    ),
    "fr": (
        WESTERN,
        """Zoé Lefèvre;Besançon|François Noël;Orléans
        Hélène Bérenger;Nîmes|Anaïs Dubôt;Alençon|Jérôme Lacôte;Béziers
        Gaëlle Müller;Mâcon|Benoît Prévost;Évreux
        Cécile Garçon;Sète|Léa Château;Châlons|Loïc Guénolé;Saint-Dié""",
    ),
    "de": (
        WESTERN,
        """Jürgen Müller;München|Käthe Groß;Köln|Björn Schäfer;Düsseldorf|Sören Weiß;Nürnberg|Ute Böhm;Lübeck
        Günther Kühn;Würzburg|Änne Hübner;Göttingen
        Jörg Strauß;Fürth|Ölmüller Anke;Saarbrücken|Rüdiger Fuß;Thüringen""",
    ),
    "it": (
        WESTERN,
        """Niccolò Forlì;Forlì|Nicolò Papà;Cantù|Mosè Cadè;Patù|Noè Bonicalzà;Mondovì|Giosuè Santità;Alà""",
    ),
    "sv": (
        WESTERN,
        """Åsa Öberg;Malmö|Björn Sjöström;Gävle|Märta Ståhl;Örebro|Göran Åkesson;Västerås|Sören Lindström;Umeå""",
    ),
    "da": (
        ("windows-1252", "iso8859-1", "mac_roman", "cp850"),
        """Søren Østergård;Århus|Jørgen Kjær;Helsingør
        Åse Sørensen;Tromsø|Bjørn Ødegård;Bodø|Pål Håkonsen;Hønefoss""",
    ),
    "pl": (
        CENTRAL,
        """Łukasz Wójcik;Kraków|Małgorzata Dąbrowska;Łódź|Świętosława Żak;Gdańsk|Zbigniew Kozłowski;Poznań
        Jędrzej Ślusarczyk;Częstochowa|Paweł Błaszczyk;Rzeszów
        Grażyna Wąs;Toruń|Michał Góra;Wrocław|BOŻENA ŹRÓDŁO;ŁÓDŹ""",
    ),
    "cs": (
        CENTRAL,
        """Jiří Dvořák;Plzeň|Tomáš Novák;Třebíč
        Božena Němcová;Příbram|Ľubomír Šťastný;Košice|Zdeněk Svěrák;České
        Růžena Červená;Kroměříž|Ondřej Říha;Děčín
        Žofie Křížová;Mělník|Lukáš Beneš;Jihlava|František Vaněk;Žďár""",
    ),
    "hu": (
        CENTRAL,
        """Erdős Pál;Győr|Szűcs Ágnes;Kecskemét
        Kovács János;Pécs|Tóth Éva;Székesfehérvár|Szőke Gergő;Hódmezővásárhely
        Németh Ödön;Érd|Fülöp Zsófia;Szolnok|Őri Márta;Dunaújváros""",
    ),
    "tr": (
        ("windows-1254", "iso8859-9", "cp857"),
        """Ayşe Yılmaz;İstanbul|Çağla Şahin;Diyarbakır
        Oğuz Öztürk;Eskişehir|Gülşen Ünal;Muğla|İbrahim Kılıç;Aydın
        Işıl Çetin;Iğdır|Tuğçe Güneş;Balıkesir|ŞÜKRÜ YILDIRIM;ELÂZIĞ""",
    ),
    "ru": (
        CYRILLIC,
        """Иванов Сергей;Москва|Петрова Анна;Санкт-Петербург|Кузнецов Дмитрий;Новосибирск|Соколова Елена;Казань
        Попов Алексей;Екатеринбург|Лебедева Ольга;Самара
        МОРОЗОВ ИГОРЬ;ОМСК|Фёдорова Юлия;Уфа|Чайка Яна;Томск
        Щукин Эдуард;Пермь""",
    ),
    "uk": (
        ("windows-1251", "koi8-u"),
        """Шевченко Тарас;Київ|Коваленко Олена;Львів
        Бондаренко Андрій;Харків|Ткаченко Наталія;Одеса|Їжак Євген;Рівне""",
    ),
    "el": (
        ("windows-1253", "iso8859-7"),
        """Γιώργος Παπαδόπουλος;Αθήνα|Μαρία Νικολάου;Θεσσαλονίκη
        Κώστας Οικονόμου;Πάτρα|Ελένη Βασιλείου;Ηράκλειο
        Άννα Γεωργίου;Λάρισα|ΝΙΚΟΣ ΔΗΜΟΥ;ΒΟΛΟΣ""",
    ),
    "he": (
        ("windows-1255", "iso8859-8"),
        """ישראל כהן;תל אביב|מרים לוי;ירושלים|דוד מזרחי;חיפה|שרה פרץ;באר שבע|יוסף ביטון;אשדוד|רחל אברהם;נתניה""",
    ),
    "ar": (
        ("windows-1256",),
        """محمد أحمد;القاهرة|فاطمة علي;الرياض|خالد عبد الله;دبي
        نورة السالم;جدة|يوسف حسن;بغداد|ليلى إبراهيم;عمان""",
    ),
    "lt": (
        ("windows-1257", "iso8859-13"),
        """Žydrūnas Šimkus;Vilnius|Rūta Petrauskaitė;Šiauliai
        Jonas Kęstutis;Panevėžys|Eglė Žukauskienė;Mažeikiai""",
    ),
    "lv": (
        ("windows-1257", "iso8859-13"),
        """Jānis Bērziņš;Rīga|Līga Ozoliņa;Liepāja
        Kārlis Kļaviņš;Jūrmala|Ģirts Šķēle;Rēzekne|Aija Žagariņa;Cēsis""",
    ),
    "th": (
        ("cp874",),
        """สมชาย ใจดี;กรุงเทพ|สมหญิง รักไทย;เชียงใหม่
        วิชัย ศรีสุข;ขอนแก่น|มาลี ทองดี;ภูเก็ต|ประเสริฐ บุญมา;สงขลา""",
    ),
    "ja": (
        ("cp932", "euc_jp", "iso2022_jp"),
        """山田太郎;東京都新宿区|鈴木花子;大阪市北区|佐藤健一;横浜市
        ヤマダ タロウ;名古屋市|高橋まゆみ;札幌市|渡辺さくら;福岡市
        伊藤 誠;京都市|中村 由美;神戸市""",
    ),
    "zh": (
        ("gb18030",),
        """王伟;北京市朝阳区|李娜;上海市浦东新区|张敏;广州市天河区
        刘洋;深圳市南山区|陈静;成都市|杨超越;杭州市|赵强;武汉市""",
    ),
    "zh-tw": (
        ("big5",),
        """陳志明;台北市信義區|林雅婷;新北市板橋區|黃淑芬;高雄市左營區
        張家豪;台中市西屯區|吳怡君;台南市|劉建宏;桃園市""",
    ),
    "ko": (
        ("cp949",),
        """김민수;서울특별시 강남구|이영희;부산광역시 해운대구|박지훈;대구광역시
        최서연;인천광역시|정하늘;광주광역시|강도윤;대전""",
    ),
}
UTF = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be")
HEADER = "id;name;city;phone;email;notes\r\n"


def people_of(text: str) -> list[str]:
    return [person.strip() for line in text.splitlines() for person in line.split("|") if person.strip()]


def files_of(text: str) -> Iterator[tuple[str, str]]:
    people = people_of(text)
    rows = [f"{at};{who};+1 555 {at:07};user{at}@example.com;note {at}\r\n" for at, who in enumerate(people * 4)]
    yield "3 rows", HEADER + "".join(rows[:3])
    yield "20 rows", HEADER + "".join(rows[:20])
    ascii_rows = (f"{at};Ann Example;London;+1 555 {at:07};user{at}@example.com;note\r\n" for at in range(2000))
    yield "late", HEADER + "".join(ascii_rows) + rows[0]


def detected(content: bytes) -> str:
    try:
        return detect_encoding(io.BytesIO(content))[0]
    except Unreadable as error:
        return f"refused ({error.code})"


def by_charset_normalizer(content: bytes) -> str:
    best = charset_normalizer.from_bytes(content).best()
    return best.encoding if best else "none"


def reads_back(content: bytes, encoding: str, text: str) -> bool:
    try:
        return content.decode(encoding).removeprefix("\ufeff") == text
    except (LookupError, UnicodeError):
        return False


def cases() -> Iterator[tuple[str, str, str, str, bytes]]:
    for language, (encodings, people) in LISTS.items():
        for encoding in (*encodings, *UTF):
            for size, text in files_of(people):
                # Some lists have letters that one of the encodings lacks: those people are left out.
                kept = "".join(line for line in text.splitlines(True) if _fits(line, encoding))
                if len(kept.splitlines()) > 1 and (not kept.isascii()):
                    yield language, encoding, size, kept, kept.encode(encoding)


def _fits(line: str, encoding: str) -> bool:
    try:
        line.encode(encoding)
    except UnicodeError:
        return False
    return True


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--misses", action="store_true", help="list each file that does not come back")
    parser.add_argument("--others", action="store_true", help="charset-normalizer on the same files")
    arguments = parser.parse_args()
    judge = by_charset_normalizer if arguments.others else detected
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    started = time.perf_counter()
    for language, encoding, size, text, content in cases():
        found = judge(content)
        is_right = reads_back(content, found, text)
        group = "UTF" if encoding in UTF else "promised" if encoding in PROMISED else "others"
        for key in (group, encoding if group != "UTF" else "UTF", f"{group}, {size}"):
            counts[key].update(["files", *(["right"] if is_right else [])])
        if arguments.misses and not is_right:
            print(f"{language:6} {encoding:13} {size:8} read as {found}")
    print(f"{sum(counts[group]['files'] for group in ('UTF', 'promised', 'others'))} files", end=" ")
    print(f"in {time.perf_counter() - started:.1f} s")
    for key, count in sorted(counts.items()):
        print(f"{key:20} {count['right']:4} of {count['files']:4}")


if __name__ == "__main__":
    main()
