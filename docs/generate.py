"""Write what says again what the code and the ontology say, the pages of ``docs/`` and the JSON-LD context:
run it after changing either.

    python docs/generate.py

``tests/test_docs.py`` fails where a page has drifted.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode
from rich.console import Console

from ctkg.analyses import ANALYSES, ownership
from ctkg.catalog import THEMES, open_catalog
from ctkg.cli import COMMANDS, main
from ctkg.cli.terminal import print_table
from ctkg.graph import KnowledgeGraph
from ctkg.namespaces import CTKG, PREFIXES, curie, slug
from ctkg.queries import load_queries
from ctkg.settings import settings
from ctkg.terms import Rules, read_rules
from ctkg.turtle import parse

DOCS = Path(__file__).parent
RDFS, OWL, SKOS, SH = (PREFIXES[name] for name in ("rdfs", "owl", "skos", "sh"))


class Term(NamedTuple):
    """What the ontology says of a class, property or concept."""

    iri: str
    values: dict[str, list[NamedNode | Literal]]

    def text(self, property_: str, language: str = "en") -> str:
        return next((v.value for v in self.values.get(property_, []) if getattr(v, "language", None) == language), "")

    def names(self, property_: str) -> list[str]:
        return [curie(v.value) for v in self.values.get(property_, []) if isinstance(v, NamedNode)]

    def is_a(self, class_: str) -> bool:
        return any(v.value == class_ for v in self.values.get(f"{PREFIXES['rdf']}type", []))

    @property
    def labels(self) -> str:
        return f"{self.text(f'{RDFS}label')} · {self.text(f'{RDFS}label', 'zh')}"


def ontology() -> dict[str, dict[str, Term]]:
    """File stem → IRI → term."""
    files: dict[str, dict[str, Term]] = {}
    for path in open_catalog(settings()).ontology:
        terms = files.setdefault(path.stem, {})
        for triple in parse(path):
            if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal):
                term = terms.setdefault(triple.subject.value, Term(triple.subject.value, {}))
                term.values.setdefault(triple.predicate.value, []).append(triple.object)
    return files


def data_model() -> str:
    """Classes, properties and concepts by theme."""
    files = ontology()
    asked = read_rules(open_catalog(settings()))
    lines = [
        "# Data model", "",
        "Generated from `ontology/`. Three kinds of node: **entities** (what exists), **statements** (what somebody",
        "reported, dated and sourced) and **sources** (who said it, where, when). A **dispute** groups statements that",
        "cannot all be right. See [contributing](../CONTRIBUTING.md) for how to write them, and",
        "[decisions](decisions/) for why they are so.", "",
    ]  # fmt: skip
    for stem in ("ctkg", *THEMES):
        terms = sorted((t for t in files.get(stem, {}).values() if t.iri.startswith(CTKG)), key=lambda t: t.iri)
        classes = [t for t in terms if t.is_a(f"{OWL}Class")]
        properties = [t for t in terms if t.is_a(f"{OWL}ObjectProperty") or t.is_a(f"{OWL}DatatypeProperty")]
        lines += [f"## {stem}", ""]
        lines += diagram(classes, asked)
        for kind, things, beside in (("class", classes, "subClassOf"), ("property", properties, "domain")):
            if things:
                lines += [
                    f"| {kind} | | {'below' if beside == 'subClassOf' else 'of'} | definition |",
                    "|---|---|---|---|",
                ]
                lines += [
                    f"| `{curie(t.iri)}` | {t.labels} | {', '.join(f'`{n}`' for n in t.names(f'{RDFS}{beside}'))} "
                    f"| {t.text(f'{SKOS}definition')}<br>{t.text(f'{SKOS}definition', 'zh')} |"
                    for t in things
                ]
                lines.append("")
        rules = [rule for t in classes for rule in asked.rules.get(t.iri, ())]
        if rules:
            lines += [
                "What the shapes ask of whole statements and entities (those of single properties: `ctkg ontology TERM`):",
                "",
            ]
            lines += [f"- `{r.shape}` ({r.severity}): {r.message['en']} {r.message['zh']}" for r in rules]
            lines.append("")
    lines += ["## Concepts", ""]
    for path in sorted((Path(settings().ontology) / "vocabularies").glob("*.ttl")):
        concepts = [t for t in files[path.stem].values() if t.is_a(f"{SKOS}Concept")]
        scheme = next(t for t in files[path.stem].values() if t.is_a(f"{SKOS}ConceptScheme"))
        lines += [f"### {scheme.labels}", "", "| concept | | definition |", "|---|---|---|"]
        lines += [
            f"| `{curie(t.iri)}` | {t.labels} | {t.text(f'{SKOS}definition')}<br>{t.text(f'{SKOS}definition', 'zh')} |"
            for t in concepts
        ]
        lines.append("")
    return "\n".join(lines)


def diagram(classes: list[Term], asked: Rules) -> list[str]:
    """The classes of a theme, what they are kinds of, and what they point to, as a Mermaid diagram."""
    edges: list[str] = []
    for term in classes:
        name = slug(term.iri)
        edges += [
            f"  {slug(above)} <|-- {name}" for above in term.names(f"{RDFS}subClassOf") if above.startswith("ctkg:")
        ]
        edges += [
            f"  {name} --> {slug(class_)} : {slug(path)}"
            for path, class_ in sorted(asked.points_to.get(term.iri, set()))
            if class_.startswith(CTKG)
            and slug(path) not in ("isReplacedBy", "keptApartFrom", "wasDerivedFrom", "supersedes")  # all have them
        ]
    return ["```mermaid", "classDiagram", *(edge.replace("ctkg:", "") for edge in edges), "```", ""] if edges else []


def queries() -> str:
    """The stored queries by theme."""
    found = load_queries(open_catalog(settings()).questions)
    lines = [
        "# Stored queries", "",
        "Generated from `queries/questions/`. Run one with `ctkg query NAME`, or ask a [server](http.md#stored-queries) at",
        "`/queries/NAME`; every file also runs as it stands in any SPARQL tool. `CQ-nn` is the competency question that it",
        "answers. Networks, from `queries/views/`, are listed in [graph views](views.md); what is computed on them in",
        "[analyses](analyses.md).", "",
    ]  # fmt: skip
    for theme in THEMES:
        here = [query for query in found.values() if query.theme == theme]
        lines += [f"## {theme}", ""] if here else []
        for query in here:
            lines += [
                f"### {query.name}",
                "",
                f"{query.summary['en']} · {query.summary['zh']} ({query.question})",
                "",
            ]
            lines += [query.description["en"], "", query.description["zh"], ""]
            lines += [
                f"- `--{p.name.replace('_', '-')}` ({(p.class_ or p.type).removeprefix('ctkg:')}): "
                f"{p.description['en']}"
                for p in query.params
            ]
            lines += ["", "Columns: " + ", ".join(f"`{c.name}` ({c.type})" for c in query.columns), ""]
    return "\n".join(lines)


def checks() -> str:
    """What ``ctkg validate`` looks for beyond the shapes."""
    lines = [
        "# Checks", "",
        "Generated from `queries/checks/`. `ctkg validate` runs them after syntax, layout and the shapes of",
        "`ontology/shapes/`. Violations fail, warnings do not.", "",
    ]  # fmt: skip
    for path in open_catalog(settings()).checks:
        header = dict(
            line[2:].strip().split(": ", 1)
            for line in path.read_text(encoding="utf-8").splitlines()
            if line.startswith("#+")
        )
        lines += [f"## {path.stem} ({header['severity']})", ""]
        for language in ("", "-zh"):
            problem = header[f"problem{language}"].replace("{?", "*").replace("}", "*")
            lines += [f"{problem}. {header[f'solution{language}']}.".replace("。.", "。"), ""]
    return "\n".join(lines + TEXTS)


TEXTS = [
    "## Texts that mislead the eye", "",
    "What a reviewer sees must be what the graph says. `src/ctkg/text_faults.py` looks at every text, and at comments.", "",
    "- `steering-character` (violation): control characters, and those that turn the direction of text around",
    "  (U+202A–202E, U+2066–2069): a line with them is read in another order than it is shown. 控制字符与双向文本控制符.",
    "- `invisible-character` (warning): such as U+200B and U+00AD; two names that differ by it look the same. 不可见字符.",
    "- `look-alike` (warning): a word that mixes Latin with Cyrillic, Greek capitals or full-width letters (`Аlibaba` with",
    "  a Cyrillic А), and Kangxi radicals for ideographs. `AI芯片`, `μm` and accents are fine. 形近字符.",
    "- `not-nfc` (warning): letters written in pieces. The formatter does not compose them: it changes no value. 非 NFC.", "",
    "## What no command reads", "",
    "An error with its place, and nothing half-written: a text of more than 16 MiB; numbers with an exponent or more than",
    "30 digits; blank nodes and triples within triples; links to folders, pipes and devices; files outside the layout;",
    "queries with brackets more than 200 deep or more than 1,000 steps, with `SERVICE`, or that update. A byte order mark",
    "and Windows line ends are read, and removed by `ctkg format`. Whatever a terminal would obey is shown as an escape",
    "(`\\x1b`); CSV, TSV, JSON and RDF keep values as they are.", "",
]  # fmt: skip


def analyses() -> str:
    """Every analysis with its formula, meaning and limits."""
    lines = [
        "# Analyses", "",
        "Generated from `src/ctkg/analyses/`. Run one with `ctkg analyse NAME`, or `KnowledgeGraph.analyse`. Every answer",
        "ends with the graph that it ran on, what it means and what it cannot know; every row cites its sources. All take",
        "`--as-of` and `--known-at`. Certain and possible: [how unknown dates are read](decisions/0003-time.md).", "",
    ]  # fmt: skip
    for analysis in ANALYSES.values():
        lines += [f"## {analysis.name}", "", f"{analysis.summary['en']} · {analysis.summary['zh']}", ""]
        lines += [_markdown(sys.modules[analysis.run.__module__]), ""]
        lines += [f"**Meaning.** {analysis.meaning['en']}", "", analysis.meaning["zh"], ""]
        lines += [f"**Limits.** {analysis.limits['en']}", "", analysis.limits["zh"], ""]
        lines += [
            f"- `--{p.name.replace('_', '-')}` ({(p.class_ or p.type).removeprefix('ctkg:')}"
            f"{', required' if p.name in analysis.required else ''}"
            f"{f', default {p.default}' if p.default != 'UNDEF' else ''}): {p.description['en']}"
            for p in analysis.params
        ]
        lines += ["", "Columns: " + ", ".join(f"`{c.name}` ({c.type})" for c in analysis.columns), ""]
    return "\n".join([*lines, "## The 50 % rule", "", _markdown(ownership), ""])


def _markdown(module: ModuleType) -> str:
    """A docstring without its first line, which the summary says again."""
    text = (module.__doc__ or "").strip().partition("\n\n")[2] or (module.__doc__ or "").strip()
    return text.replace("``", "`").replace("::\n", ":\n")


def cli() -> str:
    """``--help`` of every command."""
    lines = ["# Command line", "", "Generated from `ctkg --help`.", ""]
    for words in ([], *([command] for command in COMMANDS)):
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.suppress(SystemExit):
            main([*words, "--help"])
        lines += [f"## {' '.join(['ctkg', *words])}", "", "```text", out.getvalue().rstrip(), "```", ""]
    return "\n".join(lines)


def context() -> str:
    """The JSON-LD context: the prefixes of Turtle, and how the values of each property are written.

    A property stands under its CURIE, since ``actor`` and its like are prefixes already. Links are plain strings,
    texts in languages are ``{"en": …, "zh": …}``, dates of one datatype are plain strings; integers, booleans and
    plain strings need no entry. What may have one of several datatypes says so with ``@value`` and ``@type``.
    """
    shapes = [triple for path in open_catalog(settings()).shapes for triple in parse(path)]
    paths = {t.subject: t.object.value for t in shapes if t.predicate.value == f"{SH}path"}  # type: ignore[union-attr]
    tagged = {paths[t.subject] for t in shapes if t.predicate.value == f"{SH}languageIn" and t.subject in paths}
    links = {paths[t.subject] for t in shapes if t.predicate.value == f"{SH}nodeKind" and t.subject in paths}
    links |= {f"{CTKG}sought"}  # whose values are classes, so that it is an annotation
    datatypes: dict[str, set[str]] = {}
    for triple in shapes:
        if triple.predicate.value == f"{SH}datatype" and triple.subject in paths:
            datatypes.setdefault(paths[triple.subject], set()).add(curie(triple.object.value))  # type: ignore[union-attr]
    terms = [term for terms in ontology().values() for term in terms.values()]
    links |= {term.iri for term in terms if term.is_a(f"{OWL}ObjectProperty")}
    entries: dict[str, object] = {}
    for iri in sorted({*paths.values(), *links}, key=curie):
        types = datatypes.get(iri, set())
        if iri in links:
            entries[curie(iri)] = {"@id": curie(iri), "@type": "@id"}
        elif iri in tagged or types == {"rdf:langString"}:
            entries[curie(iri)] = {"@id": curie(iri), "@container": "@language"}
        elif len(types) == 1 and types <= {"xsd:date", "xsd:anyURI"}:
            entries[curie(iri)] = {"@id": curie(iri), "@type": next(iter(types))}
    return json.dumps({"@context": {"@version": 1.1, **PREFIXES, **entries}}, indent=2)


PAGES = {
    "model.md": data_model,
    "queries.md": queries,
    "checks.md": checks,
    "analyses.md": analyses,
    "cli.md": cli,
    "../ontology/context.jsonld": context,
}


def pages() -> dict[str, str]:
    """File name → text of every generated page."""
    os.environ.update(COLUMNS="100", CTKG_LANG="en", NO_COLOR="1")
    return {name: write().rstrip() + "\n" for name, write in PAGES.items()}


def picture() -> str:
    """The answer of the README's first command as a terminal shows it, as SVG."""
    table = KnowledgeGraph.open().query("investors-of", investee="moonshot-ai")
    console = Console(record=True, width=150, file=io.StringIO(), force_terminal=True)
    print_table(table, console)
    return console.export_svg(title="ctkg query investors-of --investee moonshot-ai", unique_id="investors-of")


if __name__ == "__main__":
    for name, text in pages().items():
        (DOCS / name).write_text(text, encoding="utf-8")
        sys.stderr.write(f"{(DOCS / name).resolve().relative_to(DOCS.parent)}\n")
    (DOCS / "images" / "investors-of.svg").write_text(picture(), encoding="utf-8")
    main(["view", "investments", "--ego", "moonshot-ai", "--possible", "-o", str(DOCS / "images" / "moonshot-ai.svg")])
