"""onnxruntime, as everything here runs it; the one module that loads it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any


def open_session(graph: Path | bytes, weights: Path | None = None) -> Any:
    """A graph, one thread a pass (`index.threads`); what of a graph in memory lies outside it is in `weights`.

    Raises what onnxruntime raises where it cannot be loaded.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # before it is loaded: else it keeps an id and reports to its makers
    import onnxruntime  # noqa: PLC0415 - only a loaded model should cost

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.enable_cpu_mem_arena = False  # it keeps what the longest text took; see index.memory
    if weights is not None:
        options.add_session_config_entry("session.model_external_initializers_file_folder_path", str(weights))
    model = str(graph) if isinstance(graph, Path) else graph
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
