from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from ctkg.catalog import open_catalog
from ctkg.errors import DataError
from ctkg.settings import settings
from ctkg.turtle import lines, parse

AWKWARD = '''\
@prefix a: <http://a/> . # prefixes
PREFIX b: <http://b/>
@prefix : <http://empty/> .

# a comment with "quotes and <brackets>
a:one a b:C ;
    b:p """two
lines ; . "quoted" """ , 'it'@en ;
    b:q <http://x/#y>, 1.5 , true ; b:r [ b:s 2 ;
      b:t ( 1 2 ) ] ;
    b:u "a\\"b"^^b:v .

a:two b:p 1. a:three
    b:p a:dotted.name .
<http://whole/iri> :p "x" .
'''


def test_lines_are_those_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "awkward.ttl"
    path.write_text(AWKWARD, encoding="utf-8")
    assert {triple.subject.value for triple in parse(path) if isinstance(triple.subject, NamedNode)} == {
        "http://a/one", "http://a/two", "http://a/three", "http://whole/iri",
    }  # fmt: skip
    found = lines(path)
    text = AWKWARD.splitlines()
    assert text[found["http://a/one", None] - 1].startswith("a:one")
    assert text[found["http://a/one", "http://b/p"] - 1].strip().startswith("b:p")
    assert text[found["http://a/one", "http://b/r"] - 1].count("b:r [")
    assert text[found["http://a/one", "http://b/u"] - 1].strip().startswith("b:u")
    assert text[found["http://a/three", None] - 1].endswith("a:three")
    assert text[found["http://whole/iri", "http://empty/p"] - 1].startswith("<http://whole")


def test_every_named_subject_of_our_own_files_has_its_line() -> None:
    catalog = open_catalog(settings())
    paths = [file.path for file in catalog.data][::25] + list(catalog.ontology) + list(catalog.shapes)
    assert len(paths) > 20
    for path in paths:
        found = lines(path)
        text = path.read_text(encoding="utf-8").splitlines()
        for triple in parse(path):
            if isinstance(triple.subject, NamedNode):
                key = (triple.subject.value, triple.predicate.value)
                assert key in found, (path, key)
                name = triple.subject.value.rsplit("/", 1)[-1].rsplit("#", 1)[-1]
                assert name in text[found[triple.subject.value, None] - 1], (path, triple.subject)


def test_a_syntax_error_names_file_line_and_remedy(tmp_path: Path) -> None:
    path = tmp_path / "broken.ttl"
    path.write_text("@prefix a: <http://a/> .\na:b a:c 'x' ;\n  ] .\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        parse(path)
    assert str(caught.value).startswith(f"{path}:3: not readable as Turtle")
    assert caught.value.hint


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b'<http://a> <http://b> "\xe4" .', b"\x00" * 10])
def test_bytes_that_are_no_text_are_an_error_of_the_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bytes.ttl"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"bytes\.ttl"):
        parse(path)
    assert lines(path) == {}


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    path = tmp_path / "windows.ttl"
    path.write_bytes(b"\xef\xbb\xbf@prefix a: <http://a/> .\r\n\r\na:b\r\n  a:c a:d .\r\n")
    assert len(parse(path)) == 1
    assert lines(path) == {("http://a/b", None): 3, ("http://a/b", "http://a/c"): 4}


def test_a_missing_file_is_an_error_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        parse(tmp_path / "nowhere.ttl")
