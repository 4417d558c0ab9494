"""Invented people: given and family names of a dozen languages, with the spelling an e-mail address would use."""

import random
from dataclasses import dataclass
from itertools import accumulate

# language: how often, locale, given names, family names; "native|ascii" where the two differ.
_LANGUAGES: tuple[tuple[int, str, str, str], ...] = (
    (
        34,
        "en-US",
        "Ada Amelia Arlo Beatrix Callum Charlotte Clementine Desmond Edith Ezra Felix Harriet Hazel Imogen Isaac Jasper "
        "Juniper Leo Mabel Maya Miles Nora Oscar Ottilie Percy Phoebe Quentin Rosalind Rufus Silas Theodora Winifred",
        "Abernathy Ashdown Barlow Blackwood Carraway Cartwright Dunmore Ellery Fairbanks Farrow Greenwell Hathaway Holloway "
        "Kingsley Lockhart Marlowe Merriweather Northcott O'Brien|obrien Pemberton Quill Ravenscroft Sandoval Thistlewood "
        "Underhill Vance Whitlock Yardley Smith-Jones|smith.jones Featherstonehaugh",
    ),
    (
        9,
        "de-DE",
        "Anneliese Bärbel|baerbel Dörte|doerte Emil Friedrich Greta Hannelore Jörg|joerg Jürgen|juergen Käthe|kaethe Lukas "
        "Matthias Ronja Sören|soeren Ulrike",
        "Bäumler|baeumler Eisenhardt Grünewald|gruenewald Hölzl|hoelzl Krüger|krueger Lindenau Müßig|muessig Rothenfels "
        "Schönbichler|schoenbichler Straßner|strassner Vogelsang Weißhaupt|weisshaupt",
    ),
    (
        8,
        "fr-FR",
        "Aurélie|aurelie Benoît|benoit Chloé|chloe Édouard|edouard Étienne|etienne Hélène|helene Inès|ines Jean-Baptiste|"
        "jeanbaptiste Maëlys|maelys Noémie|noemie Océane|oceane Théo|theo",
        "Beauchêne|beauchene Châtelain|chatelain D'Aubigné|daubigne Fontanel Lefèvre|lefevre Montclair Préjean|prejean "
        "Rivière|riviere Saint-Exmond|saintexmond Vauquelin",
    ),
    (
        9,
        "es-ES",
        "Adrián|adrian Begoña|begona Concepción|concepcion Íñigo|inigo Jesús|jesus Lucía|lucia Martín|martin Noelia Rocío|"
        "rocio Sofía|sofia Ximena",
        "Álvarez|alvarez Castañeda|castaneda Echeverría|echeverria Fernández|fernandez Ibáñez|ibanez Muñoz|munoz Núñez|nunez "
        "Peñalver|penalver Quiñones|quinones Zúñiga|zuniga",
    ),
    (
        5,
        "pl-PL",
        "Agnieszka Bożena|bozena Grażyna|grazyna Jędrzej|jedrzej Łukasz|lukasz Małgorzata|malgorzata Paweł|pawel "
        "Stanisław|stanislaw Zbigniew Żaneta|zaneta",
        "Brzęczyszczykiewicz|brzeczyszczykiewicz Dąbrowski|dabrowski Gąsiorowska|gasiorowska Jabłoński|jablonski "
        "Kołodziejczyk|kolodziejczyk Świątek|swiatek Wójcik|wojcik Źródłowski|zrodlowski",
    ),
    (
        5,
        "pt-BR",
        "Antônio|antonio Conceição|conceicao Inácio|inacio João|joao Luíza|luiza Mônica|monica Sebastião|sebastiao Vitória|vitoria",
        "Araújo|araujo Assunção|assuncao Gonçalves|goncalves Magalhães|magalhaes Simões|simoes Vasconcellos",
    ),
    (
        6,
        "ja-JP",
        "葵|aoi 陽翔|haruto 結衣|yui 健太|kenta 美咲|misaki 翔太|shota さくら|sakura 大輔|daisuke",
        "佐藤|sato 鈴木|suzuki 高橋|takahashi 渡辺|watanabe 勅使河原|teshigawara 小鳥遊|takanashi",
    ),
    (
        5,
        "zh-CN",
        "伟|wei 秀英|xiuying 梓涵|zihan 子轩|zixuan 静怡|jingyi 建国|jianguo",
        "王|wang 李|li 张|zhang 欧阳|ouyang 司马|sima 诸葛|zhuge",
    ),
    (
        5,
        "ar-AE",
        "أمينة|amina ياسر|yasir ليلى|layla خالد|khalid نور|nour يوسف|yusuf",
        "الحداد|alhaddad المنصوري|almansoori النجار|alnajjar القاسمي|alqasimi الصباغ|alsabbagh",
    ),
    (
        4,
        "hi-IN",
        "आरव|aarav अनन्या|ananya विवान|vivaan दिया|diya रोहन|rohan",
        "शर्मा|sharma पटेल|patel अय्यर|iyer चट्टोपाध्याय|chattopadhyay",
    ),
    (4, "ko-KR", "민준|minjun 서연|seoyeon 하은|haeun 지호|jiho", "김|kim 이|lee 황보|hwangbo 남궁|namgung"),
    (
        4,
        "tr-TR",
        "Çağla|cagla İbrahim|ibrahim Gökçe|gokce Şule|sule Ömer|omer",
        "Öztürk|ozturk Yıldırım|yildirim Çelikoğlu|celikoglu Şahin|sahin",
    ),
    (
        2,
        "is-IS",
        "Þórdís|thordis Ásgeir|asgeir Sigríður|sigridur Ægir|aegir",
        "Þorsteinsdóttir|thorsteinsdottir Hallgrímsson|hallgrimsson Ævarsdóttir|aevarsdottir",
    ),
)
# What real address books hold too, and what breaks careless screens.
_ODD = (
    (
        "Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh-Cholmondeley-Marjoribanks",
        "the Third of Upper Lower Netherwallop",
    ),
    ("Luna 🌙✨", "Moonbeam 🦋"),
    ("👩‍🌾 Marigold", "Gardener 🌻"),
    ("X Æ", "O"),
    ("María José Inmaculada Concepción de los Ángeles", "Fernández de la Reguera y Díaz-Ambrona"),
    ("Zoë-Anaïs 🏳️‍🌈", "van der Bergh-Ó Súilleabháin"),
    ("“Bob”; DROP", "O'<b>Tables</b>"),
)
_ODD_EVERY = 97


@dataclass(frozen=True, slots=True)
class Person:
    first: str
    last: str
    mailbox: str  # what stands before the @, unique when the number is part of it
    locale: str


def _pairs(words: str) -> list[tuple[str, str]]:
    """Words to (native, ascii)."""
    split = (word.partition("|") for word in words.split())
    return [(native, ascii_ or native.lower()) for native, _, ascii_ in split]


_TABLE = [(locale, _pairs(given), _pairs(family)) for _, locale, given, family in _LANGUAGES]
_OFTEN = list(accumulate(often for often, *_ in _LANGUAGES))


def person(chance: random.Random, number: int) -> Person:
    """The person of this number in the shop; every ninety-seventh has a name that careless screens break on."""
    locale, given, family = chance.choices(_TABLE, cum_weights=_OFTEN)[0]
    first, last = chance.choice(given), chance.choice(family)
    mailbox = f"{first[1]}.{last[1]}{number}"
    if number % _ODD_EVERY == _ODD_EVERY - 1:
        odd = _ODD[number // _ODD_EVERY % len(_ODD)]
        return Person(odd[0], odd[1], mailbox, locale)
    return Person(first[0], last[0], mailbox, locale)
