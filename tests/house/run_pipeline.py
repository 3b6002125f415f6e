"""Run a pipeline of shell commands: ``python -m tests.house.run_pipeline READY '{"first": "...", ...}' [DRAIN]``."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tools.supervise import DRAIN_SECONDS, Pipeline

if __name__ == "__main__":
    pipeline: Pipeline = Pipeline(
        first="first",
        ready=lambda: Path(sys.argv[1]).exists(),
        started=lambda: pipeline.say("all started"),
        drain=float(sys.argv[3]) if len(sys.argv) > 3 else DRAIN_SECONDS,
    )
    for name, command in json.loads(sys.argv[2]).items():
        pipeline.add_process(name, command)
    sys.exit(pipeline.run())
