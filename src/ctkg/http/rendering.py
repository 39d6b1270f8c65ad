"""Pages from templates: Jinja2, escaping whatever is put in."""

from __future__ import annotations

from functools import cache
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined

from ctkg.http.exchange import Request
from ctkg.messages import language, tr

__all__ = ["local", "page"]

_HOME = "https://w3id.org/ctkg"


def page(request: Request, template: str, **values: Any) -> str:
    """The page of a template, in the language spoken now; ``base.html`` offers it in the other one."""
    other = "zh" if language() == "en" else "en"
    arguments = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    return (
        _environment()
        .get_template(template)
        .render(
            root=request.script_root,
            spoken=language(),
            other=other,
            other_address="?" + urlencode([*arguments, ("lang", other)]),
            forms=[],
            tr=tr,
            **values,
        )
    )


def local(request: Request, iri: str) -> str:
    """Where this server answers for an IRI of ours; any other as it stands."""
    return request.script_root + iri.removeprefix(_HOME) if iri.startswith(_HOME) else iri


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("ctkg.http"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
