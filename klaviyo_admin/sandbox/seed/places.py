"""Where the invented people live, and telephone numbers that belong to nobody."""

import random
from typing import Any

_CITIES: dict[str, tuple[tuple[str, str, str, str, float, float, str], ...]] = {
    "en-US": (
        ("Portland", "Oregon", "United States", "97205", 45.52, -122.68, "America/Los_Angeles"),
        ("Boston", "Massachusetts", "United States", "02108", 42.36, -71.06, "America/New_York"),
        ("Austin", "Texas", "United States", "78701", 30.27, -97.74, "America/Chicago"),
        ("Denver", "Colorado", "United States", "80202", 39.74, -104.99, "America/Denver"),
        ("Brooklyn", "New York", "United States", "11201", 40.69, -73.99, "America/New_York"),
        ("Bristol", "England", "United Kingdom", "BS1 4ST", 51.45, -2.59, "Europe/London"),
        ("Melbourne", "Victoria", "Australia", "3000", -37.81, 144.96, "Australia/Melbourne"),
    ),
    "de-DE": (
        ("Köln", "Nordrhein-Westfalen", "Germany", "50667", 50.94, 6.96, "Europe/Berlin"),
        ("Wien", "Wien", "Austria", "1010", 48.21, 16.37, "Europe/Vienna"),
    ),
    "fr-FR": (("Lyon", "Auvergne-Rhône-Alpes", "France", "69002", 45.76, 4.84, "Europe/Paris"),),
    "es-ES": (
        ("Málaga", "Andalucía", "Spain", "29015", 36.72, -4.42, "Europe/Madrid"),
        ("Ciudad de México", "CDMX", "Mexico", "06000", 19.43, -99.13, "America/Mexico_City"),
    ),
    "pl-PL": (("Łódź", "Łódzkie", "Poland", "90-001", 51.76, 19.46, "Europe/Warsaw"),),
    "pt-BR": (("São Paulo", "SP", "Brazil", "01310-100", -23.55, -46.63, "America/Sao_Paulo"),),
    "ja-JP": (("京都市", "京都府", "Japan", "600-8001", 35.01, 135.77, "Asia/Tokyo"),),
    "zh-CN": (("杭州", "浙江", "China", "310000", 30.27, 120.16, "Asia/Shanghai"),),
    "ar-AE": (("دبي", "دبي", "United Arab Emirates", "", 25.2, 55.27, "Asia/Dubai"),),
    "hi-IN": (("Pune", "Maharashtra", "India", "411001", 18.52, 73.86, "Asia/Kolkata"),),
    "ko-KR": (("부산", "부산광역시", "South Korea", "48058", 35.18, 129.08, "Asia/Seoul"),),
    "tr-TR": (("İzmir", "İzmir", "Türkiye", "35210", 38.42, 27.14, "Europe/Istanbul"),),
    "is-IS": (("Akureyri", "Norðurland eystra", "Iceland", "600", 65.68, -18.09, "Atlantic/Reykjavik"),),
}
_STREETS = ("Larch Lane", "Mill Road", "Harbour Street", "Orchard Way", "Station Square", "Old Forge Yard")
_NAMES = ("address1", "address2", "city", "region", "country", "zip", "latitude", "longitude", "timezone")
# 555-0100 to 555-0199 of every North American area code is kept free for fiction.
_AREAS = [
    "212",
    "201",
    "202",
    "203",
    "205",
    "206",
    "207",
    "208",
    "209",
    "210",
    "213",
    "214",
    "215",
    "216",
    "217",
    "218",
    "219",
    "224",
    "225",
    "228",
    "229",
    "231",
    "234",
    "239",
    "240",
    "248",
    "251",
    "252",
    "253",
    "254",
    "256",
    "260",
    "262",
    "267",
    "269",
    "270",
    "276",
    "281",
    "301",
    "302",
    "303",
    "304",
    "305",
    "307",
    "308",
    "309",
    "310",
    "312",
    "313",
    "314",
    "315",
    "316",
    "317",
    "318",
    "319",
    "320",
    "321",
    "323",
    "325",
    "330",
    "334",
    "336",
    "337",
    "339",
    "347",
    "351",
    "352",
    "360",
    "361",
    "386",
    "401",
    "402",
    "404",
    "405",
    "406",
    "407",
    "408",
    "409",
    "410",
    "412",
    "413",
    "414",
    "415",
    "417",
    "419",
    "423",
    "424",
    "425",
    "430",
    "432",
    "434",
    "435",
    "440",
]
PHONES = len(_AREAS) * 100


def place(chance: random.Random, locale: str) -> dict[str, Any]:
    city, region, country, code, latitude, longitude, timezone = chance.choice(_CITIES[locale])
    street = f"{chance.randint(1, 240)} {chance.choice(_STREETS)}"
    flat = f"Flat {chance.randint(1, 40)}" if chance.random() < 0.2 else None
    near = (round(latitude + chance.uniform(-0.2, 0.2), 4), round(longitude + chance.uniform(-0.2, 0.2), 4))
    values = (street, flat, city, region, country, code or None, *near, timezone)
    return {name: value for name, value in zip(_NAMES, values, strict=True) if value is not None}


def phone(number: int) -> str:
    """The fictional number of this number below PHONES, in E.164."""
    return f"+1{_AREAS[number // 100]}55501{number % 100:02}"
