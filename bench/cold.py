"""The cold question: a whole process from the shell, on a snapshot that is there."""

from __future__ import annotations

import os
import time
from pathlib import Path

from bench.measure import Measured, ratio, run_process, take_turns
from bench.section import Bar, Goal, Section
from ctkg.graph import KnowledgeGraph

__all__ = ["measure_cold"]

_CTKG = "from ctkg.cli import run; run()"
_QUESTION = """
    PREFIX ctkg: <https://w3id.org/ctkg/ontology#>
    PREFIX actor: <https://w3id.org/ctkg/id/actor/>
    SELECT ?investor ?date ?s { ?s a ctkg:Investment ; ctkg:investee actor:moonshot-ai ; ctkg:investor ?investor
      OPTIONAL { ?s ctkg:date ?date } } ORDER BY ?date"""
_RDFLIB = f"""
import pathlib, sys, rdflib
graph = rdflib.Graph()
for path in pathlib.Path(sys.argv[1]).rglob("*.ttl"):
    graph.parse(path)
for row in graph.query('''{_QUESTION}'''):
    print(*row)
"""
_PYOXIGRAPH = f"""
import sys, pyoxigraph
store = pyoxigraph.Store.read_only(sys.argv[1])
for row in store.query('''{_QUESTION}''', use_default_graph_as_union=True):
    print(*row)
"""
_TEXT = """\
`ctkg query investors-of` from the shell, start of Python to last row, with names, sums and citations. The rdflib script
parses the Turtle files and asks for investor and date only; the pyoxigraph script asks the same of a store that it opens
read-only. `import pyoxigraph` is the floor. Rows are checked to be equally many in the two scripts. ctkg also looks whether
any data file has changed since its store was built; the generated world has a file for each entity, 28,000 at a million
triples, and there most of the time goes into that, which is why the last goal is missed.
"""


def measure_cold(data: Path, size: int, rounds: int, limit: float) -> Section:
    """Ask one question from the shell by every way in turn."""
    kg = KnowledgeGraph.open(data)
    time.sleep(1.5)
    KnowledgeGraph.open(data)  # the snapshot's files are known to have settled
    assert kg.snapshot is not None
    store = os.path.join(kg.snapshot.path, "store")  # noqa: PTH118
    shown = run_process("-c", _CTKG, "query", "investors-of", "--data", str(data), "--format", "csv")
    asked = run_process("-c", _PYOXIGRAPH, store)
    assert shown.count("\n") > 1
    said: list[str] = []
    jobs = {
        "ctkg query": lambda: run_process("-c", _CTKG, "query", "investors-of", "--data", str(data)),
        "import pyoxigraph": lambda: run_process("-c", "import pyoxigraph"),
        "pyoxigraph script": lambda: run_process("-c", _PYOXIGRAPH, store),
        "rdflib script": lambda: said.append(run_process("-c", _RDFLIB, str(data), limit=limit)),
    }
    took = take_turns(jobs, rounds, limit=limit + 5, patience=limit / 2)
    assert all(answer.count("\n") == asked.count("\n") for answer in said)
    ours = took["ctkg query"]
    floor = ours.median / took["import pyoxigraph"].median
    script = took["rdflib script"]
    gain = (script.median if script.seconds else limit) / ours.median
    goals = [
        Goal("cold question: the rdflib script takes 10 times as long", f"{gain:.1f} ×", gain >= 10),
        Goal("cold question: under 5 × `import pyoxigraph`", f"{floor:.1f} ×", floor < 5),
    ]
    rows = [(name, str(m), ratio(m, ours)) for name, m in took.items()]
    bars = [_bar(name, took[name], ours, limit) for name in ("pyoxigraph script", "rdflib script")]
    return Section("Cold question", size, _TEXT, ("", "time", "× ctkg query"), rows, bars, goals)


def _bar(name: str, peer: Measured, ours: Measured, limit: float) -> Bar:
    return Bar("cold question", name, (peer.median if peer.seconds else limit) / ours.median, not peer.seconds)
