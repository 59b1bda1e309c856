"""The models of a tiendi project: one task for each, in the order of the DAG.

The graph is read from target/manifest.json, which `tiendi parse` writes: do so
when the project is deployed, not when Airflow reads this file. Settings are
environment variables, as in tiendi_etl.py.
"""

import json
import os
from datetime import datetime, timedelta
from pathlib import Path

from airflow import DAG

try:
    from airflow.providers.standard.operators.bash import BashOperator
except ImportError:  # Airflow 2 without the standard provider
    from airflow.operators.bash import BashOperator

TIENDI = os.environ.get("TIENDI_BIN", "tiendi")
PROJECT = Path(os.environ.get("TIENDI_PROJECT_DIR", "."))

manifest = json.loads((PROJECT / "target" / "manifest.json").read_text())
models = {
    unique_id: node
    for unique_id, node in manifest["nodes"].items()
    if node["resource_type"] == "model" and node["config"]["materialized"] != "ephemeral"
}

with DAG(
    dag_id="tiendi_models",
    description="Every model of the project as a task of its own",
    schedule="@hourly",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 2, "retry_delay": timedelta(minutes=1)},
    tags=["tiendi"],
) as dag:
    tasks = {
        unique_id: BashOperator(
            task_id=node["name"],
            # Tasks run side by side, so that each has artifacts of its own.
            bash_command=f"{TIENDI} run -s {node['name']} --target-path target/airflow/{node['name']} --log-format json",
            append_env=True,
        )
        for unique_id, node in models.items()
    }

    def upstream(unique_id, met):
        """The tasks above a node, through what is no task itself."""
        for parent in manifest["parent_map"].get(unique_id, []):
            if parent in tasks:
                met.add(parent)
            else:
                upstream(parent, met)
        return met

    for unique_id, task in tasks.items():
        for parent in upstream(unique_id, set()):
            tasks[parent] >> task
