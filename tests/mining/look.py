"""What PM4Py makes of a log; its own Python runs ``look.py xes|csv|ocel-json|ocel-sqlite LOG [BPMN]``."""

from __future__ import annotations

import json
import sys
from collections import Counter
from typing import Any

import pandas as pd
import pm4py
from pm4py.objects.ocel.validation import ocel20_rel_validation

_COMPLETE = "complete"


def xes(log: str, *bpmn: str) -> dict[str, Any]:
    """Read a log and play its finished cases through the diagram."""
    read = pm4py.read_xes(log)
    finished = read[read["case:alur:status"] == "finished"]
    return _counted(read) | _played(finished, *bpmn)


def csv(log: str, *bpmn: str) -> dict[str, Any]:
    """Read rows, and play those that are activities."""
    rows = pd.read_csv(log)
    named = pm4py.format_dataframe(rows, case_id="case", activity_key="activity", timestamp_key="time")
    is_activity = (named["transition"] == _COMPLETE) & ~named["withdrawn"]
    finished = named[is_activity & (named["status"] == "finished")]
    return _counted(named) | _played(finished, *bpmn)


def ocel_json(log: str, *bpmn: str) -> dict[str, Any]:
    """Read objects and events, and play the cases among them."""
    return _objects(pm4py.read_ocel2_json(log), *bpmn)


def ocel_sqlite(log: str, *bpmn: str) -> dict[str, Any]:
    """Read the same from a file, and tell which rules of the format it breaks."""
    _kept, broken = ocel20_rel_validation.apply(log)
    return _objects(pm4py.read_ocel2_sqlite(log), *bpmn) | {"broken": sorted(map(str, broken))}


def _objects(log: Any, *bpmn: str) -> dict[str, Any]:  # noqa: ANN401 - of PM4Py
    cases = pm4py.ocel_flattening(log, "case")
    finished = set(log.objects.loc[log.objects["status"] == "finished", "ocel:oid"])
    is_activity = (cases["transition"] == _COMPLETE) & ~cases["withdrawn"].astype(bool)
    played = cases[is_activity & cases["case:concept:name"].isin(finished)]
    return {
        "events": len(log.events),
        "cases": int((log.objects["ocel:type"] == "case").sum()),
        "objects": dict(Counter(log.objects["ocel:type"])),
        "relations": sorted(set(log.relations["ocel:qualifier"])),
    } | _played(played, *bpmn)


def _counted(log: pd.DataFrame) -> dict[str, Any]:
    return {"events": len(log), "cases": int(log["case:concept:name"].nunique())}


def _played(log: pd.DataFrame, *bpmn: str) -> dict[str, Any]:
    """Play traces through the net of a diagram, by tokens and by alignments."""
    if not bpmn:
        return {}
    net = pm4py.convert_to_petri_net(pm4py.read_bpmn(bpmn[0]))
    tokens = pm4py.fitness_token_based_replay(log, *net)
    alignments = pm4py.fitness_alignments(log, *net)
    return {
        "played": int(log["case:concept:name"].nunique()),
        "activities": dict(Counter(log["concept:name"])),
        "tokens": tokens["log_fitness"],
        "aligned": alignments["average_trace_fitness"],
        "fitting": alignments["percentage_of_fitting_traces"],
    }


if __name__ == "__main__":
    looks = {"xes": xes, "csv": csv, "ocel-json": ocel_json, "ocel-sqlite": ocel_sqlite}
    sys.stdout.write(json.dumps(looks[sys.argv[1]](*sys.argv[2:])) + "\n")
