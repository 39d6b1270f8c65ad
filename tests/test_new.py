"""``ctkg new``: the right file, a fresh name, nothing made up, nothing lost."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from ctkg.catalog import open_catalog
from ctkg.errors import DataError, QueryError
from ctkg.formatting import create_file, format_file
from ctkg.messages import use_language
from ctkg.ontology import read_ontology
from ctkg.settings import settings
from ctkg.skeleton import Skeletons, Started
from ctkg.turtle import parse
from ctkg.validate import validate
from tests.conftest import ROOT, Ctkg, write


@pytest.fixture
def data(data: Path) -> Path:
    """The small data folder, written as ``ctkg format`` writes it."""
    for path in data.rglob("*.ttl"):
        format_file(path)
    return data


def start(data: Path, kind: str, *given: tuple[str, str], slug: str | None = None, theme: str | None = None) -> Started:
    skeletons = Skeletons(settings(data))
    return skeletons.start(skeletons.kind(kind), given, slug, theme)


def contents(data: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}


def rules(data: Path, path: Path) -> set[str]:
    return {f.rule for f in validate(settings(data), [path]).findings if f.severity == "violation"}


def test_a_company_gets_a_file_of_its_own(data: Path, ctkg: Ctkg) -> None:
    done = ctkg("new", "--data", str(data), "company", "--label", "Beta Capital", "--label-zh", "贝塔资本")
    path = data / "curated" / "actors" / "beta-capital.ttl"
    assert (done.returncode, done.stdout) == (0, f"{path}\n"), done.stderr
    assert 'rdfs:label "Beta Capital"@en ,\n        "贝塔资本"@zh .' in path.read_text(encoding="utf-8")
    assert rules(data, path) == set()


def test_a_statement_joins_the_file_of_its_root_and_leaves_the_others_lines_alone(data: Path) -> None:
    path = data / "curated" / "capital" / "acme.ttl"
    before = path.read_text(encoding="utf-8")
    begun = start(data, "investment", ("investee", "阿克梅"))
    after = path.read_text(encoding="utf-8")
    assert begun.path == path
    assert re.fullmatch(r"https://w3id\.org/ctkg/id/statement/acme-[a-z2-7]{6}", begun.iri)
    assert begun.iri.rpartition("/")[2] not in before
    kept = [line for line in before.splitlines() if not line.startswith("@prefix")]
    assert [line for line in after.splitlines() if line in kept] != []
    assert set(kept) <= set(after.splitlines())


@pytest.mark.parametrize("kind", ["investment", "Investment", "ctkg:Investment", "投资"])
def test_a_kind_is_known_by_each_of_its_names(data: Path, kind: str) -> None:
    assert Skeletons(settings(data)).kind(kind).name == "investment"


def test_validate_names_every_asked_property_that_was_not_given(data: Path) -> None:
    begun = start(data, "investment", ("investee", "acme"))
    assert {field.name for field in begun.missing} >= {"investor", "stage", "source"}
    assert rules(data, begun.path) >= {
        "shape:Investment-investor", "shape:Investment-stage", "shape:Statement-source",
    }  # fmt: skip


def test_each_comment_becomes_turtle_when_its_mark_is_taken_off_and_its_gap_filled(data: Path) -> None:
    begun = start(data, "investment", ("investee", "acme"))
    text = begun.path.read_text(encoding="utf-8")
    filled = {
        "investor actor:…": "investor actor:zeta",
        "stage ctkg:…": "stage ctkg:Completed",
        "source:…": "source:gazette-2024",
    }
    for gap, value in filled.items():
        assert text.count(gap) == 1
        text = text.replace(gap, value)
    text = re.sub(r"(?m)^(    )# (?=ctkg:(?:investor|stage)|prov:)", r"\1", text)
    text = "".join(line for line in text.splitlines(keepends=True) if "…" not in line)
    begun.path.write_text(text, encoding="utf-8")
    format_file(begun.path)
    assert rules(data, begun.path) == set()
    assert "#" not in re.sub(r"<[^>]*>", "", begun.path.read_text(encoding="utf-8"))


def test_a_gap_left_unfilled_is_refused(data: Path) -> None:
    begun = start(data, "company", ("label-zh", "贝塔资本"), slug="beta")
    text = begun.path.read_text(encoding="utf-8")
    assert '# rdfs:label "…"@en ;' in text
    begun.path.write_text(text.replace("# rdfs", "rdfs"), encoding="utf-8")
    assert "placeholder" in rules(data, begun.path)
    other = start(data, "investment", ("investee", "acme"))
    other.path.write_text(
        other.path.read_text(encoding="utf-8").replace("# ctkg:investor", "ctkg:investor"), encoding="utf-8"
    )
    assert rules(data, other.path) == {"syntax"}


def test_every_kind_can_be_begun_in_canonical_form(data: Path) -> None:
    """Entities first, then statements about them: nothing is written by hand for any kind."""
    ontology = read_ontology(triple for path in open_catalog(settings(data)).ontology for triple in parse(path))
    skeletons = Skeletons(settings(data))
    begun: dict[str, str] = {"Statement": "statement:acme-aaaaaa", "Source": "source:gazette-2024"}
    for kind in sorted(skeletons.kinds(), key=lambda kind: kind.class_ not in ontology.kinds):
        fields = {field.property: field for field in skeletons.fields(kind)}
        root = fields.get(ontology.root_property.get(kind.class_, ""))
        given: tuple[str, str] = ("label", f"Some new {kind.name}")
        slug = None
        if root is not None:
            given = (
                root.name,
                next(begun[name.rpartition("#")[2]] for name in root.classes if name.rpartition("#")[2] in begun),
            )
        elif ontology.is_a(kind.class_, "Deal"):
            slug = f"acme-{kind.name}"
        elif kind.name == "source":
            given = ("publisher", "Some Journal")
        elif kind.name == "dispute":
            given = ("rival", begun["Statement"])
        elif kind.name == "event":
            given = ("date", "2024-05")
        theme = None
        if len(kind.themes) > 1 and kind.name != "dispute":
            theme = kind.themes[0]
        started = skeletons.start(kind, [given], slug, theme)
        assert not format_file(started.path, write=False), kind.name
        for class_ in (kind.class_, *ontology.superclasses.get(kind.class_, ())):
            begun.setdefault(class_.rpartition("#")[2], started.iri)
    assert len(skeletons.kinds()) > 50
    found = validate(settings(data)).findings
    assert {"syntax", "layout", "build", "placeholder", "nothing-undefined"} & {
        finding.rule for finding in found
    } == set()


def test_no_two_options_of_a_kind_are_called_alike(data: Path) -> None:
    skeletons = Skeletons(settings(data))
    for kind in skeletons.kinds():
        names = [field.name for field in skeletons.fields(kind)]
        names += [f"{field.name}-{code}" for field in skeletons.fields(kind) for code in field.languages[1:]]
        assert len(names) == len(set(names)), kind.name
        assert not {"data", "lang", "slug", "theme", "help"} & set(names), kind.name


def test_a_kind_with_several_themes_goes_where_its_root_is_at_home(data: Path) -> None:
    assert start(data, "claim", ("about", "acme")).path == data / "curated" / "actors" / "acme.ttl"


def test_names_are_resolved_as_questions_resolve_them(data: Path) -> None:
    begun = start(data, "investment", ("investee", "Acme"), ("investor", "泽塔资本"), ("source", "gazette-2024"))
    text = begun.path.read_text(encoding="utf-8")
    block = text[text.index(begun.iri.rpartition("/")[2]) :]
    assert "ctkg:investor actor:zeta" in block
    assert "prov:wasDerivedFrom source:gazette-2024" in block


def test_a_date_keeps_its_precision_and_a_concept_its_prefix(data: Path) -> None:
    begun = start(
        data, "investment", ("investee", "acme"), ("date", "2026-10"), ("stage", "completed"), ("amount", "8000000")
    )
    text = begun.path.read_text(encoding="utf-8")
    assert '"2026-10"^^xsd:gYearMonth' in text
    assert "ctkg:amount 8000000" in text


def test_a_known_publisher_keeps_its_file_and_names(data: Path) -> None:
    begun = start(data, "source", ("publisher", "gazette"), ("issued", "2026-10-12"))
    assert begun.path == data / "curated" / "evidence" / "gazette.ttl"
    assert begun.iri.endswith("/source/gazette-20261012")
    assert begun.path.read_text(encoding="utf-8").count('dcterms:publisher "Gazette"@en') == 2
    again = start(data, "source", ("publisher", "Gazette"), ("issued", "2026-10-12"))
    assert again.iri.endswith("/source/gazette-20261012-2")


RETIRED = (
    'actor:old\n    a ctkg:Company ;\n    rdfs:label "Old"@en , "旧"@zh ;\n    dcterms:isReplacedBy actor:acme .\n'
)


@pytest.mark.parametrize(
    ("kind", "given", "slug", "says"),
    [
        ("company", [("label", "Acme")], None, "is there already: actor:acme"),
        ("company", [("label", "阿克梅")], None, "is there already: actor:acme"),
        ("company", [("label", "Another")], "acme", "actor:acme is taken"),
        ("company", [("label", "Another")], "old", "actor:old is taken"),
        ("company", [("label", "Another")], "No Slug", "cannot be 'No Slug'"),
        ("company", [("label-zh", "只有中文")], None, "what is it called"),
        ("company", [("colour", "red")], None, "this kind has no --colour"),
        ("investment", [], None, "which ctkg:investee"),
        ("investment", [("investee", "nobody")], None, "is called 'nobody'"),
        ("investment", [("investee", "acme"), ("investee", "zeta")], None, "is given twice"),
        ("investment", [("investee", "acme"), ("stage", "begun")], None, "--stage cannot be 'begun'"),
        ("investment", [("investee", "acme"), ("date", "autumn")], None, "--date cannot be 'autumn'"),
        ("investment", [("investee", "acme"), ("amount", "much")], None, "--amount cannot be 'much'"),
        ("investment", [("investee", "acme")], "acme-x", "takes no --slug"),
        ("funding-round", [("label", "A round")], None, "what is it called"),
        ("funding-round", [("label", "A round")], "nobody-2026", "does not begin with the slug of a company"),
        ("dispute", [], None, "which ctkg:rival"),
        ("source", [("issued", "2026")], None, "named after its publisher"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_refused_and_nothing_written(
    data: Path, ctkg: Ctkg, kind: str, given: list[tuple[str, str]], slug: str | None, says: str
) -> None:
    format_file(write(data / "curated" / "actors" / "old.ttl", RETIRED))
    before = contents(data)
    options = [word for name, text in given for word in (f"--{name}", text)] + (["--slug", slug] if slug else [])
    done = ctkg("new", "--data", str(data), kind, *options)
    assert done.returncode == 2
    assert says in done.stderr
    assert "hint:" in done.stderr
    assert done.stdout == ""
    assert contents(data) == before


def test_a_file_that_appears_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file.ttl"
    create_file(path, b"first")
    with pytest.raises(DataError, match="changed by somebody else"):
        create_file(path, b"second")
    assert path.read_bytes() == b"first"
    assert list(path.parent.iterdir()) == [path]


def test_an_unwritable_file_leaves_everything_as_it_was(data: Path) -> None:
    (data / "curated" / "actors" / "beta.ttl").mkdir()
    with pytest.raises(DataError, match=r"beta\.ttl"):
        start(data, "company", ("label", "Beta"))
    assert list((data / "curated" / "actors" / "beta.ttl").iterdir()) == []


def test_the_kinds_are_those_of_the_ontology_in_either_language(ctkg: Ctkg) -> None:
    english = ctkg("new").stdout.splitlines()
    chinese = ctkg("new", "--lang", "zh").stdout.splitlines()
    assert len(english) == len(chinese) > 50
    assert "company\tCompany\tactors" in english
    assert any(line.startswith(("company\t企业\t", "company\t公司\t")) for line in chinese)


def test_help_of_a_kind_lists_its_properties_and_choices(ctkg: Ctkg) -> None:
    done = ctkg("new", "investment", "--help")
    assert done.returncode == 0
    assert "*--investor" in done.stdout
    assert "Rumoured | Announced" in done.stdout
    assert "--comment/--comment-zh" in done.stdout


def test_refusals_come_in_chinese(data: Path) -> None:
    use_language("zh")
    with pytest.raises(QueryError, match="已经存在"):
        start(data, "company", ("label", "Acme"))


def test_a_checkout_is_found_from_within(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "data" / "curated" / "people", tmp_path / "repo" / "data" / "curated" / "people")
    shutil.copy(ROOT / "data" / "curated" / "dataset.ttl", tmp_path / "repo" / "data" / "curated")
    for folder in ("repo", "repo/data/curated/people"):
        monkeypatch.chdir(tmp_path / folder)
        assert settings().data == str(tmp_path / "repo" / "data")
    monkeypatch.chdir(tmp_path)
    assert settings().data == str(ROOT / "data")
