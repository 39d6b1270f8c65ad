"""What search engines read in our pages, in their own vocabulary."""

from __future__ import annotations

from typing import Any

from ctkg.describe import Card
from ctkg.http.links import web_address
from ctkg.namespaces import ID
from ctkg.publish import GRAPH_FORMS, WHOLE_FORMS, Published

__all__ = ["schema_of_card", "schema_of_datasets"]

_TYPES = {
    "actor": "Organization", "person": "Person", "model": "SoftwareApplication", "framework": "SoftwareApplication",
    "chip": "Product", "product": "Product", "centre": "Place", "place": "Place", "policy": "Legislation",
    "source": "CreativeWork", "dataset": "Dataset", "statement": "Claim",
}  # fmt: skip


def schema_of_card(card: Card) -> dict[str, Any]:
    """Names and addresses of an entity."""
    type_ = _TYPES.get(card.entity.iri.removeprefix(ID).partition("/")[0], "Thing")
    names = [*card.entity.labels.values()]
    others = [text for property_, text in card.facts if property_.slug == "altLabel"]
    pages = [text for property_, text in card.facts if property_.slug == "homepage" and web_address(text)]
    found: dict[str, Any] = {"@context": "https://schema.org", "@type": type_, "@id": card.entity.iri}
    found["name"] = names[0] if names else card.entity.label()
    if names[1:] or others:
        found["alternateName"] = [*names[1:], *others]
    return found | ({"url": pages[0]} if pages else {})


def schema_of_datasets(published: list[Published], base: str, language: str) -> dict[str, Any]:
    """The whole with its parts, for search engines of datasets."""

    def told(part: Published) -> dict[str, Any]:
        return {
            "@type": "Dataset",
            "@id": part.iri,
            "name": _said(part.title, language),
            "description": _said(part.description, language) or _said(part.title, language),
            "license": part.licences[0] if len(part.licences) == 1 else list(part.licences),
            "creator": {"@type": "Organization", "name": part.publisher},
            "dateModified": part.modified,
            "inLanguage": ["en", "zh"],
            "isAccessibleForFree": True,
            "distribution": [
                {
                    "@type": "DataDownload",
                    "contentUrl": f"{base}dumps/{name}",
                    "encodingFormat": {**GRAPH_FORMS, **WHOLE_FORMS}[name.rpartition(".")[2]],
                }
                for name in part.sizes
            ],
        }

    whole, *parts = published
    return {"@context": "https://schema.org", **told(whole), "url": f"{base}dataset", "hasPart": [*map(told, parts)]}


def _said(texts: dict[str, str], language: str) -> str:
    return texts.get(language) or next(iter(texts.values()), "")
