"""The OpenAPI document: valid, complete, and true of what the server answers."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest
import schemathesis
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from openapi_spec_validator import validate
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from werkzeug.test import Client

from ctkg.analyses import ANALYSES
from ctkg.graph import KnowledgeGraph
from ctkg.http.app import ADDRESSES, Application
from ctkg.http.site import Site


@pytest.fixture
def document(client: Client) -> Any:
    return client.get("/openapi.json").json


def test_the_document_is_valid(document: Any) -> None:
    assert document["openapi"].startswith("3.1")
    validate(document)


def test_yaml_says_the_same(client: Client, document: Any) -> None:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    assert yaml.load(client.get("/openapi.yaml").data, Loader=loader) == document  # noqa: S506 - a safe one


def test_everything_that_can_be_asked_by_name_is_in_it(document: Any, world: KnowledgeGraph) -> None:
    paths = {f"/queries/{name}" for name in world.queries} | {f"/views/{name}" for name in world.views}
    paths |= {f"/analyses/{name}" for name in ANALYSES}
    assert paths <= set(document["paths"])


def test_every_address_of_the_table_is_in_it(document: Any) -> None:
    told = [re.sub(r"\{\w+\}", "*", path) for path in document["paths"]]
    for rule in ADDRESSES.iter_rules():
        path = re.sub(r"<[^>]+>", "*", rule.rule)
        form = re.compile(re.escape(path.removesuffix(".*")).replace(r"\*", "[^/]+"))
        assert any(form.fullmatch(one) or one == path for one in told), rule.rule


def test_operations_have_names_of_their_own(document: Any) -> None:
    names = [operation["operationId"] for item in document["paths"].values() for operation in item.values()]
    assert len(names) == len(set(names)) > 70


def test_a_parameter_says_its_type_its_choices_and_its_default(document: Any) -> None:
    told = {p["name"]: p for p in document["paths"]["/queries/investors-of"]["get"]["parameters"] if "name" in p}
    assert told["investee"]["schema"] == {"type": "string", "minLength": 1, "default": "actor:moonshot-ai"}
    assert told["as_of"]["schema"] == {"type": "string", "format": "date"}
    assert "公司" in told["investee"]["description"]
    view = {p["name"]: p for p in document["paths"]["/views/investments"]["get"]["parameters"] if "name" in p}
    assert view["min_weight"]["schema"] == {"type": "integer", "minimum": 1, "default": 1}
    assert "graphml" in view["format"]["schema"]["enum"]


def test_every_example_of_the_document_is_answered(document: Any, client: Client) -> None:
    for path, item in document["paths"].items():
        asked = {p["name"]: p["example"] for p in item.get("get", {}).get("parameters", ()) if "example" in p}
        if asked and "{" not in path:
            texts = {name: str(value).lower() if isinstance(value, bool) else value for name, value in asked.items()}
            answer = client.get(path, query_string=texts)
            empty = path.startswith("/views/") and answer.status_code == 404 and b"no links" in answer.data
            missing = answer.status_code == 400 and b"has to be given" in answer.data
            assert answer.status_code == 200 or empty or missing, (path, answer.text)


OURS = r"^/(queries|views|analyses|search|reconcile|openapi)"


@cache
def operations(site: Site) -> dict[str, Any]:
    schema = schemathesis.openapi.from_wsgi("/openapi.json", Application(site)).include(path_regex=OURS)
    results: Any = schema.get_all_operations()
    found = [result.ok() for result in results]
    return {operation.label: operation for operation in found}


GROUPS = ("/queries/[a-c]", "/queries/[d-l]", "/queries/[m-r]", "/queries/[s-z{]", "/queries$", "/views", "/analyses", "/(search|rec)")  # fmt: skip


@pytest.mark.parametrize("group", GROUPS)
def test_whatever_is_asked_is_answered_as_the_document_says(site: Site, group: str) -> None:
    chosen = [operation for label, operation in operations(site).items() if re.search(f" {group}", label)]
    assert chosen
    for operation in chosen:
        ask_anything_of(operation)


def ask_anything_of(operation: Any) -> None:
    @settings(max_examples=4, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))
    @given(operation.as_strategy())
    def check(case: Any) -> None:
        answer = case.call(headers={"Accept-Encoding": "identity"})
        assert answer.status_code < 500 or answer.status_code == 501, (case.as_curl_command(), answer.text)
        conforms = [status_code_conformance, content_type_conformance, response_schema_conformance]
        case.validate_response(answer, checks=conforms)

    check()
