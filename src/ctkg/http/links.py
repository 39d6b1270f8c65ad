"""Where a page may lead: to our own addresses, and to those of the web."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from ctkg.namespaces import CTKG, ID, KINDS

__all__ = ["address_of", "web_address"]


def web_address(text: str) -> str | None:
    """The text, where it is an address that a reader can follow safely."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    sound = parts.scheme in ("http", "https") and parts.netloc and text.isprintable() and " " not in text
    return text if sound else None


def address_of(iri: str) -> str | None:
    """Where an IRI is explained: on this server, for ours; ``None`` where nowhere."""
    if iri.startswith(ID) and iri.removeprefix(ID).partition("/")[0] in KINDS:
        return f"/entities/{quote(iri.removeprefix(ID))}"
    if iri.startswith(CTKG):
        return f"/ontology#{quote(iri.removeprefix(CTKG))}"
    return web_address(iri)
