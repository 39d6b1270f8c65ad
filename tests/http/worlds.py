"""Small worlds that a real one is not to become: awkward names, and data that means harm."""

from __future__ import annotations

from pathlib import Path

from werkzeug.test import Client

from ctkg.graph import KnowledgeGraph
from ctkg.http.app import Application
from ctkg.http.site import Site
from tests import conftest
from tests.conftest import write

_OTHER_CARD = """\
dataset:other
    a <http://www.w3.org/ns/dcat#Dataset> ;
    dcterms:title "Another"@en , "另一个"@zh ;
    dcterms:license <https://example.org/licence> .
"""

_AWKWARD = """\
@prefix model: <https://w3id.org/ctkg/id/model/> .

model:qwen2.5-7b a ctkg:Model ; rdfs:label "Qwen2.5-7B"@en , "通义千问2.5-7B"@zh .
model:v1.ttl a ctkg:Model ; rdfs:label "v1"@en , "版本一"@zh .
model:two.html a ctkg:Model ; rdfs:label "two"@en , "二"@zh .
model:old a ctkg:Model ; rdfs:label "old"@en , "旧"@zh ; dcterms:isReplacedBy model:qwen2.5-7b .
model:elsewhere a ctkg:Model ; rdfs:label "elsewhere"@en , "别处"@zh ;
    dcterms:isReplacedBy <https://example.org/new> .
"""

EVIL = '"><script>alert(1)</script>'

_HOSTILE = f"""\
@prefix person: <https://w3id.org/ctkg/id/person/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

person:mallory a ctkg:Person ;
    rdfs:label '{EVIL} </script> onload='@en , "{{{{ 7 * 7 }}}}"@zh ;
    skos:altLabel '<img src=x onerror=alert(2)>'@en , "\\u202Egnp.exe"@en ;
    foaf:homepage <javascript:alert(3)> .
statement:mallory-aaaaaa a ctkg:Founding ;
    ctkg:founder person:mallory ; ctkg:organisation actor:acme ; ctkg:date "2024"^^xsd:gYear ;
    rdfs:comment '<b>bold</b>'@en ;
    prov:wasDerivedFrom source:evil-1 , source:evil-2 .
statement:mallory-bbbbbb a ctkg:Founding ;
    ctkg:founder person:mallory ; ctkg:organisation actor:acme ; ctkg:date "2023"^^xsd:gYear ;
    prov:wasDerivedFrom source:evil-2 .
dispute:mallory a ctkg:Dispute ; rdfs:label "<u>when</u>"@en , "何时"@zh ;
    ctkg:rival statement:mallory-aaaaaa , statement:mallory-bbbbbb ; ctkg:preferred statement:mallory-aaaaaa ;
    ctkg:reason "because of & that"@en .
source:evil-1 a ctkg:Source ;
    dcterms:title '<i>{EVIL}</i>'@en ; dcterms:publisher "a & b"@en ;
    schema:url "javascript:alert(document.domain)"^^xsd:anyURI .
source:evil-2 a ctkg:Source ;
    dcterms:title "quoted"@en ; dcterms:publisher "p"@en ;
    schema:url 'https://example.org/"onmouseover="alert(4)'^^xsd:anyURI .
"""


def awkward_world(folder: Path) -> Client:
    """Slugs with dots, things that were replaced, a number that a store would rewrite."""
    return _world(folder, _AWKWARD)


def hostile_world(folder: Path) -> Client:
    """Markup in every text, addresses that run scripts."""
    return _world(folder, _HOSTILE)


def _world(folder: Path, other: str) -> Client:
    write(folder / "curated" / "dataset.ttl", conftest.CARD)
    write(folder / "curated" / "actors" / "acme.ttl", conftest.ACTOR)
    write(folder / "curated" / "actors" / "zeta.ttl", conftest.INVESTOR)
    write(folder / "curated" / "capital" / "acme.ttl", conftest.DEAL.replace("ctkg:amount 5000000", "ctkg:amount 0.10"))
    write(folder / "curated" / "evidence" / "gazette.ttl", conftest.SOURCE)
    write(folder / "other" / "dataset.ttl", _OTHER_CARD)
    write(folder / "other" / "statements.ttl", other)
    return Client(Application(Site(KnowledgeGraph.open(folder))))
