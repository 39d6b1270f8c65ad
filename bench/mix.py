"""The mix: every stored query with its defaults, by every engine in turn."""

from __future__ import annotations

import gc
import statistics
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pyoxigraph
import rdflib

from bench.measure import Measured, TooSlow, take_turns, time_limit
from bench.section import Bar, Goal, Section
from ctkg.graph import KnowledgeGraph
from ctkg.namespaces import PREFIXES
from ctkg.rdflib_dataset import to_rdflib

__all__ = ["measure_mix"]

Rows = list[tuple[str, ...]]
Ask = Callable[[str], Iterable[Any]]
_NEVER = Measured(())
_OURS = "ctkg, rows"
_MEMORY = "ctkg in memory, rows"
_WHOLE = "ctkg, whole answer"
_TOO_LARGE_FOR_OXRDFLIB = 1_000_000
"""Here one of its queries takes more than ten minutes, which nobody can stop: it runs outside Python."""
_TEXT = """\
Every stored query with its default arguments that the generated world answers with rows{empty}. *ctkg, rows* is the query as ctkg runs it, from its store on disk; *in memory* from the copy that `KnowledgeGraph.in_memory`
and `ctkg serve` hold; *whole answer* is what `KnowledgeGraph.query` hands over: typed cells, labels in both languages, every
row's sources cited and numbered. The peers hold the same triples (pyoxigraph in
the same named graphs, oxrdflib and rdflib in one graph in memory) and only give rows. A store in memory answers faster
than one on disk (rdflib has no other), but has to be filled by every process; ctkg opens its store on disk in milliseconds. A peer's answer is checked equal
before its time counts. The ratio is the geometric mean over the queries that the peer answered. rdflib is stopped
after {limit:g} s, and oxrdflib, which cannot be stopped, is not asked at a million; counted at the limit, the queries that it does not answer give a lower bound over all.
"""


def measure_mix(data: Path, size: int, dump: Path, folder: Path, rounds: int, limit: float) -> Section:
    """Ask every stored query; ``folder`` is where the bare pyoxigraph has its store."""
    kg = KnowledgeGraph.open(data)
    memory = kg.in_memory().backend
    engines: dict[str, Ask] = {_OURS: kg.backend.select, _MEMORY: memory.select, **_peers(dump, folder, size)}
    gc.collect()
    gc.freeze()  # a peer's millions of objects are not for ours to be searched
    took: dict[str, dict[str, Measured]] = {name: {} for name in (*engines, _WHOLE)}
    wrong: dict[str, list[str]] = {name: [] for name in engines}
    empty: list[str] = []
    for name, query in kg.queries.items():
        expected = _plain(kg.backend.select(query.text))
        if not expected or "GRAPH ?" in query.text:
            empty.append(name)
            continue
        jobs: dict[str, Callable[[], object]] = {_WHOLE: partial(kg.query, name)}
        for engine, ask in engines.items():
            if _agrees(ask, query.text, expected, limit if engine == "rdflib" else 600, wrong[engine], name):
                jobs[engine] = partial(_rows, ask, query.text)
        for engine, measured in take_turns(jobs, 3 * rounds, patience=limit, warm=False).items():
            took[engine][name] = measured
    gc.unfreeze()
    return _section(size, limit, took, wrong, empty)


def _section(
    size: int, limit: float, took: dict[str, dict[str, Measured]], wrong: dict[str, list[str]], empty: list[str]
) -> Section:
    def ratios(peer: str, ours: str) -> dict[str, float]:
        return {q: m.median / took[ours][q].median for q, m in took[peer].items() if m.seconds}

    def slow(peer: str) -> list[str]:
        return [q for q in took[_OURS] if not took[peer].get(q, _NEVER).seconds and q not in wrong.get(peer, ())]

    def mean(peer: str, ours: str, *, over_all: bool = False) -> float:
        """The geometric mean; ``over_all`` counts what the peer did not answer at the limit."""
        found = [*ratios(peer, ours).values()]
        found += [limit / took[ours][q].median for q in slow(peer)] if over_all else []
        return statistics.geometric_mean(found) if found else float("nan")

    rows, bars = [], []
    for engine, measured in took.items():
        each = ratios(engine, _OURS)
        total = sum(m.median for m in measured.values() if m.seconds)
        late, least = slow(engine), mean(engine, _OURS, over_all=True)
        note = f"over {limit:g} s: {', '.join(late)} (with these at the limit: {least:.3g})" if late else ""
        if wrong.get(engine):
            note += f" other answer: {', '.join(wrong[engine])}"
        span = f"{mean(engine, _OURS):.3g} ({min(each.values()):.3g}–{max(each.values()):.3g})" if each else "—"
        rows.append((engine, f"{len(each)} of {len(took[_OURS])}", f"{total:.3g} s", span, note.strip()))
        if engine != _OURS:
            bars.append(Bar("queries", engine, least if late else mean(engine, _OURS), bool(late)))
    goals = []
    for ours, where in ((_MEMORY, "ours in memory as it is"), (_OURS, "ours on disk")):
        times, least = mean("rdflib", ours), mean("rdflib", ours, over_all=True)
        told = f"{times:.3g} × over those it answers, at least {least:.3g} × over all"
        goals.append(Goal(f"queries: rdflib takes 20 times as long, {where}", told, min(times, least) >= 20))
    for peer, ours, where in (("pyoxigraph", _OURS, "on disk"), ("pyoxigraph in memory", _MEMORY, "in memory")):
        times = 1 / mean(peer, ours)
        wanted = f"queries: within 1.15 × of bare pyoxigraph on the same queries, both {where}"
        goals.append(Goal(wanted, f"{times:.2f} ×", times <= 1.15))
    slowest = sorted(took[_OURS].items(), key=lambda item: -item[1].median)[:5]
    left_out = (
        f" (left out, since they have none, or ask of graphs that the peers lack: {', '.join(empty)})" if empty else ""
    )
    text = _TEXT.format(limit=limit, empty=left_out)
    text += "\nThe slowest for ctkg: " + ", ".join(f"{name} {measured}" for name, measured in slowest) + ".\n"
    return Section(
        "Stored queries", size, text, ("", "queries", "sum of medians", "× ctkg, rows", ""), rows, bars, goals
    )


def _peers(dump: Path, folder: Path, size: int) -> dict[str, Ask]:
    store = pyoxigraph.Store(str(folder))
    store.bulk_load(path=str(dump))
    store.optimize()
    triples = [(quad.subject, quad.predicate, quad.object) for quad in store]
    graph = rdflib.Graph()
    for triple in triples:
        graph.add(tuple(to_rdflib(term) for term in triple))  # type: ignore[arg-type]
    named = pyoxigraph.Store()
    named.bulk_extend(store)

    def union(of: pyoxigraph.Store, text: str) -> Any:
        return of.query(text, prefixes=PREFIXES, use_default_graph_as_union=True)

    peers: dict[str, Ask] = {
        "pyoxigraph": partial(union, store),
        "pyoxigraph in memory": partial(union, named),
        "rdflib": lambda text: graph.query(text, initNs=PREFIXES),
    }
    if size >= _TOO_LARGE_FOR_OXRDFLIB:
        return peers
    try:
        from oxrdflib import OxigraphStore
    except ModuleNotFoundError:
        return peers
    memory = pyoxigraph.Store()
    memory.bulk_extend(pyoxigraph.Quad(*triple) for triple in triples)
    wrapped = rdflib.Graph(store=OxigraphStore(store=memory), identifier=rdflib.URIRef("urn:x-rdflib:default"))
    return {**peers, "oxrdflib": lambda text: wrapped.query(text, initNs=PREFIXES)}


def _rows(ask: Ask, text: str) -> list[Any]:
    return list(ask(text))


def _agrees(ask: Ask, text: str, expected: Rows, limit: float, wrong: list[str], name: str) -> bool:
    """Whether a peer gives the same rows in time; notes the query where they are others."""
    try:
        with time_limit(limit):
            answer = _plain(ask(text))
    except TooSlow:
        return False
    if answer != expected:
        wrong.append(name)
        return False
    return True


def _plain(rows: Iterable[Any]) -> Rows:
    """Rows that compare: numbers by value, lists of IRIs and rows in one order."""
    return sorted(tuple(_cell(term) for term in row) for row in rows)


def _cell(term: Any) -> str:
    if term is None:
        return ""
    words = str(
        getattr(term, "value", None) if hasattr(term, "datatype") and not isinstance(term, rdflib.Literal) else term
    )
    if isinstance(term, pyoxigraph.NamedNode):
        return term.value
    datatype = getattr(term, "datatype", None)
    kind = str(getattr(datatype, "value", datatype))
    if kind.endswith(("#integer", "#decimal", "#double")):
        return str(Decimal(words).normalize())
    return " ".join(sorted(words.split()))
