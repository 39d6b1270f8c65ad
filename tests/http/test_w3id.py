"""The redirects of w3id.org, through a real Apache, to a real server."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import rdflib
from rdflib.namespace import RDFS

from tests.conftest import ROOT

HTACCESS = ROOT / "docs" / "w3id" / ".htaccess"
HTTPD = shutil.which("apache2") or shutil.which("httpd") or next(iter(Path("/usr/sbin").glob("apache2")), None)
MODULES = Path("/usr/lib/apache2/modules")

pytestmark = pytest.mark.skipif(
    HTTPD is None or not (MODULES / "mod_rewrite.so").is_file(), reason="Apache with mod_rewrite is not installed"
)

CONFIGURATION = """\
ServerRoot "{folder}"
ServerName localhost
Listen 127.0.0.1:{port}
PidFile "{folder}/httpd.pid"
ErrorLog "{folder}/error.log"
DocumentRoot "{folder}/htdocs"
{modules}
{user}
<Directory "{folder}/htdocs">
  AllowOverride All
  Require all granted
</Directory>
"""


@pytest.fixture(scope="module")
def w3id(server: str) -> Iterator[str]:
    """The address of ``https://w3id.org/ctkg/``, which leads to the server of the tests."""
    with tempfile.TemporaryDirectory() as name:  # not pytest's own, where the user that Apache becomes cannot get
        Path(name).chmod(0o755)
        with apache(Path(name), server) as address:
            yield address


@contextmanager
def apache(folder: Path, server: str) -> Iterator[str]:
    rules = HTACCESS.read_text(encoding="utf-8").replace("https://ctkg.example.org", server)
    (folder / "htdocs" / "ctkg").mkdir(parents=True)
    (folder / "htdocs" / "ctkg" / ".htaccess").write_text(rules, encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    names = ("mpm_event", "authz_core", "rewrite")
    modules = "\n".join(f"LoadModule {name}_module {MODULES}/mod_{name}.so" for name in names)
    user = "User www-data\nGroup www-data" if os.getuid() == 0 else ""
    configuration = folder / "httpd.conf"
    configuration.write_text(
        CONFIGURATION.format(folder=folder, port=port, modules=modules, user=user), encoding="utf-8"
    )
    with subprocess.Popen([str(HTTPD), "-f", str(configuration), "-DFOREGROUND"], stderr=subprocess.PIPE) as process:
        try:
            _wait(port, process)
            yield f"http://127.0.0.1:{port}/ctkg"
        finally:
            process.terminate()
            process.wait(20)


def _wait(port: int, apache: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) == 0:
                return
        if apache.poll() is not None:
            break
        time.sleep(0.05)
    apache.kill()
    pytest.fail(f"Apache did not start: {apache.stderr.read().decode() if apache.stderr else ''}")


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def first_step(address: str) -> tuple[int, str]:
    """Status and target of one redirect."""
    try:
        with urllib.request.build_opener(_Stay).open(address, timeout=20) as answer:
            return answer.status, ""
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers.get("Location", "")


def followed(address: str, accept: str) -> tuple[str, str, bytes]:
    """Where the redirects end, as which media type, and with what."""
    request = urllib.request.Request(address, headers={"Accept": accept})  # noqa: S310 - our own servers
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
        return answer.url, answer.headers.get_content_type(), answer.read()


def test_an_entity_is_found_by_its_identifier(w3id: str, server: str) -> None:
    assert first_step(f"{w3id}/id/actor/moonshot-ai") == (303, f"{server}/id/actor/moonshot-ai")
    url, kind, content = followed(f"{w3id}/id/actor/moonshot-ai", "text/turtle")
    assert (url, kind) == (f"{server}/entities/actor/moonshot-ai.ttl", "text/turtle")
    entity = rdflib.URIRef("https://w3id.org/ctkg/id/actor/moonshot-ai")
    assert (entity, RDFS.label, rdflib.Literal("Moonshot AI", lang="en")) in rdflib.Graph().parse(content, format="ttl")


@pytest.mark.parametrize(
    ("accept", "ending", "media_type"),
    [
        ("text/turtle", "ttl", "text/turtle"),
        ("application/rdf+xml;q=0.9, application/ld+json", "jsonld", "application/ld+json"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "html", "text/html"),
    ],
)
def test_a_term_is_found_in_the_ontology(w3id: str, server: str, accept: str, ending: str, media_type: str) -> None:
    url, kind, content = followed(f"{w3id}/ontology", accept)
    assert (url, kind) == (f"{server}/ontology.{ending}", media_type)
    assert b"Company" in content


def test_every_other_identifier_leads_to_its_own_address(w3id: str, server: str) -> None:
    for path in ("shapes", "dataset", "problem/not-found", "ontology/0.3.0", "id/model/qwen2.5-7b", ""):
        assert first_step(f"{w3id}/{path}") == (303, f"{server}/{path}")


def test_nothing_else_leads_anywhere(w3id: str) -> None:
    for path in ("id/", "id/actor", "id/actor/a/b", "nothing", "ontology.ttl"):
        assert first_step(f"{w3id}/{path}")[0] == 404, path


def test_the_target_is_written_nowhere_else() -> None:
    hosts = set(re.findall(r"https://([\w.]+)/", HTACCESS.read_text(encoding="utf-8")))
    assert hosts == {"ctkg.example.org", "w3id.org"}
