"""The night's work of tiendi: one task for each step of `tiendi etl`.

A task that fails is tried again, and goes on where it stopped: what is done is
written down in the warehouse. Settings are environment variables of the workers:

    TIENDI_BIN          the binary (default: tiendi)
    TIENDI_PROJECT_DIR  the project's folder

and all that tiendi itself reads: TIENDI_TARGET, CLICKHOUSE_PASSWORD, …
"""

import os
from datetime import datetime, timedelta

from airflow import DAG

try:
    from airflow.providers.standard.operators.bash import BashOperator
except ImportError:  # Airflow 2 without the standard provider
    from airflow.operators.bash import BashOperator

TIENDI = os.environ.get("TIENDI_BIN", "tiendi")
STEPS = ["wait", "extract", "transform", "load", "cache", "notify"]

with DAG(
    dag_id="tiendi_etl",
    description="The marketplace's day, from raw events to the report",
    schedule="5 0 * * *",  # shortly after midnight; the step wait does the rest
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,  # a second night at the same time is refused
    default_args={"retries": 3, "retry_delay": timedelta(minutes=5)},
    tags=["tiendi"],
) as dag:
    before = None
    for step in STEPS:
        task = BashOperator(
            task_id=step,
            # The day that has ended when the run is due.
            bash_command=f"{TIENDI} etl --date {{{{ macros.ds_add(data_interval_end | ds, -1) }}}} --steps {step} --log-format json",
            append_env=True,
            execution_timeout=timedelta(hours=3),
        )
        if before is not None:
            before >> task
        before = task
