"""``client`` asks the application in this process; ``server`` is a real ``ctkg serve``, which holds the same world."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from urllib.parse import quote

import pytest
from werkzeug.test import Client

from ctkg.graph import KnowledgeGraph
from ctkg.http.app import Application
from ctkg.http.site import Site
from tests.conftest import WORLD

SMALL = "SELECT ?s ?l { ?s a ctkg:Company ; rdfs:label ?l } ORDER BY ?s ?l LIMIT 20"
"""A question that is answered in no time, with twenty rows."""


def ask(address: str, query: str, timeout: float = 60) -> tuple[int, bytes]:
    """Status and body."""
    try:
        with urllib.request.urlopen(f"{address}/sparql?query={quote(query)}", timeout=timeout) as answer:  # noqa: S310
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


@contextmanager
def serving(*words: str, **environment: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server of its own, until the block ends: the process, and the address without the slash at its end."""
    command = [sys.executable, "-c", "from ctkg.cli import run; run()", "serve", "--port", "0", *words]
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, encoding="utf-8", env={**os.environ, **environment}
    ) as process:
        assert process.stderr is not None
        said, found = "", None
        while found is None:
            line = process.stderr.readline()
            assert line, said
            said += line
            found = re.search(r"http://[^/\s]+", line)
        reader = Thread(target=process.stderr.read, daemon=True)  # so that the access log never fills the pipe
        reader.start()
        try:
            yield process, found[0]
        finally:
            process.terminate()
            process.wait(20)
            reader.join(5)


@pytest.fixture(scope="session")
def site(world: KnowledgeGraph) -> Site:
    return Site(world)


@pytest.fixture
def client(site: Site) -> Client:
    return Client(Application(site))


@pytest.fixture(scope="session")
def server(world: KnowledgeGraph) -> Iterator[str]:
    """Its address, without the slash at the end."""
    with serving("--data", str(WORLD), "--timeout", "60") as (_, address):  # for a machine that does much else
        yield address


@pytest.fixture(scope="session")
def site_client(site: Site) -> Client:
    """``client`` for tests of many inputs, which keep a fixture for all of them."""
    return Client(Application(site))
