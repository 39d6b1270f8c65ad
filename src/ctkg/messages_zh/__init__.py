"""The Chinese of every message, by its English template: a file for each theme."""

from __future__ import annotations

from ctkg.messages_zh.analyses import MESSAGES as ANALYSES
from ctkg.messages_zh.doors import MESSAGES as DOORS
from ctkg.messages_zh.files import MESSAGES as FILES
from ctkg.messages_zh.headings import MESSAGES as HEADINGS
from ctkg.messages_zh.importing import MESSAGES as IMPORTING
from ctkg.messages_zh.queries import MESSAGES as QUERIES
from ctkg.messages_zh.server import MESSAGES as SERVER
from ctkg.messages_zh.stores import MESSAGES as STORES
from ctkg.messages_zh.views import MESSAGES as VIEWS

__all__ = ["MESSAGES"]

MESSAGES: dict[str, str] = {
    **ANALYSES, **DOORS, **FILES, **HEADINGS, **IMPORTING,
    **QUERIES, **SERVER, **STORES, **VIEWS,
}  # fmt: skip
