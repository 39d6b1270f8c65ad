"""One search box: what is found by which of its names, in which order, and what is refused."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctkg.backend import RdflibBackend
from ctkg.errors import CtkgError, NotFound, QueryError
from ctkg.graph import KnowledgeGraph
from ctkg.messages import tr, use_language
from ctkg.namespaces import ID, curie
from ctkg.search import HOWS, SearchIndex
from ctkg.search_names import gather, kept_names
from tests.conftest import WORLD, Ctkg, in_process, write

DATA = ("--data", str(WORLD))
HOSTILE = [
    "\x00", "\u202eabc", "\ud800", "moon\u200bshot", "' OR 1=1 --", '"} UNION { ?s ?p ?o }', "moonshot*", "NEAR(a b)",
    "a AND NOT b", "words:x", "-moonshot", "(((", "^a", "%", "\\", "🜁🜂", "ﷺ" * 300, "\u0301" * 300, "<x>", "actor:",
    "://", "a\tb\nc", "{0}", "a " * 150,
]  # fmt: skip


def first(kg: KnowledgeGraph, text: str) -> tuple[str, str]:
    """The CURIE of the best hit, and how it matched."""
    hit = kg.search(text)[0]
    return curie(hit.iri), hit.how


# What is found


@pytest.mark.parametrize(
    "text",
    [
        "Moonshot AI", "moonshot  ai", "MoonshotAI", "Ｍｏｏｎｓｈｏｔ　ＡＩ", "月之暗面", "moonshot-ai", "Móonshot AI", "Yuezhi Anmian",
        "actor:moonshot-ai", f"{ID}actor/moonshot-ai", f"<{ID}actor/moonshot-ai>", "yuezhianmian", "yue zhi an mian",
    ],
)  # fmt: skip
def test_a_label_other_name_slug_curie_or_iri_is_an_exact_match(world: KnowledgeGraph, text: str) -> None:
    assert first(world, text) == ("actor:moonshot-ai", "exact")


@pytest.mark.parametrize(
    ("text", "thing", "how"),
    [
        ("moons", "actor:moonshot-ai", "prefix"),  # while typing
        ("月之", "actor:moonshot-ai", "prefix"),
        ("AI Moonshot", "actor:moonshot-ai", "word"),
        ("智谱 Zhipu", "actor:zhipu-ai", "word"),  # in both languages at once
        ("atlas technology", "actor:zhipu-ai", "word"),
        ("laboratory peng", "actor:peng-cheng-lab", "word"),
        ("labor cheng", "actor:peng-cheng-lab", "word"),
        ("实验室", "actor:peng-cheng-lab", "substring"),
        ("暗面", "actor:moonshot-ai", "substring"),
        ("实验室 人工智能", "actor:shanghai-ai-lab", "substring"),
        ("oonsho", "actor:moonshot-ai", "substring"),
        ("智譜", "actor:zhipu-ai", "exact"),  # traditional characters
        ("實驗室", "actor:peng-cheng-lab", "substring"),
        ("mianbizhineng", "actor:modelbest", "pinyin"),
        ("mian bi zhi neng", "actor:modelbest", "pinyin"),
        ("mianbizh", "actor:modelbest", "pinyin"),
        ("miàn bì zhì néng", "actor:modelbest", "pinyin"),
        ("mbzn", "actor:modelbest", "initials"),
        ("yzam", "actor:moonshot-ai", "initials"),
        ("zhipuu", "actor:zhipu-ai", "typo"),
        ("moonshto", "actor:moonshot-ai", "typo"),
        ("moonshto ai", "actor:moonshot-ai", "typo"),
        ("labratory peng", "actor:peng-cheng-lab", "typo"),
        ("mianbizhinegn", "actor:modelbest", "typo"),  # in pinyin, too
        ("月之暗而", "actor:moonshot-ai", "typo"),
    ],
)
def test_looser_names_find_the_thing_and_say_how(world: KnowledgeGraph, text: str, thing: str, how: str) -> None:
    assert first(world, text) == (thing, how)


def test_a_legal_form_makes_no_difference(world: KnowledgeGraph) -> None:
    hits = {curie(hit.iri): hit for hit in world.search("北京智谱华章科技")}
    assert hits["actor:zhipu-ai"].how == "exact"  # 北京智谱华章科技股份有限公司
    assert hits["actor:beijing-zhipu-huazhang-technology"].how == "exact"
    assert first(world, "Baidu Co., Ltd.") == ("actor:baidu", "exact")


def test_a_hit_tells_which_name_in_which_language_matched(world: KnowledgeGraph) -> None:
    hit = world.search("智谱华章")[0]
    assert (hit.name, hit.language) == ("智谱华章", "zh")
    assert hit.labels == {"en": "Zhipu AI", "zh": "智谱"}
    assert hit.label("zh") == "智谱"
    assert hit.class_.labels["en"] == "Company"
    assert hit.class_.iri in hit.classes
    slug = world.search("zhipu-ai", kind="actor")[0]
    assert (slug.name, slug.language) == ("Zhipu AI", "en")  # a label before the slug that is spelled alike


def test_a_former_name_finds_who_bears_it_no_longer(world: KnowledgeGraph) -> None:
    rows = world.sparql("SELECT ?e ?n { ?s a ctkg:Naming ; ctkg:named ?e ; ctkg:name ?n } ORDER BY ?e ?n").rows or ()
    names = [(thing.value, name.value) for thing, name in rows]  # type: ignore[union-attr]
    assert names
    assert [n for thing, n in names if thing not in {h.iri for h in world.search(n) if h.how == "exact"}] == []


# In which order


@pytest.mark.parametrize("text", ["ai", "zhipu", "智谱", "hua", "tech", "zh", "huawai", "中国"])
def test_better_matches_come_first_and_among_equals_what_is_known_best(world: KnowledgeGraph, text: str) -> None:
    hits = world.search(text, limit=1000)
    assert len(hits) > 1
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    keys = [(-hit.score, -hit.statements, hit.label(), hit.iri) for hit in hits]
    assert keys == sorted(keys)
    assert len({hit.iri for hit in hits}) == len(hits)
    assert [HOWS.index(hit.how) for hit in hits if hit.how not in ("pinyin", "initials")] == sorted(
        HOWS.index(hit.how) for hit in hits if hit.how not in ("pinyin", "initials")
    )


def test_a_limit_keeps_the_best(world: KnowledgeGraph) -> None:
    assert world.search("zhi", limit=3) == world.search("zhi", limit=1000)[:3]


def test_typing_errors_are_looked_for_only_where_nothing_else_is_found(world: KnowledgeGraph) -> None:
    assert "typo" not in {hit.how for hit in world.search("zhipu", limit=1000)}
    assert {hit.how for hit in world.search("zhipuu", limit=1000)} == {"typo"}


def test_a_short_word_has_no_typing_errors(world: KnowledgeGraph) -> None:
    assert world.search("xqz") == []


# What is kept apart


def test_sources_and_disputes_are_found_where_asked_for(world: KnowledgeGraph) -> None:
    title = "Entity List Additions"
    assert not {"source", "dispute", "statement"} & {hit.iri.split("/")[-2] for hit in world.search(title, limit=1000)}
    assert all(hit.class_.iri.endswith("#Source") for hit in world.search("entity list", kind="source"))
    assert world.search("entity list", kind="source")
    assert world.search("ascend 910c", kind="dispute")
    assert world.search("entity list", class_="ctkg:Source")


def test_a_kind_or_class_narrows_the_search(world: KnowledgeGraph) -> None:
    assert {hit.iri.split("/")[-2] for hit in world.search("zhipu", kind="deal")} == {"deal"}
    for class_ in ("ctkg:Company", "Company", "https://w3id.org/ctkg/ontology#Company"):
        assert world.search("zhipu", class_=class_)[0].label() == "Zhipu AI"
    assert world.search("moonshot-ai", kind="model") == []
    assert world.search("actor:moonshot-ai", kind="model") == []
    assert {hit.class_.label() for hit in world.search("zhipu", class_="ctkg:Actor", limit=1000)} >= {"Legal entity"}


def test_what_was_replaced_is_answered_by_what_replaced_it_once(data: Path) -> None:
    for name, says in (
        ("acme", 'rdfs:label "Acme"@en , "阿克梅"@zh'),
        ("acne", 'rdfs:label "Acne Works"@en , "痤疮厂"@zh ; dcterms:isReplacedBy actor:older'),
        ("older", 'rdfs:label "Acme"@en ; dcterms:isReplacedBy actor:acme'),
    ):
        write(data / "curated" / "actors" / f"{name}.ttl", f"actor:{name} a ctkg:Company ; {says} .")
    kg = KnowledgeGraph.open(data)
    for text in ("Acne Works", "痤疮", "acne", "actor:acne", "actor:older", "Acme", "cuochuang"):
        assert [curie(hit.iri) for hit in kg.search(text, kind="actor")] == ["actor:acme"], text
    assert kg.search("Acne Works")[0].labels == {"en": "Acme", "zh": "阿克梅"}


# What is refused, and what does no harm


@pytest.mark.parametrize("text", ["", " ", "\t\n", "\u3000", "!?", "\u202e\u200b", "\x00"])
def test_nothing_to_search_for_is_said_so(world: KnowledgeGraph, text: str) -> None:
    with pytest.raises(QueryError, match="nothing to search for") as caught:
        world.search(text)
    assert caught.value.hint


def test_a_long_text_is_refused_at_once(world: KnowledgeGraph) -> None:
    world.search("moonshot")
    begun = time.perf_counter()
    for letters in ("a", "a ", "月", "\u0301", "ﷺ"):
        with pytest.raises(QueryError, match="characters"):
            world.search(letters * 100_000)
    assert time.perf_counter() - begun < 0.5


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_answered_or_refused(world: KnowledgeGraph, text: str) -> None:
    begun = time.perf_counter()
    try:
        world.search(text)
    except QueryError as error:
        assert error.hint  # noqa: PT017
    assert time.perf_counter() - begun < 2


@settings(max_examples=200)
@given(st.text(max_size=320))
def test_whatever_is_typed_is_answered_or_refused(world: KnowledgeGraph, text: str) -> None:
    try:
        hits = world.search(text)
    except CtkgError as error:
        assert str(error)  # noqa: PT017
    else:
        assert all(0 < hit.score <= 100 and hit.how in HOWS for hit in hits)


def test_an_unknown_kind_class_or_limit_is_refused_with_what_is_known(world: KnowledgeGraph) -> None:
    with pytest.raises(QueryError, match="no kind") as kind:
        world.search("x", kind="actr")
    assert "actor" in str(kind.value.hint)
    with pytest.raises(NotFound, match="no class") as class_:
        world.search("x", class_="ctkg:Compny")
    assert "Company" in str(class_.value.hint)
    with pytest.raises(QueryError, match="limit"):
        world.search("x", limit=0)


# On every engine, and kept


def test_every_engine_finds_the_same(
    world: KnowledgeGraph, world_in_rdflib: RdflibBackend, world_in_oxigraph: KnowledgeGraph
) -> None:
    names = gather(world.backend)
    assert gather(world_in_rdflib) == names
    assert gather(world_in_oxigraph.backend) == names
    assert world_in_oxigraph.search("yzam") == world.search("yzam") == SearchIndex.of(world.backend).search("yzam")


def test_the_names_are_kept_beside_the_store_and_mended_where_damaged(data: Path) -> None:
    kg = KnowledgeGraph.open(data)
    assert kg.snapshot is not None
    kept = Path(kg.snapshot.path, "names.json")
    assert not kept.exists()  # who does not search does not pay
    names = kept_names(kg.snapshot.path, kg.backend)
    assert kept_names(kg.snapshot.path, kg.backend) == names == gather(kg.backend)
    whole = kept.read_bytes()
    for damage in (b"", whole[:100], b"[]", b"{}", b'{"layout": 0}', b'{"layout": 1, "things": [[]]}', b"\xff"):
        kept.write_bytes(damage)
        assert kept_names(kg.snapshot.path, kg.backend) == names
        assert kept.read_bytes() == whole
    assert KnowledgeGraph.open(data).search("Acme")[0].label() == "Acme"


def test_a_changed_name_is_found_at_once(data: Path) -> None:
    assert KnowledgeGraph.open(data).search("Acme", kind="actor")
    write(data / "curated" / "actors" / "acme.ttl", 'actor:acme a ctkg:Company ; rdfs:label "Ecma"@en .')
    hits = KnowledgeGraph.open(data).search("Ecma", kind="actor")
    assert [hit.label() for hit in hits] == ["Ecma"]


def test_a_cache_that_cannot_be_written_does_not_stop_the_search(world: KnowledgeGraph, tmp_path: Path) -> None:
    assert kept_names(str(tmp_path / "gone"), world.backend).things


# On the live data


def test_every_label_of_the_live_data_finds_what_bears_it(live: KnowledgeGraph) -> None:
    things = gather(live.backend).things
    index = live.search_index
    for thing in things[:: max(len(things) // 300, 1)]:
        for label in thing.labels.values():
            kind = thing.iri.split("/")[-2]
            found = {hit.iri: hit.how for hit in index.search(label, kind=kind, limit=1000)}
            assert found.get(thing.iri) == "exact", label


def test_a_warm_search_of_the_live_data_takes_milliseconds(live: KnowledgeGraph) -> None:
    texts = ["moons", "dark side", "实验室", "yzam", "moonshto", "zhipuu", "shnaghai ai laboratory", "a", "xqzwvvk"]
    for text in texts:
        live.search(text)  # typing errors make their lexicon once
    begun = time.process_time()
    for text in texts:
        live.search(text)
    assert (time.process_time() - begun) / len(texts) < 0.1  # five times the goal, for slow machines


# The command


def test_the_command_prints_a_table(ctkg: Ctkg) -> None:
    done = ctkg("search", "yzam", *DATA)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[2].split()[:2] == ["Moonshot", "AI"]
    assert "initials" in done.stdout
    chinese = ctkg("search", "yzam", "--lang", "zh", *DATA)
    assert "拼音首字母" in chinese.stdout


def test_the_command_takes_words_kind_class_and_limit() -> None:
    code, out, _ = in_process(
        "search",
        "atlas",
        "technology",
        "--kind",
        "actor",
        "--class",
        "Company",
        "--limit",
        "1",
        "--format",
        "json",
        *DATA,
    )
    document = json.loads(out)
    assert code == 0
    assert [row["id"] for row in document["rows"]] == ["actor:zhipu-ai"]
    assert document["rows"][0]["matched"] == "word"
    assert document["parameters"] == {"text": "atlas technology", "kind": "actor", "class": "Company"}
    assert in_process("search", "atlas", "--format", "csv", *DATA)[1].startswith("thing,class,id,name,matched,score")


def test_the_command_answers_nothing_with_no_rows() -> None:
    assert in_process("search", "xqzwvvk", *DATA)[0] == 0
    code, _, err = in_process("search", "", *DATA)
    assert (code, "hint:" in err) == (2, True)


def test_how_a_name_matched_is_said_in_chinese() -> None:
    use_language("zh")
    assert [how for how in HOWS if tr(how) == how] == []


def test_the_command_takes_bytes_that_are_no_text(ctkg: Ctkg) -> None:
    for text in ("moonshot\udcff", "\udcff", "\x1b[31m"):
        done = ctkg("search", text, "--format", "json", *DATA)
        assert done.returncode in (0, 2), done.stderr
        assert "Traceback" not in done.stderr


def test_a_label_longer_than_most_can_be_searched_for(data: Path) -> None:
    label = "Acme " * 100 + "Works"
    write(data / "curated" / "actors" / "acme.ttl", f'actor:acme a ctkg:Company ; rdfs:label "{label}"@en .')
    assert [hit.how for hit in KnowledgeGraph.open(data).search(label)] == ["exact"]
