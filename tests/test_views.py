"""Graph views on the miniature world: golden edges on every engine, and what narrows and merges them.

The cases lie in ``tests/expected/views``, in the form of those of `test_expected`.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ctkg.amounts import Money
from ctkg.backend import RdflibBackend
from ctkg.errors import NotFound, QueryError
from ctkg.export import FORMATS
from ctkg.graph import KnowledgeGraph
from ctkg.results import Evidence
from ctkg.results.attributes import RESERVED
from ctkg.results.edges import EdgeTable
from ctkg.views.merge import merged
from tests.conftest import write
from tests.test_expected import EXPECTED, arguments, query_name, rows

CASES = sorted((EXPECTED / "views").glob("*.tsv"))
VIEWS = sorted({query_name(case) for case in CASES})
WINDOWS = [case for case in CASES if ".window." in case.name]


def expected(case: Path) -> list[str]:
    return case.read_text(encoding="utf-8").splitlines()[1:]


def ends(table: EdgeTable) -> set[tuple[str, str]]:
    return {(edge.source.slug, edge.target.slug) for edge in table.edges}


def test_every_view_has_a_case_of_every_kind(world: KnowledgeGraph) -> None:
    kinds = ("default", "as-of", "known-at", "since", "window")
    assert {case.name for case in CASES} >= {f"{name}.{kind}.tsv" for name in world.views for kind in kinds}
    assert {query_name(case) for case in CASES} == set(world.views)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_the_edges_are_the_expected_ones(world: KnowledgeGraph, case: Path, request: pytest.FixtureRequest) -> None:
    found = rows(world, world.backend, query_name(case), arguments(case))
    header = case.read_text(encoding="utf-8").splitlines()[0]
    if request.config.getoption("--update-expected"):
        case.write_text("\n".join([header, *found]) + "\n", encoding="utf-8")
    assert found == expected(case)
    assert len(found) > 1


@pytest.mark.parametrize("case", WINDOWS, ids=lambda case: case.stem)
def test_rdflib_finds_the_same_edges(world: KnowledgeGraph, world_in_rdflib: RdflibBackend, case: Path) -> None:
    assert rows(world, world_in_rdflib, query_name(case), arguments(case)) == expected(case)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_server_finds_the_same_edges(world: KnowledgeGraph, world_in_oxigraph: KnowledgeGraph, case: Path) -> None:
    assert rows(world, world_in_oxigraph.backend, query_name(case), arguments(case)) == expected(case)


def test_every_parameter_changes_some_edges(world: KnowledgeGraph) -> None:
    whole = {query_name(case): expected(case) for case in CASES if ".default." in case.name}
    telling = {
        (query_name(case), next(iter(arguments(case))))
        for case in CASES
        if len(arguments(case)) == 1 and expected(case) != whole[query_name(case)]
    }
    assert telling == {(name, parameter.name) for name, view in world.views.items() for parameter in view.params}


def test_only_certain_edges_are_kept_unless_possible_ones_are_wanted(world: KnowledgeGraph) -> None:
    certain, all_ = world.view("investments"), world.view("investments", possible=True)
    assert {edge.stage.slug for edge in certain.edges} <= {"Completed", "Signed"}
    assert {edge.stage.slug for edge in all_.edges} > {"Completed", "Rumoured"}
    assert len(all_.edges) > len(certain.edges) > 0


def test_a_layer_and_a_type_keep_the_edges_that_touch_it(world: KnowledgeGraph) -> None:
    table = world.view("investments", layer="模型层")
    assert table.edges
    in_layer = {iri for iri, node in table.nodes.items() if "ModelsLayer" in [layer.slug for layer in node.layers]}
    assert all(edge.source.iri in in_layer or edge.target.iri in in_layer for edge in table.edges)
    funds = world.view("investments", actor_type="InvestmentFund")
    classes = {iri: node.class_.slug for iri, node in funds.nodes.items() if node.class_}
    assert 0 < len(funds.edges) < len(world.view("investments").edges)
    assert all("InvestmentFund" in (classes[e.source.iri], classes[e.target.iri]) for e in funds.edges)


def test_an_ego_keeps_what_lies_within_the_hops(world: KnowledgeGraph) -> None:
    one = world.view("investments", ego="月之暗面")
    assert {target for _, target in ends(one)} == {"moonshot-ai"}
    two = world.view("investments", ego="moonshot-ai", hops=2)
    assert ("tencent", "minimax") in ends(two)
    assert set(one.nodes) < set(two.nodes)


def test_a_minimum_weight_counts_deals_not_statements(world: KnowledgeGraph) -> None:
    heavy = world.view("investments", min_weight=2)
    assert ("alibaba", "moonshot-ai") in ends(heavy)
    for edge in world.view("investments", merged=True).edges:
        assert ((edge.source.slug, edge.target.slug) in ends(heavy)) == (edge.weight >= 2)


def test_a_merged_edge_counts_spans_and_keeps_all_evidence(world: KnowledgeGraph) -> None:
    single, joined = world.view("investments"), world.view("investments", merged=True)
    assert len(joined.edges) == len(ends(single)) == len(ends(joined))
    edge = next(e for e in joined.edges if (e.source.slug, e.target.slug) == ("alibaba", "moonshot-ai"))
    own = [e for e in single.edges if (e.source.slug, e.target.slug) == ("alibaba", "moonshot-ai")]
    assert (edge.weight, edge.count) == (2, 3)
    assert edge.start_earliest == min(e.start_earliest for e in own)
    assert edge.start_latest == max(e.start_latest for e in own)
    evidence: Evidence = edge.evidence
    assert set(evidence.statements) == {iri for e in own for iri in e.evidence.statements}
    assert sum(e.count for e in joined.edges) == len(single.edges)


MONEY = """
statement:acme-cccccc
    a ctkg:Investment ;
    ctkg:investor actor:zeta ; ctkg:investee actor:acme ; ctkg:deal deal:acme-2024-05 ;
    ctkg:stage ctkg:Completed ; ctkg:date "2024-05"^^xsd:gYearMonth ;
    ctkg:consideration ctkg:{first} ; ctkg:amount 2000000 ; ctkg:currency "USD" ;
    prov:wasDerivedFrom source:gazette-2024 .

statement:acme-dddddd
    a ctkg:Investment ;
    ctkg:investor actor:zeta ; ctkg:investee actor:acme ; ctkg:deal deal:acme-2024-05 ;
    ctkg:stage ctkg:Completed ; ctkg:date "2024-05"^^xsd:gYearMonth ;
    ctkg:consideration ctkg:{second} ; ctkg:amountMin 3000000 ; ctkg:amountMax 4000000 ; ctkg:currency "USD" ;
    prov:wasDerivedFrom source:gazette-2024 .

deal:acme-2024-05 a ctkg:FundingRound ; rdfs:label "Second round"@en , "第二轮"@zh .
"""


@pytest.mark.parametrize(
    ("first", "second", "band"),
    [
        ("Cash", "CloudCredit", "USD 10000000–11000000"),  # parts of one deal are added: 5 + 2 + (3 to 4)
        ("Cash", "Cash", "USD 7000000–9000000"),  # rivals of one part are not: 5 + (2 to 4)
        ("Cash", "MixedConsideration", "USD 8000000–9000000"),  # the whole stands for its parts: 5 + (3 to 4)
    ],
)
def test_a_band_adds_parts_and_spans_rivals(data: Path, first: str, second: str, band: str) -> None:
    path = data / "curated" / "capital" / "acme.ttl"
    path.write_text(path.read_text(encoding="utf-8") + MONEY.format(first=first, second=second), encoding="utf-8")
    [edge] = KnowledgeGraph.open(data).view("investments", merged=True).edges
    money: Money = edge.amount_usd
    assert money.compact() == band
    assert edge.weight == 2


def test_a_sum_that_is_not_known_leaves_the_band_open(data: Path) -> None:
    path = data / "curated" / "capital" / "acme.ttl"
    more = MONEY.format(first="Cash", second="CloudCredit").replace("ctkg:amount 2000000 ; ctkg:currency", "#")
    text = path.read_text(encoding="utf-8") + more.replace('# "USD" ;', "ctkg:amountUndisclosed true ;")
    path.write_text(text, encoding="utf-8")
    [edge] = KnowledgeGraph.open(data).view("investments", merged=True).edges
    assert edge.amount_usd.compact() == "USD ≥8000000"


def test_a_neighbourhood_grows_with_the_hops_and_names_each_link_once(world: KnowledgeGraph) -> None:
    one = world.view("neighbourhood", ego="moonshot-ai", possible=True)
    two = world.view("neighbourhood", ego="moonshot-ai", hops=2, possible=True)
    assert {edge.source.slug for edge in one.edges} == {"moonshot-ai"}
    assert set(one.nodes) < set(two.nodes)
    links = [
        (
            frozenset((e.source.iri, e.target.iri)),
            frozenset((e.source_role.iri, e.target_role.iri)),
            e.evidence.statements,
        )
        for e in two.edges
    ]
    assert len(links) == len(set(links)) > len(one.edges)
    assert [citation.number for citation in two.citations] == list(range(1, len(two.citations) + 1))


def test_every_edge_has_ends_evidence_and_a_source(world: KnowledgeGraph) -> None:
    for name in world.views:
        table = world.view(name, possible=True)
        assert table.edges, name
        assert {end.iri for edge in table.edges for end in edge[:2]} == set(table.nodes)
        assert all(edge.evidence.statements and edge.evidence.citations for edge in table.edges), name
        assert all(node.class_ is not None and node.labels for node in table.nodes.values()), name


def test_attributes_are_of_one_type_and_bear_no_reserved_name(world: KnowledgeGraph) -> None:
    plain = {"string": str, "integer": int, "double": float, "boolean": bool}
    for name in world.views:
        whole = world.view(name, possible=True)
        for table in (whole, merged(whole)):
            for flat in (table.nodes_flat(), table.edges_flat()):
                assert not RESERVED & set(flat.types) - {"id"}
                for row in flat.rows:
                    assert list(row) == list(flat.types)
                    assert all(v is None or type(v) is plain[flat.types[k]] for k, v in row.items()), name


def test_python_graphs_hold_every_edge(world: KnowledgeGraph) -> None:
    table = world.view("investments", possible=True)
    graph = table.to_networkx()
    assert graph.is_directed()
    assert graph.is_multigraph()
    assert (len(graph), graph.size()) == (len(table.nodes), len(table.edges))
    assert not world.view("co-investment").to_networkx().is_directed()
    other = table.to_igraph()
    assert (other.vcount(), other.ecount()) == (len(table.nodes), len(table.edges))
    assert set(other.vs["name"]) == set(table.nodes)
    edges, nodes = table.to_pandas()
    assert (len(edges), len(nodes)) == (len(table.edges), len(table.nodes))
    assert str(edges["amount_least"].dtype) == "Float64"


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("narrowing", [{}, {"ego": "moonshot-ai", "hops": 2}, {"merged": True}], ids=str)
def test_a_remote_store_answers_views_with_nodes_sources_and_datasets_alike(
    world: KnowledgeGraph, world_in_oxigraph: KnowledgeGraph, view: str, narrowing: dict[str, Any]
) -> None:
    here, there = (kg.view(view, possible=True, **narrowing) for kg in (world, world_in_oxigraph))
    assert there == here
    assert here.datasets or not here.edges


@pytest.mark.parametrize(
    ("view", "narrowing", "error", "hint"),
    [
        ("investment", {}, NotFound, "investments"),
        ("investments", {"ego": "moonshot-a"}, NotFound, "moonshot-ai"),
        ("investments", {"layer": "modls"}, NotFound, "models"),
        ("investments", {"actor_type": "start-upp"}, NotFound, "start-up"),
        ("investments", {"as_of": "2024-02-30"}, QueryError, "year-month-day"),
        ("investments", {"hops": -1}, QueryError, None),
        ("investments", {"min_weight": 0}, QueryError, None),
        ("investments", {"nothing": "x"}, QueryError, "--since"),
    ],
)
def test_what_is_not_there_is_named(
    world: KnowledgeGraph, view: str, narrowing: dict[str, object], error: type[QueryError], hint: str | None
) -> None:
    with pytest.raises(error) as found:
        world.view(view, **narrowing)  # type: ignore[arg-type]
    assert (hint or "") in (found.value.hint or "")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("{source: iri, target: iri", "{target: iri, source: iri", "the first columns of a view are"),
        ("role", "layer", "layer is a name that graph formats keep"),
    ],
)
def test_a_view_that_no_format_could_hold_is_refused(data: Path, old: str, new: str, message: str) -> None:
    from ctkg.queries import load_views

    text = (Path(__file__).parents[1] / "queries" / "views" / "investments.rq").read_text(encoding="utf-8")
    if old.startswith("{"):
        text = text.replace("?source ?target ?kind", "?target ?source ?kind")
    path = write(data / "investments.rq", text.replace(old, new))
    with pytest.raises(QueryError, match=message):
        load_views((path,))


def test_a_question_imports_no_network_library() -> None:
    code = (
        "import sys; from ctkg.cli import main; main(['query', 'shared-backers', '--data', 'tests/world']);"
        "sys.exit(any(name.split('.')[0] in ('networkx', 'igraph', 'pandas') or name.startswith('ctkg.views')"
        " or name.startswith('ctkg.results.edges') for name in sys.modules))"
    )
    subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[1], check=True, capture_output=True)


def test_every_view_and_format_is_in_the_documents(world: KnowledgeGraph) -> None:
    page = (Path(__file__).parents[1] / "docs" / "views.md").read_text(encoding="utf-8")
    assert [name for name in world.views if f"`{name}`" not in page] == []
    assert [ending for ending in FORMATS if f"`.{ending}`" not in page] == []


def test_the_python_of_the_page_works(world: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (Path(__file__).parents[1] / "docs" / "views.md").read_text(encoding="utf-8")
    code = page.partition("```python")[2].partition("```")[0]
    monkeypatch.setattr(KnowledgeGraph, "open", classmethod(lambda cls: world))
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102
    assert names["graph"].size() == len(names["edges"]) > 0
