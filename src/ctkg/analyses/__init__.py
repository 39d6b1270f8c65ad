"""Analyses: one module each, with its formula and reference; graph in, `ResultTable` out."""

from ctkg.analyses.analysis import Analysis, analyse
from ctkg.analyses.registry import ANALYSES, find_analysis

__all__ = ["ANALYSES", "Analysis", "analyse", "find_analysis"]
