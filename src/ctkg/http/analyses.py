"""``/analyses``: the analyses as a list, and each as an address that answers, as stored queries are."""

from __future__ import annotations

from ctkg.analyses import ANALYSES
from ctkg.http.exchange import Reply, Request
from ctkg.http.queries import LISTS, found, listed
from ctkg.http.questions import arguments, missing, natural, of_analysis, split_ending
from ctkg.http.site import Site
from ctkg.http.tables import TABLES, Taken, answered, asking, chosen
from ctkg.messages import tr

__all__ = ["analyses", "analysis"]


def analyses(site: Site, request: Request, ending: str | None = None) -> Reply:
    """What can be analysed."""
    key = request.choose(LISTS, ending)
    arguments(request, ())
    return listed(request, tr("Analyses"), map(of_analysis, ANALYSES), key)


def analysis(site: Site, request: Request, name: str) -> Reply:
    """The answer of one."""
    name, ending = split_ending(name)
    found(ANALYSES, name, tr("no analysis is called {name!r}", name=name), "/analyses")
    question = of_analysis(name)
    key = chosen(request, TABLES, ending, question)
    own = [parameter.name for parameter in question.params]
    given = arguments(request, [*own, *(word for word in ("limit", "offset") if word not in own)])
    # an analysis may have a limit of its own, which then is how far it goes
    limit = None if "limit" in own else natural(given, "limit", None)
    offset = natural(given, "offset", 0)
    lacking = missing(question, given)
    if lacking is not None:
        if key == "html":
            return asking(request, question, given)
        raise lacking
    taken = Taken()
    table = site.kg.analyse(name, taken, **given)
    assert offset is not None
    table = table._replace(notes=(*table.notes, *taken))
    return answered(request, question, table, key, given, (offset, limit), {"formats": list(TABLES)})
