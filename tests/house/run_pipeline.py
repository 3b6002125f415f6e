"""Run a pipeline of shell commands: ``python -m tests.house.run_pipeline READY_FILE '{"first": "...", ...}'``."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tools.supervise import Pipeline

if __name__ == "__main__":
    pipeline: Pipeline = Pipeline(
        first="first",
        ready=lambda: Path(sys.argv[1]).exists(),
        started=lambda: pipeline.say("all started"),
    )
    for name, command in json.loads(sys.argv[2]).items():
        pipeline.add_process(name, command)
    sys.exit(pipeline.run())
