"""awesome-LLMs-In-China: developers of language models that no other layer names, with their city.

The list's links, remarks and categories are not read. It has Chinese names only;
English labels are their romanisation.
"""

from __future__ import annotations

import re

from pyoxigraph import NamedNode

from ctkg.errors import SettingsError
from ctkg.importers.draft import Draft, Name, Publication
from ctkg.importers.run import Importer
from ctkg.importers.upstream import Row
from ctkg.messages import tr

__all__ = ["IMPORTER"]

_SEVERAL = re.compile(r"[&＆+＋、，,/]")
_PROVINCES = re.compile(
    r"^(?:河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|内蒙古|广西|西藏|宁夏|新疆)(?=.)"
)
_CLASSES = (
    ("University", re.compile(r"(?:大学|学院)")),
    ("ResearchLab", re.compile(r"(?:研究院|研究所|实验室|研究中心|超级计算|超算)")),
)
_ACTORS = frozenset({"Company", "University", "ResearchLab", "GovernmentBody", "Alliance"})


def _draft_row(row: Row, source: NamedNode, draft: Draft) -> None:
    developer, model, place = row.get("公司"), row.get("大模型"), row.get("省市")
    if not developer or not model or _SEVERAL.search(developer):
        draft.skip(row, tr("{name}: several developers, or none", name=developer or model))
        return
    if place == "台湾":
        draft.skip(row, tr("{name}: outside of the list's mainland, Hong Kong and Macao", name=developer))
        return
    class_ = next((name for name, pattern in _CLASSES if pattern.search(developer)), "Company")
    names = [Name(_romanised(developer)), Name(developer, "zh")]
    if draft.held("actor", developer, [names[1]], {}, _ACTORS):
        draft.skip(row, tr("{name}: known from elsewhere", name=developer))
        return
    actor = draft.entity(class_, developer, names, source, among=_ACTORS)
    locator = f"{row.get('序号')} {developer}"
    if place:
        city = _PROVINCES.sub("", place)
        where = draft.entity("Place", city, [Name(_romanised(city).replace(" ", "").capitalize()), Name(city, "zh")],
                             source)  # fmt: skip
        draft.statement("Seat", actor, f"{developer} {city}", {"organisation": actor, "place": where}, source, locator)
    made = draft.entity("Model", f"{developer}: {model}", [Name(_romanised(model)), Name(model, "zh")], source)
    draft.statement(
        "Development", made, f"{developer}: {model}", {"developed": made, "developer": actor}, source, locator
    )


def _romanised(name: str) -> str:
    try:
        from pypinyin import lazy_pinyin
    except ImportError as error:
        raise SettingsError(tr("Chinese names cannot be romanised"), "pip install 'ctkg[import]'") from error
    return " ".join(word.strip().capitalize() if word.islower() else word.strip() for word in lazy_pinyin(name))


IMPORTER = Importer(
    Publication(
        "awesome-LLMs-In-China",
        "wgwang",
        "https://www.apache.org/licenses/LICENSE-2.0",
        "https://github.com/wgwang/awesome-LLMs-In-China",
    ),
    ("序号", "公司", "大模型", "省市"),
    ("公司", "大模型", "链接"),
    _draft_row,
)
