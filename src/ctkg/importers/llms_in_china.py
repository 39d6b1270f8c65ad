"""awesome-LLMs-In-China: developers of language models that no other layer names, with their city.

The list's links, remarks and categories are not read. It has Chinese names only;
English labels are their romanisation, but for places and universities that have
English names. Developers that another layer holds are left to it, with their
models: what the list calls 盘古 may be one of many models of that name. So a
model is never matched by its name, and bears its developer's where its own is
not in Latin letters.
"""

from __future__ import annotations

import re
from functools import cache

from pyoxigraph import NamedNode

from ctkg.importers.draft import Draft, Name, Publication, Values, day
from ctkg.importers.matches import subject_id
from ctkg.importers.run import Importer
from ctkg.importers.upstream import Row
from ctkg.messages import tr

__all__ = ["IMPORTER"]

_SEVERAL = re.compile(r"[&＆+＋、，,/]")
_BETWEEN = re.compile(r"[、，,]")
_TELLING = re.compile(r"(?=.*[A-Za-z])[ -~]{5,}")
"""A name that is long enough, and in Latin letters, to be one model's."""
_PROVINCES = re.compile(
    r"^(?:河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|内蒙古|广西|西藏|宁夏|新疆)(?=.)"
)
_CLASSES = (
    ("GovernmentBody", re.compile(r"广播电视总台$")),
    ("ResearchLab", re.compile(r"研究院|研究所|研究室|实验室|中心$|医院$|X-D Lab$|DISC$")),
    ("University", re.compile(r"大学|学院|^港中文深圳$")),
)
"""In this order: a laboratory of a university is a laboratory."""
_ENGLISH = {
    "中国农业大学": "China Agricultural University",
    "北京交通大学": "Beijing Jiaotong University",
    "厦门大学": "Xiamen University",
    "吉林大学": "Jilin University",
    "呼和浩特": "Hohhot",
    "哈尔滨工业大学（深圳）": "Harbin Institute of Technology, Shenzhen",
    "山西农业大学": "Shanxi Agricultural University",
    "拉萨": "Lhasa",
    "港中文深圳": "Chinese University of Hong Kong, Shenzhen",
    "澳门": "Macao",
}
"""Places and universities whose English name is no romanisation; universities as ROR writes them or their parent."""
_LEFT_OUT = {
    "上海市人工智能实验室": "another spelling of a laboratory that is held",
    "VIVO": "its models are held by size, under its laboratory",
    "医疗算网": "a project of several bodies",
    "循环智能": "whether its 盘古 is that of Huawei is not known",
    "春田知韵（抖音）": "a registered person of a firm that is held",
    "瑞金医学": "which body that is, is not known",
    "网易有道": "its model is held as one of NetEase",
}
_ACTORS = frozenset({"Company", "University", "ResearchLab", "GovernmentBody", "Alliance"})


def _draft_row(row: Row, source: NamedNode, draft: Draft) -> None:
    developer, models, place = row.get("公司"), row.get("大模型"), row.get("省市")
    if not developer or not models or _SEVERAL.search(developer):
        draft.skip(row, tr("{name}: several developers, or none", name=developer or models))
        return
    if reason := _LEFT_OUT.get(developer):
        draft.skip(row, f"{developer}: {tr(reason)}")
        return
    if place == "台湾":
        draft.skip(row, tr("{name}: outside of the list's mainland, Hong Kong and Macao", name=developer))
        return
    zh = Name(developer, "zh")
    # what the table matches is another layer's, also while that layer is away
    if draft.matches.same(subject_id(draft.dataset, "actor", developer)) or draft.held(
        "actor", developer, [zh], {}, _ACTORS
    ):
        draft.skip(row, tr("{name}: known from elsewhere", name=developer))
        return
    class_ = next((name for name, pattern in _CLASSES if pattern.search(developer)), "Company")
    actor = draft.entity(class_, developer, [Name(_in_english(developer)), zh], source, among=_ACTORS)
    locator = f"{row.get('序号')} {developer}"
    if place and draft.first(actor):
        city = _PROVINCES.sub("", place)
        english = _ENGLISH.get(city) or _romanised(city).replace(" ", "").capitalize()
        values: Values = {
            "organisation": actor,
            "place": draft.entity("Place", city, [Name(english), Name(city, "zh")], source),
            "checkedOn": day(draft.issued[source.value]),
        }
        draft.statement("Seat", actor, developer, values, source, locator)
    for model in _BETWEEN.split(models):
        label = _romanised(model)
        names = [Name(label if _TELLING.fullmatch(model) else f"{label} ({_in_english(developer)})"), Name(model, "zh")]
        made = draft.entity("Model", f"{developer}: {model}", names, source, among=frozenset())
        values = {"developed": made, "developer": actor}
        draft.statement("Development", made, f"{developer}: {model}", values, source, locator)


def _in_english(name: str) -> str:
    return _ENGLISH.get(name) or _romanised(name)


def _romanised(name: str) -> str:
    """The name in pinyin, a word for each character."""
    words = (word.strip() for word in _pinyin(name))
    return " ".join(word.capitalize() if word.islower() else word for word in words)


@cache
def _pinyin(name: str) -> list[str]:
    from pypinyin import lazy_pinyin, load_phrases_dict

    load_phrases_dict({"企查查": [["qǐ"], ["chá"], ["chá"]], "佳都": [["jiā"], ["dū"]]})
    return list(lazy_pinyin(name, v_to_u=True))


IMPORTER = Importer(
    Publication(
        "awesome-LLMs-In-China",
        "wgwang",
        "https://www.apache.org/licenses/LICENSE-2.0",
        "https://github.com/wgwang/awesome-LLMs-In-China",
        "zh",
    ),
    ("序号", "公司", "大模型", "省市"),
    ("公司", "大模型", "链接"),
    _draft_row,
)
