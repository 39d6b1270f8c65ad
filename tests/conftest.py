"""Fixtures: real stores over the miniature world and over the live data.

``world`` is a frozen copy of some of our data that holds the awkward cases;
golden results are taken from it. ``live`` is the data of this checkout, of
which only invariants are tested, so that adding a fact breaks no test. Both are
built once per run, into a cache folder of their own. ``oxigraph_server`` is a
real Oxigraph that holds the world. Nothing is mocked.
"""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest

from ctkg.backend import RdflibBackend
from ctkg.cli import main
from ctkg.graph import KnowledgeGraph
from ctkg.graph_store import load
from ctkg.messages import use_language
from ctkg.results.edges import EdgeTable
from ctkg.settings import settings
from tests.servers import Store, oxigraph

ROOT = Path(__file__).parents[1]
WORLD = ROOT / "tests" / "world"

hypothesis.settings.register_profile("ctkg", derandomize=True, deadline=None, print_blob=False)
hypothesis.settings.load_profile("ctkg")  # the same examples on every machine

Ctkg = Callable[..., "subprocess.CompletedProcess[str]"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-expected", action="store_true", help="write the golden results anew (then read the diff)"
    )


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cache folder of this run's own."""
    folder = tmp_path_factory.mktemp("cache")
    os.environ["CTKG_CACHE"] = str(folder)
    os.environ["CTKG_LANG"] = "en"
    os.environ["NETRC"] = str(folder / "no-netrc")  # nobody's own credentials
    for name in ("DATA", "ENDPOINT", "ENDPOINT_USER", "ENDPOINT_PASSWORD", "TIMEOUT"):
        os.environ.pop(f"CTKG_{name}", None)
    yield folder
    del os.environ["CTKG_CACHE"]


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    use_language("en")
    yield
    use_language("en")  # what a module shares is made before this, for the next test


@pytest.fixture(scope="session")
def world(cache: Path) -> KnowledgeGraph:
    return KnowledgeGraph.open(WORLD)


@pytest.fixture(scope="session")
def world_in_rdflib(world: KnowledgeGraph) -> RdflibBackend:
    return RdflibBackend(world.to_rdflib())


@pytest.fixture(scope="session")
def oxigraph_server(cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A real Oxigraph server that holds the miniature world, loaded as a user loads it."""
    with oxigraph(tmp_path_factory.mktemp("oxigraph"), "--union-default-graph") as server:
        list(load(settings(WORLD), server.store))
        yield server


@pytest.fixture(scope="session")
def world_in_oxigraph(oxigraph_server: Store) -> KnowledgeGraph:
    return KnowledgeGraph.open(endpoint=oxigraph_server.query)


@pytest.fixture(scope="session")
def live(cache: Path) -> KnowledgeGraph:
    return KnowledgeGraph.open()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A small valid data folder that a test may spoil."""
    folder = tmp_path / "data"
    write(folder / "curated" / "dataset.ttl", CARD)
    write(folder / "curated" / "actors" / "acme.ttl", ACTOR)
    write(folder / "curated" / "actors" / "zeta.ttl", INVESTOR)
    write(folder / "curated" / "capital" / "acme.ttl", DEAL)
    write(folder / "curated" / "evidence" / "gazette.ttl", SOURCE)
    return folder


@pytest.fixture
def ctkg(cache: Path) -> Ctkg:
    """Run the command line as a user does, in a process of its own."""

    def run(*words: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", "from ctkg.cli import run; run()", *words],
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
            check=False,
        )

    return run


def in_process(*words: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a command run within this process, for tests of many inputs.

    Whatever is no `CtkgError` reaches the test and fails it.
    """
    out, err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="backslashreplace"), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = main(words)
        except SystemExit as leaving:  # argparse
            code = int(leaving.code or 0)
        out.flush()
    return code, out.buffer.getvalue().decode(), err.getvalue()


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(PREFIXES + text if path.suffix == ".ttl" else text, encoding="utf-8")
    return path


PREFIXES = """\
@prefix ctkg: <https://w3id.org/ctkg/ontology#> .
@prefix actor: <https://w3id.org/ctkg/id/actor/> .
@prefix dataset: <https://w3id.org/ctkg/id/dataset/> .
@prefix deal: <https://w3id.org/ctkg/id/deal/> .
@prefix source: <https://w3id.org/ctkg/id/source/> .
@prefix statement: <https://w3id.org/ctkg/id/statement/> .
@prefix dispute: <https://w3id.org/ctkg/id/dispute/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

"""

CARD = """\
dataset:curated
    dcterms:title "A small world"@en ;
    ctkg:dataDate "2025-01-01"^^xsd:date .
"""

ACTOR = """\
actor:acme
    a ctkg:Company ;
    rdfs:label "Acme"@en , "阿克梅"@zh .
"""

INVESTOR = """\
actor:zeta
    a ctkg:Company ;
    rdfs:label "Zeta Capital"@en , "泽塔资本"@zh .
"""

DEAL = """\
deal:acme-2024-02
    a ctkg:FundingRound ;
    rdfs:label "Acme round of February 2024"@en , "阿克梅2024年2月融资"@zh .

statement:acme-aaaaaa
    a ctkg:Investment ;
    ctkg:investor actor:zeta ;
    ctkg:investee actor:acme ;
    ctkg:deal deal:acme-2024-02 ;
    ctkg:stage ctkg:Completed ;
    ctkg:date "2024-02"^^xsd:gYearMonth ;
    ctkg:amount 5000000 ;
    ctkg:currency "USD" ;
    prov:wasDerivedFrom source:gazette-2024 .

statement:acme-bbbbbb
    a ctkg:RoundTotal ;
    ctkg:investee actor:acme ;
    ctkg:deal deal:acme-2024-02 ;
    ctkg:stage ctkg:Completed ;
    ctkg:date "2024-02"^^xsd:gYearMonth ;
    ctkg:amount 9000000 ;
    ctkg:currency "USD" ;
    prov:wasDerivedFrom source:gazette-2024 .
"""

SOURCE = """\
source:gazette-2024
    a ctkg:Source ;
    dcterms:title "Acme raises nine million"@en ;
    dcterms:publisher "Gazette"@en ;
    schema:url "https://example.org/acme"^^xsd:anyURI ;
    dcterms:language "en" ;
    dcterms:issued "2024-03-05"^^xsd:date ;
    ctkg:readOn "2024-12-01"^^xsd:date ;
    ctkg:sourceType ctkg:PressSource .
"""


@pytest.fixture(scope="session")
def table(world: KnowledgeGraph) -> EdgeTable:
    return world.view("investments", possible=True)


@pytest.fixture(scope="session")
def ego(world: KnowledgeGraph) -> EdgeTable:
    return world.view("investments", ego="moonshot-ai", possible=True)
