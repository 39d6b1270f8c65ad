"""Pages: plain HTML in two languages, which neither data nor request can make into anything else."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from werkzeug.test import Client

from ctkg.graph import KnowledgeGraph
from ctkg.http import pages
from ctkg.http.exchange import HTML_POLICY
from ctkg.messages_zh import MESSAGES
from tests.http.worlds import EVIL, hostile_world

TEMPLATES = Path(pages.__file__).parent / "templates"
PAGES = (
    "/", "/entities/actor/moonshot-ai", "/ontology.html", "/shapes.html", "/dataset.html", "/dumps/", "/sparql",
    "/entities/statement/none", "/nothing",
)  # fmt: skip
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


class Page(HTMLParser):
    """The elements of a page, each with its attributes; the addresses that it leads to; its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.data: list[str] = []
        self._within = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attributes)))
        self._within = tag

    def handle_endtag(self, tag: str) -> None:
        self._within = ""

    def handle_data(self, data: str) -> None:
        if self._within == "script":
            self.data.append(data)
        elif self._within != "style":
            self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def page(client: Client, address: str, **headers: str) -> Page:
    answer = client.get(address, headers={**BROWSER, **headers})
    assert answer.mimetype == "text/html"
    return Page(answer.text)


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_page_needs_neither_scripts_nor_others(client: Client, address: str, language: str) -> None:
    answer = client.get(f"{address}?lang={language}", headers=BROWSER)
    assert answer.headers["Content-Security-Policy"] == HTML_POLICY
    found = Page(answer.text)
    assert found.all("html") == [{"lang": language}]
    assert all(script == {"type": "application/ld+json"} for script in found.all("script"))
    assert not {"img", "iframe", "object", "embed", "audio", "video", "base"} & {name for name, _ in found.elements}
    assert not [name for _, attributes in found.elements for name in attributes if name.startswith("on")]
    assert {link["rel"] for link in found.all("link")} <= {"alternate", "canonical"}
    assert found.all("meta")[1] == {"name": "viewport", "content": "width=device-width, initial-scale=1"}


@pytest.mark.parametrize("accept", ["zh-CN,en;q=0.8", "zh", "fr,zh-Hans-CN;q=0.2"])
def test_chinese_of_any_place_is_chinese(client: Client, accept: str) -> None:
    assert page(client, "/", **{"Accept-Language": accept}).all("html") == [{"lang": "zh"}]


@pytest.mark.parametrize("address", PAGES)
def test_a_page_leads_to_itself_in_the_other_language(client: Client, address: str) -> None:
    (other,) = [link for link in page(client, address).all("a") if link.get("hreflang")]
    assert other["hreflang"] == "zh"
    assert page(client, address + str(other["href"])).all("html") == [{"lang": "zh"}]


def test_a_language_that_was_chosen_stays_chosen(client: Client) -> None:
    leads = {str(link["href"]) for link in page(client, "/entities/actor/moonshot-ai.html?lang=zh").all("a")}
    within = {lead for lead in leads if lead.startswith(("/entities/statement/", "/entities/actor/b", "/ontology"))}
    assert len(within) > 10
    assert all("?lang=zh" in lead for lead in within)
    assert "/ontology?lang=zh#Company" in leads


def test_the_browser_chooses_the_language(client: Client) -> None:
    chinese = page(client, "/entities/actor/moonshot-ai", **{"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5"})
    assert "月之暗面" in chinese.text
    assert "来源" in chinese.text
    english = page(client, "/entities/actor/moonshot-ai?lang=en", **{"Accept-Language": "zh-CN"})
    assert english.all("html") == [{"lang": "en"}]


def test_a_template_says_nothing_that_has_no_chinese() -> None:
    said = {text for path in TEMPLATES.glob("*.html") for text in re.findall(r'tr\("([^"]*)"\)', path.read_text())}
    assert len(said) > 20
    assert sorted(said - set(MESSAGES)) == []
    for path in TEMPLATES.glob("*.html"):
        bare = re.sub(r"<style>.*?</style>|\{#.*?#\}|\{[{%].*?[}%]\}|<[^>]*>", " ", path.read_text(), flags=re.DOTALL)
        assert set(re.findall(r"[A-Za-z]{2,}", bare)) <= {"ctkg", "SPARQL"}, path.name


def test_an_entity_has_its_facts_statements_and_sources(client: Client, world: KnowledgeGraph) -> None:
    card = world.describe("moonshot-ai")
    found = page(client, "/entities/actor/moonshot-ai.html")
    assert card.entity.label("en") in found.text
    assert card.entity.label("zh") in found.text
    for _, text in card.facts:
        assert text in found.text
    leads = {str(link["href"]) for link in found.all("a")}
    for line in card.lines:
        assert f"/entities/statement/{line.statement.rpartition('/')[2]}" in leads
        assert {f"#source-{number}" for number in line.citations} <= leads
    assert {attributes.get("id") for _, attributes in found.elements} >= {
        f"source-{citation.number}" for citation in card.citations
    }
    for ending in ("ttl", "jsonld", "nt", "rdf", "json"):
        assert f"/entities/actor/moonshot-ai.{ending}" in leads


def test_links_within_the_graph_lead_somewhere(client: Client) -> None:
    leads = {str(link["href"]) for link in page(client, "/entities/actor/moonshot-ai.html").all("a")}
    within = sorted(lead.partition("#")[0] for lead in leads if lead.startswith("/entities/"))
    for address in within[::5]:
        assert client.get(address, headers=BROWSER).status_code == 200, address


def test_what_leads_away_is_not_vouched_for(client: Client) -> None:
    away = [link for link in page(client, "/entities/actor/moonshot-ai.html").all("a") if "//" in str(link["href"])]
    assert away
    assert {link.get("rel") for link in away} == {"nofollow noopener"}


def test_denials_and_disputes_are_marked(client: Client, world: KnowledgeGraph) -> None:
    rows = world.backend.select(
        "SELECT ?e { ?s ctkg:polarity ctkg:Denied ; ?p ?e . ?e a ctkg:Actor } ORDER BY ?e LIMIT 1"
    )
    slug = rows[0][0].value.rpartition("/")[2]
    assert "denied" in page(client, f"/entities/actor/{slug}").text
    assert "has rivals" in page(client, "/entities/actor/moonshot-ai").text


def test_every_dispute_is_told_in_both_languages(client: Client, world: KnowledgeGraph) -> None:
    disputes = world.backend.select("SELECT DISTINCT ?d { ?d a ctkg:Dispute } ORDER BY ?d")
    assert disputes
    for (dispute,) in disputes:
        for language in ("en", "zh"):
            address = f"/entities/dispute/{dispute.value.rpartition('/')[2]}.html?lang={language}"
            assert client.get(address).status_code == 200, address


def test_a_reason_in_one_language_is_told_in_both(hostile: Client) -> None:
    for language in ("en", "zh"):
        assert "because of & that" in page(hostile, f"/entities/dispute/mallory.html?lang={language}").text


def test_search_engines_find_their_own_vocabulary(client: Client) -> None:
    (data,) = page(client, "/entities/actor/moonshot-ai.html").data
    about = json.loads(data)
    assert (about["@type"], about["name"]) == ("Organization", "Moonshot AI")
    assert about["@id"] == "https://w3id.org/ctkg/id/actor/moonshot-ai"


def test_the_front_page_leads_to_all_that_its_json_lists(client: Client, world: KnowledgeGraph) -> None:
    document = json.loads(client.get("/", headers={"Accept": "application/json"}).text)
    assert document["data_date"] == world.data_date
    assert document["counts"]["statements"] > 100
    found = page(client, "/")
    leads = {link["href"] for link in found.all("a")}
    listed = {item["address"] for item in document["addresses"]}
    assert {address for address in listed if "{" not in address} <= leads
    assert {"/queries", "/sparql", "/dataset", "/dumps/", "/ontology"} <= listed
    assert [form["action"] for form in found.all("form")] == ["/search"]
    assert client.get("/").mimetype == "application/json"


def test_every_term_has_an_anchor(client: Client, world: KnowledgeGraph) -> None:
    anchors = {attributes.get("id") for _, attributes in page(client, "/ontology.html").elements}
    terms = world.backend.select(
        """SELECT DISTINCT ?t { VALUES ?kind { owl:Class owl:ObjectProperty owl:DatatypeProperty skos:Concept
          skos:ConceptScheme } ?t a ?kind FILTER(STRSTARTS(STR(?t), "https://w3id.org/ctkg/ontology#")) }"""
    )
    assert {term.value.partition("#")[2] for (term,) in terms} <= anchors


def test_a_page_names_each_anchor_once(client: Client) -> None:
    for address in ("/ontology.html", "/shapes.html", "/dataset.html", "/entities/actor/moonshot-ai.html"):
        found = [attributes["id"] for _, attributes in page(client, address).elements if "id" in attributes]
        assert len(found) == len(set(found)), address


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Client:
    return hostile_world(tmp_path_factory.mktemp("hostile"))


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    "path", ["person/mallory", "statement/mallory-aaaaaa", "source/evil-1", "source/evil-2", "actor/acme"]
)
def test_markup_in_the_data_stays_text(hostile: Client, path: str, language: str) -> None:
    found = page(hostile, f"/entities/{path}.html?lang={language}")
    assert not {"img", "b", "i", "u"} & {name for name, _ in found.elements[30:]}
    assert all(script == {"type": "application/ld+json"} for script in found.all("script"))
    assert len(found.data) == len(found.all("script")) == 1
    assert json.loads(found.data[0])["@id"].endswith(path)
    assert not [name for _, attributes in found.elements for name in attributes if name.startswith("on")]
    assert not [link for link in found.all("a") if not re.match(r"/|#|\?|https?://", str(link["href"]))]


def test_a_hostile_name_is_shown_as_it_is_written(hostile: Client) -> None:
    found = page(hostile, "/entities/person/mallory.html")
    assert EVIL in found.text
    assert "javascript:alert(3)" in found.text
    assert "\u202e" not in found.text
    assert "{{ 7 * 7 }}" in page(hostile, "/entities/person/mallory.html?lang=zh").text


@pytest.mark.parametrize(
    "address", [f"/{EVIL}", f"/id/{EVIL}/x", f"/entities/actor/{EVIL}", f"/?x={EVIL}", f"/sparql?query={EVIL}"]
)
def test_markup_in_a_request_stays_text(client: Client, address: str) -> None:
    found = page(client, address)
    assert not found.all("script")
    assert not [name for _, attributes in found.elements for name in attributes if name.startswith("on")]


def test_a_problem_is_told_as_a_page_to_a_browser_and_as_json_to_a_program(client: Client) -> None:
    found = page(client, "/entities/actor/moonshot-a?lang=zh")
    assert found.all("html") == [{"lang": "zh"}]
    assert "moonshot-ai" in found.text
    assert client.get("/entities/actor/moonshot-a").mimetype == "application/problem+json"
