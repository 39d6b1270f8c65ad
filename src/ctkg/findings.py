"""What is to be mended in the data: each finding with place, rule and remedy; as text, JSON and SARIF."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from ctkg.messages import tr
from ctkg.visible import visible

__all__ = ["VIOLATION", "WARNING", "Finding", "Report", "Rule"]

VIOLATION, WARNING = "violation", "warning"


class Rule(NamedTuple):
    """What a finding breaks: its name, what it asks of all data, and how to mend a breach."""

    id: str
    text: str
    remedy: str


class Finding(NamedTuple):
    """Something to mend: ``severity`` is ``violation`` or ``warning``; ``line`` is 1-based."""

    severity: str
    path: str
    line: int | None
    rule: str
    subject: str
    message: str
    remedy: str

    def text(self) -> str:
        """Two lines as compilers write them: place, severity, message, rule; then the remedy."""
        place = f"{self.path}:{self.line}" if self.line else self.path
        severity = tr(self.severity)
        return visible(f"{place}: {severity}: {self.message} [{self.rule}]") + f"\n    {tr('remedy')}: {self.remedy}"


class Report(NamedTuple):
    """All findings, by file and line, the rules that they break, and how much was looked at."""

    findings: tuple[Finding, ...]
    rules: tuple[Rule, ...]
    files: int
    triples: int

    @property
    def violations(self) -> int:
        return sum(finding.severity == VIOLATION for finding in self.findings)

    @property
    def warnings(self) -> int:
        return len(self.findings) - self.violations

    def to_json(self) -> str:
        """The report as one JSON document."""
        document = {
            "files": self.files,
            "triples": self.triples,
            "violations": self.violations,
            "warnings": self.warnings,
            "findings": [finding._asdict() for finding in self.findings],
        }
        return json.dumps(document, ensure_ascii=False, indent=2) + "\n"

    def to_sarif(self) -> str:
        """The report as SARIF 2.1.0, which code hosts show on the lines of a pull request.

        Addresses are relative to the root of the repository, from wherever in it
        the command was run.
        """
        levels = {VIOLATION: "error", WARNING: "warning"}
        places = {rule.id: place for place, rule in enumerate(self.rules)}
        severities = {finding.rule: finding.severity for finding in self.findings}
        results = [
            {
                "ruleId": finding.rule,
                "ruleIndex": places[finding.rule],
                "level": levels[finding.severity],
                "message": {"text": f"{finding.message}\n{finding.remedy}"},
                "locations": [
                    {
                        "physicalLocation": {
                            "artifactLocation": _artifact(finding.path),
                            "region": {"startLine": finding.line or 1},
                        }
                    }
                ],
            }
            for finding in self.findings
        ]
        rules = [
            {
                "id": rule.id,
                "shortDescription": {"text": rule.text},
                "fullDescription": {"text": rule.text},
                "help": {"text": rule.remedy},
                "defaultConfiguration": {"level": levels[severities[rule.id]]},
            }
            for rule in self.rules
        ]
        driver = {"name": "ctkg validate", "rules": rules}
        document = {
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [{"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}],
        }
        return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _artifact(path: str) -> dict[str, Any]:
    """A file of a repository by its path there, any other by its full address."""
    file = Path(path).absolute()
    root = next((folder for folder in file.parents if (folder / ".git").exists()), Path.cwd())
    if not file.is_relative_to(root):
        return {"uri": file.as_uri()}
    return {"uri": quote(file.relative_to(root).as_posix()), "uriBaseId": "%SRCROOT%"}
