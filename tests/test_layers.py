"""The five floors: imports go down only."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "ctkg"

FLOORS = {
    0: {"errors", "namespaces", "settings", "messages", "messages_zh", "visible"},
    1: {
        "amounts", "dates", "endpoint", "findings", "formatting", "formatting_many", "name_keys", "paging", "rdf_forms", "results",
        "sparql",
        "turtle", "turtle_layout", "turtle_order",
    },
    2: {
        "answers", "backend", "build", "catalog", "checks", "citations", "derive", "dumps", "fields", "homes", "layout",
        "graph_store", "names", "ontology", "places", "shapes", "queries", "rdflib_dataset", "remote",
        "search_names", "snapshot",
        "snapshot_folder", "snapshot_writer", "text_faults", "twins", "values",
    },
    3: {
        "analyses", "describe", "executables", "export", "importers", "publish", "rdf_card", "search", "skeleton", "terms", "validate", "views",
    },
    4: {"cli", "graph", "http"},
}  # fmt: skip
FLOOR_OF = {name: floor for floor, names in FLOORS.items() for name in names}


def modules() -> dict[str, Path]:
    return {
        ".".join(path.relative_to(SOURCE).with_suffix("").parts): path
        for path in sorted(SOURCE.rglob("*.py"))
        if path != SOURCE / "__init__.py"
    }


def imports(path: Path) -> set[str]:
    """The ctkg modules that a file imports, those in functions included."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("ctkg."):
            found.add(node.module.removeprefix("ctkg."))
        elif isinstance(node, ast.Import):
            found |= {alias.name.removeprefix("ctkg.") for alias in node.names if alias.name.startswith("ctkg.")}
    return found


def top(module: str) -> str:
    return module.split(".")[0]


def test_every_module_has_a_floor() -> None:
    assert {top(name) for name in modules()} == set(FLOOR_OF)


@pytest.mark.parametrize("module", modules())
def test_imports_go_down_or_sideways(module: str) -> None:
    above = {imported for imported in imports(modules()[module]) if FLOOR_OF[top(imported)] > FLOOR_OF[top(module)]}
    # the Python door hands out what floor 3 makes, and is itself what the command line opens
    assert not above


def test_uses_do_not_import_each_other() -> None:
    for module, path in modules().items():
        if FLOOR_OF[top(module)] == 3:
            allowed = {"analyses": {"views"}}.get(top(module), set())  # an analysis runs on a view
            others = {top(name) for name in imports(path)} & FLOORS[3] - {top(module)} - allowed
            assert not others, module


def test_imports_form_no_circle() -> None:
    graph = {name: imports(path) - {name} for name, path in modules().items()}
    for name in list(graph):
        if name.endswith("__init__"):
            graph[name.removesuffix(".__init__")] = graph.pop(name)
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " → ".join((*trail, name))
        if name not in done:
            for imported in sorted(graph.get(name, ())):
                visit(imported, (*trail, name))
            done.add(name)

    for name in sorted(graph):
        visit(name, ())
