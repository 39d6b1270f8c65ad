"""What is published, told in the vocabularies of catalogues: VoID and DCAT.

Everything comes from the datasets' cards and from counting; what no card speaks
of, the whole and the derived graph, is described here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from ctkg.backend import Backend
from ctkg.dumps import Dumps
from ctkg.namespaces import CTKG, DERIVED_GRAPH, ID, ONTOLOGY_GRAPH, PREFIXES

__all__ = ["GRAPH_FORMS", "WHOLE", "WHOLE_FORMS", "Counts", "Published", "catalogue", "publications"]

WHOLE = "https://w3id.org/ctkg/dataset"
"""The dataset that holds all others."""
GRAPH_FORMS = {"nt": "application/n-triples", "ttl": "text/turtle"}
WHOLE_FORMS = {"nq": "application/n-quads", "trig": "application/trig"}
"""File ending → media type, of the dumps of one graph and of the whole."""

_CC_BY = "https://creativecommons.org/licenses/by/4.0/"
_US = "ctkg contributors"
_IANA = "https://www.iana.org/assignments/media-types/"
_OURS = {
    WHOLE: (
        {
            "en": "ctkg: the open knowledge graph of China's AI ecosystem",
            "zh": "ctkg：中国人工智能生态开放知识图谱",
        },
        {
            "en": "All datasets of ctkg, the ontology, and what follows from them, each a named graph. "
            "Each imported dataset has a licence of its own, which goes with it.",
            "zh": "ctkg 的全部数据集、本体及由其推导的内容，各为一个命名图。"
            "每个导入的数据集自有其许可，随数据一并适用。",
        },
    ),
    DERIVED_GRAPH: (
        {"en": "ctkg: what follows from the other datasets", "zh": "ctkg：由其他数据集推导的内容"},
        {
            "en": "Made by the build: classes that stand above, bounds of dates and sums, what is current, links.",
            "zh": "由构建程序生成：上位类、日期与金额的上下界、现行与否、直接连线。",
        },
    ),
}


class Counts(NamedTuple):
    """What a graph holds: numbers of triples and subjects; IRIs of classes and properties; an example."""

    triples: int
    subjects: int
    classes: frozenset[str]
    properties: frozenset[str]
    example: str | None


class Published(NamedTuple):
    """One dataset as it is given away; ``sizes`` is dump → bytes, where that is known before it is made."""

    name: str
    iri: str
    title: dict[str, str]
    description: dict[str, str]
    publisher: str
    licences: tuple[str, ...]
    modified: str
    citation: str | None
    counts: Counts
    sizes: dict[str, int | None]


def publications(backend: Backend, dumps: Dumps, data_date: str) -> list[Published]:
    """The whole first, then each of its datasets, the ontology and the derived graph."""
    counts = _counts(backend)
    cards = _cards(backend)
    parts = []
    for name in dumps.content:
        iri = dumps.graph(name)
        card = cards.get(iri, {})
        title, description = _OURS.get(iri) or (_texts(card, "title"), _texts(card, "description"))
        parts.append(
            Published(
                name,
                iri,
                title or {"en": name},
                description,
                _first(card, "publisher") or _first(card, "creator") or _US,
                tuple(sorted(card.get("license", {}).values())) or (_CC_BY,),
                _first(card, "modified") or data_date,
                _first(card, "bibliographicCitation"),
                counts.get(iri, Counts(0, 0, frozenset(), frozenset(), None)),
                {f"{name}.nt": len(dumps.content[name]), f"{name}.ttl": None},
            )
        )
    subjects = backend.select("SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }")
    whole = Counts(
        sum(part.counts.triples for part in parts),
        int(subjects[0][0].value),
        frozenset().union(*(part.counts.classes for part in parts)),
        frozenset().union(*(part.counts.properties for part in parts)),
        next((part.counts.example for part in parts if part.name == "curated"), None),
    )
    named = sum(len(dumps.content[part.name]) + part.counts.triples * (len(part.iri) + 3) for part in parts)
    return [
        Published(
            "ctkg", WHOLE, *_OURS[WHOLE], _US,
            tuple(sorted({licence for part in parts for licence in part.licences})),
            max(part.modified for part in parts), None, whole, {"ctkg.nq": named, "ctkg.trig": None},
        ),
        *sorted(parts, key=_order),
    ]  # fmt: skip


def _order(part: Published) -> tuple[bool, bool, str]:
    """What people wrote, what was imported, and at last the means."""
    return part.name != "curated", part.iri in (ONTOLOGY_GRAPH, DERIVED_GRAPH), part.name


def _counts(backend: Backend) -> dict[str, Counts]:
    sizes = backend.select(
        "SELECT ?g (COUNT(*) AS ?t) (COUNT(DISTINCT ?s) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
    )
    classes = _by_graph(backend, "?s a ?x")
    properties = _by_graph(backend, "?s ?x ?o")
    examples = {
        row[0].value: row[1].value
        for row in backend.select(
            f"""SELECT ?g (MIN(STR(?s)) AS ?e) {{ GRAPH ?g {{ ?s a ?class }}
              FILTER(STRSTARTS(STR(?s), "{ID}") && !STRSTARTS(STR(?s), "{ID}dataset/") || STRSTARTS(STR(?s), "{CTKG}"))
            }} GROUP BY ?g"""
        )
    }
    return {
        graph.value: Counts(
            int(triples.value),
            int(subjects.value),
            frozenset(classes[graph.value]),
            frozenset(properties[graph.value]),
            examples.get(graph.value),
        )
        for graph, triples, subjects in sizes
    }


def _by_graph(backend: Backend, pattern: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for graph, term in backend.select(f"SELECT DISTINCT ?g ?x {{ GRAPH ?g {{ {pattern} }} FILTER(ISIRI(?x)) }}"):
        found[graph.value].add(term.value)
    return found


_Card = dict[str, dict[str, str]]  # property → language, or order → text


def _cards(backend: Backend) -> dict[str, _Card]:
    rows = backend.select(
        f"""SELECT DISTINCT ?d ?p ?o {{ GRAPH ?d {{ ?d ?p ?o }}
          FILTER(STRSTARTS(STR(?p), "{PREFIXES["dcterms"]}")) }} ORDER BY ?d ?p ?o"""
    )
    found: dict[str, _Card] = {}
    for dataset, predicate, value in rows:
        texts = found.setdefault(dataset.value, {}).setdefault(predicate.value.removeprefix(PREFIXES["dcterms"]), {})
        texts[getattr(value, "language", None) or str(len(texts))] = value.value
    return found


def _texts(card: _Card, name: str) -> dict[str, str]:
    return {language: text for language, text in card.get(name, {}).items() if not language.isdigit()}


def _first(card: _Card, name: str) -> str | None:
    texts = card.get(name, {})
    return texts.get("en") or next(iter(texts.values()), None)


def catalogue(published: list[Published], base: str) -> list[Triple]:
    """The description in VoID and DCAT; ``base`` is the address of the server that gives the data away."""
    return [triple for part in published for triple in _described(part, published, base)]


def _described(part: Published, published: list[Published], base: str) -> Iterator[Triple]:
    tell = _Teller(part.iri)
    whole = part.iri == WHOLE
    yield from tell("rdf:type", *_iris("dcat:Catalog" if whole else "dcat:Dataset", "void:Dataset", "schema:Dataset"))
    yield from tell("dcterms:title", *(Literal(text, language=code) for code, text in part.title.items()))
    yield from tell("dcterms:description", *(Literal(text, language=code) for code, text in part.description.items()))
    agent = NamedNode(f"{WHOLE}#publisher-of-{part.name}")
    yield from tell("dcterms:publisher", agent)
    yield from tell("dcterms:license", *map(NamedNode, part.licences))
    yield from tell("dcterms:modified", _date(part.modified))
    if part.citation:
        yield from tell("dcterms:bibliographicCitation", Literal(part.citation, language="en"))
    yield from tell("dcat:landingPage", NamedNode(f"{base}dataset"))
    yield from tell("void:sparqlEndpoint", NamedNode(f"{base}sparql"))
    yield from tell("void:uriSpace", Literal(ID)) if part.iri != ONTOLOGY_GRAPH else ()
    yield from tell("void:triples", _number(part.counts.triples))
    yield from tell("void:distinctSubjects", _number(part.counts.subjects))
    yield from tell("void:classes", _number(len(part.counts.classes)))
    yield from tell("void:properties", _number(len(part.counts.properties)))
    yield from tell("void:vocabulary", *map(NamedNode, _vocabularies(part.counts)))
    if part.counts.example:
        yield from tell("void:exampleResource", NamedNode(part.counts.example))
    files = {name: NamedNode(f"{base}dumps/{name}") for name in part.sizes}
    yield from tell("void:dataDump", *files.values())
    yield from tell("dcat:distribution", *files.values())
    if whole:
        others = [NamedNode(other.iri) for other in published if other.iri != WHOLE]
        yield from tell("void:subset", *others)
        yield from tell("dcat:dataset", *others)
        yield from tell("dcat:service", NamedNode(f"{base}sparql"))
        yield from tell("foaf:homepage", NamedNode(base))
    yield from _Teller(agent.value)("rdf:type", *_iris("foaf:Agent"))
    yield from _Teller(agent.value)("foaf:name", Literal(part.publisher))
    for name, file in files.items():
        yield from _file(part, name, file)
    if whole:
        yield from _service(base)


def _file(part: Published, name: str, file: NamedNode) -> Iterator[Triple]:
    tell = _Teller(file.value)
    yield from tell("rdf:type", *_iris("dcat:Distribution"))
    yield from tell("dcterms:title", Literal(name))
    yield from tell("dcterms:license", *map(NamedNode, part.licences))
    yield from tell("dcat:downloadURL", file)
    kind = {**GRAPH_FORMS, **WHOLE_FORMS}[name.rpartition(".")[2]]
    yield from tell("dcat:mediaType", NamedNode(_IANA + kind))
    size = part.sizes[name]
    if size is not None:
        yield from tell("dcat:byteSize", Literal(str(size), datatype=_iris("xsd:nonNegativeInteger")[0]))


def _service(base: str) -> Iterator[Triple]:
    tell = _Teller(f"{base}sparql")
    yield from tell("rdf:type", *_iris("dcat:DataService"))
    yield from tell("dcterms:title", Literal("SPARQL"))
    yield from tell("dcat:endpointURL", NamedNode(f"{base}sparql"))
    yield from tell("dcat:servesDataset", NamedNode(WHOLE))
    yield from tell("dcterms:conformsTo", NamedNode("https://www.w3.org/TR/sparql11-protocol/"))


class _Teller:
    """Makes triples of one subject."""

    def __init__(self, subject: str) -> None:
        self._subject = NamedNode(subject)

    def __call__(self, predicate: str, *objects: NamedNode | Literal) -> list[Triple]:
        prefix, _, local = predicate.partition(":")
        property_ = NamedNode(PREFIXES[prefix] + local)
        return [Triple(self._subject, property_, object_) for object_ in objects]


def _iris(*names: str) -> list[NamedNode]:
    return [NamedNode(PREFIXES[prefix] + local) for prefix, _, local in (name.partition(":") for name in names)]


def _number(count: int) -> Literal:
    return Literal(str(count), datatype=_iris("xsd:integer")[0])


def _date(text: str) -> Literal:
    return Literal(text, datatype=_iris("xsd:date")[0])


def _vocabularies(counts: Counts) -> list[str]:
    """The namespaces of the classes and properties that are used."""
    return sorted({iri[: max(iri.rfind("/"), iri.rfind("#")) + 1] for iri in counts.classes | counts.properties})
