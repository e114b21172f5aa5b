"""The letters beyond ASCII that languages write with, by the legacy encodings used for them. Judges nothing itself.

Letters of scripts of their own are in the order of how often they are written, the commonest first: any permutation
of an alphabet is letters, but only one of them is words.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    """How much each letter is worth as a sign of the language, 0 to 1, and those that only end words."""

    name: str
    worth: dict[str, float]
    ends_words: str = ""


def _accented(name: str, letters: str) -> Language:
    return Language(name, dict.fromkeys(letters, 1.0))


def _of_own_script(name: str, by_frequency: str, ends_words: str = "") -> Language:
    count = len(by_frequency)
    # The commonest third of an alphabet makes up most of its texts.
    return Language(name, {letter: 1.0 - 0.5 * at / count for at, letter in enumerate(by_frequency)}, ends_words)


_WESTERN = (
    _accented("pt", "áâãàçéêíóôõúü"),
    _accented("es", "áéíñóúü"),
    _accented("fr", "àâçéèêëîïôùûüœæ"),
    _accented("de", "äöüß"),
    _accented("it", "àèéìòù"),
    _accented("nordic", "åäöæøé"),
    _accented("ca", "àçèéíïòóúü"),
)
_CENTRAL = (
    _accented("pl", "ąćęłńóśźż"),
    _accented("cs", "áčďéěíňóřšťúůýž"),
    _accented("sk", "áäčďéíĺľňóôŕšťúýž"),
    _accented("hu", "áéíóöőúüű"),
    _accented("ro", "ăâîşţșț"),
    _accented("hr", "čćđšž"),
)

_TURKISH = (_accented("tr", "çğıöşüâîûİ"),)
# Lists of Turks abroad are in German as well.
_TURKISH_AND_GERMAN = (*_TURKISH, _accented("tr and de", "çğıöşüäßİ"))
_BALTIC = (
    _accented("lt", "ąčęėįšųūž"),
    _accented("lv", "āčēģīķļņšūž"),
    _accented("et", "äöõüšž"),
)
_CYRILLIC = (
    _of_own_script("ru", "оаеинтсрвлкмдпуьяыгзбчйхжшюцщэфъё№"),
    _of_own_script("uk", "оаинвреіткслмудпяьзгбчхйцїжшюєщфґ№"),
)
_GREEK = (_of_own_script("el", "αοιετσνηυρπκμλωςγδάέίόήθχφβύξώζψϊϋΐΰ", "ς"),)
_HEBREW = (_of_own_script("he", "יוהלאמרתבשנםכדעחקפןטגזסצךףץ", "םןךףץ"),)
_ARABIC = (_of_own_script("ar", "اليمنرتبوةعدسفهكقحجشطصخأذىضغئءزثآإظؤپچژگ", "ةى"),)
_THAI = (_of_own_script("th", "านรกเงอมยลวดทสตะปบคหแจพชขใไโผซณธฉศภฐถญฟษฝฮฬฤฆ"),)
_VIETNAMESE = (_accented("vi", "ăâđêôơưáàéèíóòúùý"),)

LANGUAGES: dict[str, tuple[Language, ...]] = {
    "windows-1252": _WESTERN,
    "windows-1250": _CENTRAL,
    "windows-1251": _CYRILLIC,
    "windows-1254": _TURKISH_AND_GERMAN,
    "windows-1253": _GREEK,
    "mac_roman": _WESTERN,
    "cp850": _WESTERN,
    "iso8859-15": _WESTERN,
    "iso8859-2": _CENTRAL,
    "cp852": _CENTRAL,
    "koi8-r": _CYRILLIC,
    "koi8-u": _CYRILLIC,
    "cp866": _CYRILLIC,
    "iso8859-7": _GREEK,
    "windows-1255": _HEBREW,
    "windows-1256": _ARABIC,
    "windows-1257": _BALTIC,
    "iso8859-13": _BALTIC,
    "windows-1258": _VIETNAMESE,
    "cp857": _TURKISH,
    "cp860": _WESTERN[:1],
    "cp874": _THAI,
}
"""The encodings of one byte a letter, the likelier first: the first of equals is taken."""

# What names, streets and headers are written with, in the order of nothing.
_SIMPLIFIED = """
    王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜
    范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段钱汤尹黎易常武乔贺赖龚文北京上海广州深圳市区省路号街县镇村姓名电话手机
    邮箱地址公司客户小大明华丽强伟芳娜敏静秀英军洋勇艳杰娟涛超霞平刚桂南东西中山国新有限成都杭州武汉重庆天津苏
    门青岛厦沈阳连济安合肥沙福昌哈尔滨贵昆太原呼和浩特乌鲁木齐兰银川宁拉萨"""
_TRADITIONAL = """
    陳林黃張李王吳劉蔡楊許鄭謝郭洪曾邱廖賴徐周葉蘇莊江呂何羅高蕭潘簡朱鍾彭游詹胡施沈余趙盧梁顏柯孫魏翁戴范宋方鄧杜傅侯曹薛丁
    卓馬阮董唐溫藍蔣石古紀姚連馮歐程湯田康姜白汪鄒尤巫鐘黎涂龔嚴韓袁金童陸夏台北高雄新竹中南桃園市區路號街縣鎮姓名電話手機信箱
    地址公司客戶美麗志明俊傑雅婷淑芬怡君家豪建宏文玉秀英華國偉惠佳玲板橋左營西屯義大東香港"""
_JAPANESE = """
    田中山本佐藤鈴木高橋伊渡辺小林加吉斎井村松清水野崎森池石川上下前後原岡島谷口大三浦和久保太郎子美一二花東京都阪府県市区町丁目
    番地号電話氏名住所株式会社様神奈横浜古屋北海道福岡愛知埼玉千葉兵庫新宿健由誠札幌戸"""
_KOREAN = """
    김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허남심노하곽성차주우구민진지나엄원천방공현함변염여추도소석선설마길연위표
    명기반라왕금옥육인맹제모탁국어은편용울부산대광경원충청북상시군동읍면로번호름화메일수영희훈연특별역해운늘윤"""

EASTERN: dict[str, tuple[str, frozenset[str]]] = {
    "cp932": ("kana", frozenset(_JAPANESE)),
    "gb18030": ("han", frozenset(_SIMPLIFIED)),
    "cp949": ("hangul", frozenset(_KOREAN)),
    "big5": ("han", frozenset(_TRADITIONAL)),
    "euc_jp": ("kana", frozenset(_JAPANESE)),
}
"""The encodings of several bytes a letter, the likelier first: what each is known by, and its common letters."""
