"""SECURITY.md is held to the tests that it names, and `ops/` to the metrics that there are."""

from __future__ import annotations

import ast
import json
import re

import yaml

from service.http.metrics import Metrics
from tests.support.paths import ROOT

SECURITY = (ROOT / "SECURITY.md").read_text("utf-8")


def test_each_test_it_names_exists() -> None:
    """Tried by hand: a test renamed is missed by name."""
    named = re.findall(r"`([\w/]+test_\w+\.py)::(test_\w+)`", SECURITY)
    assert len(named) > 50
    for file, name in named:
        tree = ast.parse((ROOT / "tests" / file).read_text("utf-8"))
        functions = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
        assert name in functions, f"{file}::{name}"


def test_every_threat_has_a_row_with_a_test() -> None:
    rows = {int(number): held for number, held in re.findall(r"^\| (\d+)\. .*? \| (.*) \|$", SECURITY, re.MULTILINE)}
    assert sorted(rows) == list(range(1, 33))
    assert all("::test_" in held for held in rows.values())


def test_the_alerts_and_the_dashboard_read_metrics_that_there_are() -> None:
    """Tried by hand: where a metric is renamed, the alert that reads it fails by its name."""
    there = {f"{family.name}" for family in Metrics().registry.collect()}
    alerts = yaml.safe_load((ROOT / "ops" / "alerts.yml").read_text("utf-8"))
    dashboard = json.loads((ROOT / "ops" / "grafana-dashboard.json").read_text("utf-8"))
    rules = [rule for group in alerts["groups"] for rule in group["rules"]]
    assert all(rule["annotations"].keys() == {"summary", "action"} for rule in rules)
    read = [rule["expr"] for rule in rules] + [t["expr"] for panel in dashboard["panels"] for t in panel["targets"]]
    for expression in read:
        for name in re.findall(r"\b(?:fiqra|process)_\w+", expression):
            assert re.sub(r"_(total|bucket|count|sum)$", "", name) in there, name
    ids = [panel["id"] for panel in dashboard["panels"]]
    assert len(set(ids)) == len(ids) >= 8
