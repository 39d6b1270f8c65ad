"""How to read Epoch AI's tables: the class of an organisation and the family of a model by name, and the days."""

from __future__ import annotations

import re

from pyoxigraph import Literal

from ctkg.importers.draft import day

__all__ = ["FAMILIES", "class_of_organisation", "day_or_year"]

_LABS = {
    "DeepMind", "EleutherAI", "Facebook AI", "FlagAlpha", "IDEA CCNL", "Meta AI", "Panasonic R&D",
    "OpenBMB (Open Lab for Big Model Base)", "RWKV Foundation", "WeChat AI", "OPPO HealthLab",
    "Hefei Comprehensive National Science Center",
    "CIFAR AI Research", "Mila - Quebec AI (originally Montreal Institute for Learning Algorithms)",
}  # fmt: skip
"""Laboratories and research collectives whose names do not say so."""
_GOVERNMENT = re.compile(r"Ministry\b|Singapore Agency for Science$")
_RESEARCH = re.compile(r"Hospital|Medical Center|Research Inst|Laborator|\bLab\b|Academy\b|\bResearch\b", re.IGNORECASE)
_UNIVERSITY = re.compile(
    r"[Uu]niversit|\bInstitute of (?:Science and )?Technology|Technological Institute|Polytechni|\bCollege\b|\bETH\b"
    r"|\bHEC\b|Texas A&M|UC Davis|Medical School"
)
_INSTITUTE = re.compile(r"Institut|\bCent(?:er|re)\b|Harvard Data Science Initiative", re.IGNORECASE)

FAMILIES = tuple(
    (re.compile(pattern), developer, family)
    for pattern, developer, family in (
        (r"360Zhinao", "qihoo-360", "360zhinao"),
        (r"Baichuan", "baichuan", "baichuan-models"),
        (r"DeepSeek-R1\b", "deepseek", "deepseek-r1-series"),
        (r"DeepSeek-V\d", "deepseek", "deepseek-v"),
        (r"Doubao\b", "bytedance", "doubao"),
        (r"(?i:ERNIE)\b", "baidu", "ernie"),
        (r"(?:Chat)?GLM\b|ChatGLM\d", "zhipu-ai", "glm"),
        (r"GLM\b", "tsinghua-university", "glm"),
        (r"Hunyuan", "tencent", "hunyuan"),
        (r"InternLM", "shanghai-ai-lab", "internlm"),
        (r"InternVL", "shanghai-ai-lab", "internvl"),
        (r"Kimi\b", "moonshot-ai", "kimi"),
        (r"MiniMax-(?:M\d|Text|VL)", "minimax", "minimax-models"),
        (r"(?i:PanGu)\b", "huawei", "pangu"),
        (r"(?i:PanGu)\b", "huawei-noahs-ark-lab", "pangu"),
        (r"Qwen2\.5\b", "alibaba", "qwen2-5"),
        (r"Qwen3\.5\b", "alibaba", "qwen3-5"),
        (r"Qwen3\b(?!\.)", "alibaba", "qwen3"),
        (r"Qwen|QwQ|QVQ|Tongyi Qianwen", "alibaba", "qwen"),
        (r"SenseNova", "sensetime", "sensenova"),
        (r"Skywork", "kunlun-tech", "skywork"),
        (r"Spark\b", "iflytek", "spark"),
        (r"Step-\d", "stepfun", "step"),
        (r"(?i:TeleChat)", "china-telecom", "telechat"),
        (r"(?i:YaYi)\b", "wenge", "yayi"),
        (r"Yi-1\.5\b", "01-ai", "yi-1-5"),
        (r"Yi[ -]", "01-ai", "yi"),
    )
)
"""How names in a family begin, who develops it, and the slug of the family."""


def class_of_organisation(name: str) -> str:
    """The class of an organisation by its name, without its namespace; what nothing tells is a company.

    >>> class_of_organisation("Harbin Institute of Technology"), class_of_organisation("Huawei Noah's Ark Lab")
    ('University', 'ResearchLab')
    """
    if _GOVERNMENT.match(name):
        return "GovernmentBody"
    if name.startswith("University of "):
        return "University"
    if name in _LABS or _RESEARCH.search(name):
        return "ResearchLab"
    if _UNIVERSITY.search(name):
        return "University"
    return "ResearchLab" if _INSTITUTE.search(name) else "Company"


def day_or_year(cell: str) -> Literal:
    """The day of a cell; of the first of January the year alone.

    A table with a column for days only writes so a year whose day is not known.
    """
    return day(cell.removesuffix("-01-01"))
