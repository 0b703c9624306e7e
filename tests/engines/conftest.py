"""A Spark of two workers on this machine, processes of their own, for all tests of the session."""

import os
import shutil
import sys
from importlib.util import find_spec

import pytest

from graphscan.engines import spark

LOOPBACK = {"SPARK_LOCAL_IP": "127.0.0.1", "SPARK_LOCAL_HOSTNAME": "localhost"}


def missing():
    """What a Spark needs and this machine lacks."""
    return [name for name, there in (("pyspark", find_spec("pyspark")), ("java", shutil.which("java"))) if not there]


@pytest.fixture(scope="session")
def two_workers(tmp_path_factory):
    """The engine on a cluster of two workers; skipped where Spark or Java is missing, unless GRAPHSCAN_REQUIRE_SPARK is 1."""
    if missing():
        told = f"a Spark needs {' and '.join(missing())}"
        pytest.fail(told) if os.environ.get("GRAPHSCAN_REQUIRE_SPARK") == "1" else pytest.skip(told)
    from pyspark.sql import SparkSession

    folder = tmp_path_factory.mktemp("spark")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {
            **LOOPBACK,
            "SPARK_WORKER_DIR": str(folder / "work"),
            "PYSPARK_PYTHON": sys.executable,
        }.items():
            patch.setenv(name, value)
        builder = SparkSession.builder.master("local-cluster[2,1,1024]").config("spark.ui.enabled", "false")
        builder = builder.config("spark.local.dir", str(folder / "local")).config("spark.driver.host", "127.0.0.1")
        session = builder.config("spark.sql.warehouse.dir", str(folder / "warehouse")).getOrCreate()
        try:
            session.sparkContext.setLogLevel("OFF")
            yield spark.start()
        finally:
            session.stop()
            gateway = session.sparkContext._gateway
            gateway.shutdown()
            gateway.proc.stdin.close()
            gateway.proc.wait(60)
