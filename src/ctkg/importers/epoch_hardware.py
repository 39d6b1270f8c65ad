"""Epoch AI, Data on Machine Learning Hardware: the rows of Chinese designers."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode

from ctkg.importers.draft import Draft, Name, Publication, Term, Values, address, decimal, double, integer, text
from ctkg.importers.epoch_names import day_or_year
from ctkg.importers.run import Importer
from ctkg.importers.upstream import Row
from ctkg.messages import tr
from ctkg.namespaces import CTKG, ID

__all__ = ["IMPORTER"]

_DESIGNERS = {
    "Alibaba": "alibaba",
    "Biren": "biren",
    "Cambricon": "cambricon",
    "Huawei": "huawei",
    "Hygon": "hygon",
    "Iluvatar CoreX": "iluvatar-corex",
    "Kunlunxin Baidu": "kunlunxin",
    "MetaX": "metax",
    "Moore Threads (Tencent)": "moore-threads",
}
"""Manufacturers that we hold, as the table writes them; others are matched by name or new."""
_FORMATS = {
    "Tensor-FP16/BF16 performance (FLOP/s)": "SixteenBitFloat",
    "FP8 performance (FLOP/s)": "FP8",
    "FP4 performance (FLOP/s)": "FP4",
    "FP64 (double precision) performance (FLOP/s)": "FP64",
    "FP32 (single precision) performance (FLOP/s)": "FP32",
    "TF32 (TensorFloat-32) performance (FLOP/s)": "TF32",
    "FP16 (half precision) performance (FLOP/s)": "FP16",
    "INT16 performance (OP/s)": "INT16",
    "INT8 performance (OP/s)": "INT8",
    "INT4 performance (OP/s)": "INT4",
}
_LEFT_OUT = {
    "Huawei Ascend 920": "rests on a rumour",
    "Huawei Ascend 800T A2": "a server, not a chip",
    "Cambricon MLU370-S4/S8": "two cards that have rows of their own",
    "Huawei Ascend 910B1 (v2)": "the same chip as (v1), with less said of it",
}
_IMPLAUSIBLE = {"MetaX MXC500 (PCIe)": "Memory bandwidth (byte/s)", "MetaX MXC500 (OAM)": "Memory bandwidth (byte/s)"}
"""Cells that cannot be right: 18 terabytes a second, five times what any other released chip of the table has."""
_MAKERS = frozenset({"Company", "University", "ResearchLab"})


def _draft_row(row: Row, source: NamedNode, draft: Draft) -> None:
    name = row.get("Hardware name")
    if reason := _LEFT_OUT.get(name):
        draft.skip(row, tr(reason))
        return
    maker, chip = row.get("Manufacturer"), draft.entity("Chip", name, list(_names(row)), source)
    if maker in _DESIGNERS:
        designer = NamedNode(f"{ID}actor/{_DESIGNERS[maker]}")
    else:
        designer = draft.entity("University" if "Universit" in maker else "Company", maker, [Name(maker)], source,
                                among=_MAKERS)  # fmt: skip
    link = address(row.get("Link to datasheet"))
    draft.statement(
        "Development", chip, name, {"developed": chip, "developer": designer, "reference": link}, source, name
    )
    if row.get("Release date"):
        draft.statement(
            "Release", chip, name, {"released": chip, "date": day_or_year(row.get("Release date"))}, source, name
        )
    process = _process(row)
    foundries = [foundry for foundry in row.get("Foundry").split(",") if foundry]
    for foundry in foundries:
        fabricator = draft.entity("Company", foundry, [Name(foundry)], source, among=_MAKERS)
        values: Values = {"fabricated": chip, "fabricator": fabricator, "process": process}
        draft.statement("Fabrication", chip, f"{name} by {foundry}", values, source, name)
    _specification(row, chip, None if foundries else process, source, draft)
    for column, number_format in _FORMATS.items():
        if row.get(column):
            values = {
                "specified": chip,
                "numberFormat": NamedNode(CTKG + number_format),
                "operationsPerSecond": double(row.get(column)),
            }
            draft.statement("ChipPerformance", chip, f"{name} in {number_format}", values, source, f"{name}; {column}")


def _names(row: Row) -> Iterator[Name]:
    """Without the designer's name, as people say it, and as the table has it."""
    name = row.get("Hardware name")
    for word in ("Huawei ", "Cambricon ", "Biren ", "MetaX ", "Baidu ", "T-Head ", "Tianshu Zhixin "):
        if name.startswith(word):
            yield Name(name.removeprefix(word))
    yield Name(name)


def _process(row: Row) -> Term | None:
    size = row.get("Process size (nm)")
    return text(f"{float(size):g} nm", "en") if size else None


def _specification(row: Row, chip: NamedNode, process: Term | None, source: NamedNode, draft: Draft) -> None:
    name = row.get("Hardware name")

    def cell(column: str) -> str:
        return "" if _IMPLAUSIBLE.get(name) == column else row.get(column)

    memory, bandwidth = cell("Memory (bytes)"), cell("Memory bandwidth (byte/s)")
    power, area = cell("TDP (W)"), cell("Die Size (mm^2)")
    values: Values = {
        "memoryCapacity": integer(memory) if memory else None,
        "memoryBandwidth": integer(bandwidth) if bandwidth else None,
        "thermalDesignPower": decimal(power) if power else None,
        "dieArea": decimal(area) if area else None,
        "process": process,
    }
    if any(values.values()):
        draft.statement("ChipSpecification", chip, name, {"specified": chip, **values}, source, name)


IMPORTER = Importer(
    Publication(
        "Data on Machine Learning Hardware",
        "Epoch AI",
        "https://creativecommons.org/licenses/by/4.0/",
        "https://epoch.ai/data/machine-learning-hardware",
    ),
    ("Hardware name", "Manufacturer", "Release date", "Memory (bytes)", "Memory bandwidth (byte/s)", "TDP (W)",
     "Foundry", "Process size (nm)", "Die Size (mm^2)", "Link to datasheet", *_FORMATS),
    ("Hardware name",),
    _draft_row,
)  # fmt: skip
