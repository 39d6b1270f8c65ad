"""A data folder in the making: entities, sources and statements, each put in the file where the layout wants it."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from ctkg.catalog import open_catalog
from ctkg.namespaces import CTKG, PREFIXES, slug
from ctkg.ontology import read_ontology
from ctkg.settings import settings
from ctkg.turtle import parse

__all__ = ["DATA_DAY", "Properties", "World", "both", "text"]

Properties = Mapping[str, str | Sequence[str]]
"""Property → Turtle terms; a property without a prefix is ctkg's."""

DATA_DAY = date(2026, 11, 24)
_READ = f'"{DATA_DAY}"^^xsd:date'
_SYLLABLES = re.findall(
    r"([a-z]+)(\S)",
    "xing星 he河 zhi智 yun云 hai海 tian天 ming明 hua华 xin新 ke科 lan蓝 jing晶 yuan元 ling灵 guang光 shu数 bo博 cheng成 da达 "
    "feng风 gao高 hong宏 jia佳 kang康 long龙 mei美 nan南 ou欧 ping平 qi启 rui锐 shan山 tong通 wan万 xiang翔 yi一 zhong中 "
    "an安 bei北 chuang创 dong东 fu富 guo国 hui慧 ji极 kun昆 li力 mu木 ning宁 peng鹏 qing青 ren仁 sheng盛 tai泰 wei微 xu旭 "
    "yang阳 ze泽 ",
)
_PUBLISHERS = 40
_LOCATORS = ("first paragraph", "second paragraph", "third and fourth paragraphs", "table 2", "section on financing")
_COMMENTS = (
    ("The figure is the source's own.", "数字为来源自述。"),
    ("By two people who asked not to be named.", "据两名不愿具名的人士。"),
    ("Another report of the same week speaks of the parent company, which is kept apart here.", "同周另一报道指其母公司，此处分开记录。"),
    ("The day is that of the announcement.", "日期为宣布之日。"),
)  # fmt: skip
_KINDS_OF_SOURCE = ["PressSource"] * 5 + ["TradePressSource"] * 3 + ["CompanySource", "FilingSource", "OfficialSource"]


def text(words: str, language: str = "") -> str:
    """A Turtle string."""
    return f'"{words}"@{language}' if language else f'"{words}"'


def both(en: str, zh: str) -> list[str]:
    """The same in English and Chinese."""
    return [text(en, "en"), text(zh, "zh")]


class World:
    """Files by theme and slug, and how many triples they hold; all chance comes from the seed."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - data, not secrets
        self.triples = 0
        self.entities: dict[str, tuple[str, str, str]] = {}  # CURIE → class, labels in en and zh
        self._files: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._taken: set[str] = set()
        self._recent: list[str] = []
        self._publishers = [self.name() for _ in range(_PUBLISHERS)]
        catalog = open_catalog(settings())
        self._ontology = read_ontology(triple for path in catalog.ontology for triple in parse(path))

    def name(self) -> tuple[str, str, str]:
        """A slug that is not taken, and its reading in English and Chinese."""
        while True:
            words, signs = zip(*self.chance.choices(_SYLLABLES, k=self.chance.choice((3, 4))), strict=True)
            parts = ["".join(words[:2]), "".join(words[2:])]
            if (found := "-".join(parts)) not in self._taken:
                self._taken.add(found)
                return found, " ".join(parts).title(), "".join(signs)

    def entity(self, kind: str, class_: str, name: tuple[str, str, str], home: str | None = None) -> str:
        """Describe an entity; returns its CURIE. ``home`` is the slug of its file where that is not its own."""
        found, en, zh = name
        theme = min(self._ontology.themes[CTKG + class_])
        self._write(theme, home or found, f"{kind}:{found}", class_, {"rdfs:label": both(en, zh)})
        self.entities[f"{kind}:{found}"] = (class_, en, zh)
        return f"{kind}:{found}"

    def source(self, day: date, *, fresh: bool = True) -> str:
        """A report published on the day or some weeks later; unless ``fresh``, maybe one that is there already."""
        if not fresh and self._recent and self.chance.random() < 0.6:
            return self.chance.choice(self._recent)
        # a few publishers print most of the news
        publisher, en, zh = self._publishers[min(int(self.chance.expovariate(0.15)), _PUBLISHERS - 1)]
        issued = min(day + timedelta(int(self.chance.expovariate(0.1))), DATA_DAY)
        number = len(self._taken)
        found = f"source:{publisher}-{issued:%Y%m%d}-{number}"
        self._taken.add(found)
        language = self.chance.choice(("en", "zh"))
        headline = f"What {en} printed on {issued}, page {number}" if language == "en" else f"{zh}{issued}第{number}版"
        self._write("evidence", publisher, found, "Source", {
            "dcterms:title": text(headline, language),
            "dcterms:publisher": both(en, zh),
            "schema:url": f'"https://{publisher}.example/{number}"^^xsd:anyURI',
            "dcterms:language": text(language),
            "dcterms:issued": f'"{issued}"^^xsd:date',
            "readOn": _READ,
            "sourceType": f"ctkg:{self.chance.choice(_KINDS_OF_SOURCE)}",
        })  # fmt: skip
        self._recent = [*self._recent[-7:], found]
        return found

    def say(self, class_: str, properties: Properties, sources: Sequence[str]) -> str:
        """Make a statement, with the sources that support it; returns its CURIE."""
        theme = min(self._ontology.themes[CTKG + class_])
        root = self._ontology.root_property.get(CTKG + class_)
        if root is None:  # an event, filed under its year
            home = str(properties["date"])[1:5]
        else:
            value = properties[slug(root)]
            home = (value if isinstance(value, str) else value[0]).partition(":")[2]
        while (found := f"statement:{home}-{self._tail()}") in self._taken:
            pass
        self._taken.add(found)
        more: dict[str, str | Sequence[str]] = {}
        if sources:  # what was sought and not found rests on none
            more = {"prov:wasDerivedFrom": sources, "locator": text(self.chance.choice(_LOCATORS))}
        if "rdfs:comment" not in properties and self.chance.random() < 0.4:
            more["rdfs:comment"] = both(*self.chance.choice(_COMMENTS))
        self._write(theme, home, found, class_, {**properties, **more})
        return found

    def dispute(self, class_: str, rivals: Sequence[str], home: str, label: tuple[str, str]) -> None:
        """Tie statements of a class that contradict each other; of two in three, the first is preferred."""
        found = f"{home}-{self._tail()}"
        properties: dict[str, str | Sequence[str]] = {"rdfs:label": both(*label), "rival": rivals}
        if self.chance.random() < 0.66:
            reason = both("The filing is closer to the fact than the press.", "备案文件比报道更接近事实。")
            properties |= {"preferred": rivals[0], "decidedOn": _READ, "reason": reason}
        theme = min(self._ontology.themes[CTKG + class_])
        self._write(theme, home, f"dispute:{found}", "Dispute", properties)

    def when(self, day: date) -> str:
        """The day as a report might give it: to the day, the month or the year."""
        share = self.chance.random()
        if share < 0.55:
            return f'"{day}"^^xsd:date'
        return f'"{day:%Y-%m}"^^xsd:gYearMonth' if share < 0.88 else f'"{day:%Y}"^^xsd:gYear'

    def sum(self) -> dict[str, str]:
        """A sum of money as a report might give it: a figure, a bound, a band of words, or nothing."""
        amount = int(10 ** self.chance.uniform(6, 9.7)) // 10**5 * 10**5
        currency, share = text(self.chance.choice(("CNY", "USD"))), self.chance.random()
        if share < 0.6:
            return {"amount": str(amount), "currency": currency}
        if share < 0.75:
            words = text(f"more than {amount:,}", "en")
            return {
                "amountMin": str(amount),
                "amountMinExclusive": "true",
                "currency": currency,
                "amountAsReported": words,
            }
        if share < 0.9:
            band = {"amountMin": "100000000", "amountMax": "1000000000", "amountMaxExclusive": "true"}
            return {**band, "currency": text("CNY"), "amountAsReported": text("数亿元", "zh")}
        return {"amountUndisclosed": "true"}

    def write(self, data: Path) -> None:
        """Write every file below the data folder, and the card of the dataset."""
        card = {
            "rdfs:label": both("Generated world", "生成的世界"),
            "dcterms:title": both("A generated world", "生成的世界"),
            "dcterms:description": both(
                "Made up for measuring; nothing in it is true.", "为测量而生成，内容均非事实。"
            ),
            "dcterms:publisher": text("ctkg contributors", "en"),
            "dcterms:license": "<https://creativecommons.org/licenses/by/4.0/>",
            "dcterms:modified": _READ,
            "dataDate": _READ,
        }
        blocks = {"curated/dataset": [_block("dataset:curated", "dcat:Dataset", card)]}
        blocks |= {f"curated/{theme}/{slug}": file for (theme, slug), file in self._files.items()}
        for name, file in blocks.items():
            path = data / f"{name}.ttl"
            path.parent.mkdir(parents=True, exist_ok=True)
            body = "\n".join(file)
            used = sorted(PREFIXES.keys() & set(re.findall(r"\b([a-z]+):", body)))
            head = "".join(f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n" for prefix in used)
            path.write_text(f"{head}\n{body}", encoding="utf-8")

    def _tail(self) -> str:
        return "".join(self.chance.choices("abcdefghijklmnopqrstuvwxyz234567", k=6))

    def _write(self, theme: str, home: str, subject: str, class_: str, properties: Properties) -> None:
        self._files[theme, home].append(_block(subject, f"ctkg:{class_}", properties))
        self.triples += 1 + sum(1 if isinstance(value, str) else len(value) for value in properties.values())


def _block(subject: str, class_: str, properties: Properties) -> str:
    lines = [f"{subject}\n    a {class_}"]
    for name, value in properties.items():
        terms = value if isinstance(value, str) else " ,\n        ".join(value)
        lines.append(f"{name if ':' in name else f'ctkg:{name}'} {terms}")
    return " ;\n    ".join(lines) + " .\n"
