"""The cluster of the tests: Spark's own ``local-cluster`` with two executors in processes of their own."""

import json
import os

from portalkompass.settings import Settings

MASTER = "local-cluster[2,1,1024]"
# A JVM that lives for a minute earns nothing with the slower compiler.
QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
PROPERTIES = {
    "spark.driver.host": "localhost",
    "spark.driver.memory": "1g",
    "spark.driver.extraJavaOptions": QUICK,
    "spark.executor.memory": "1g",
    "spark.executor.extraJavaOptions": QUICK,
    "spark.sql.shuffle.partitions": "2",
    "spark.default.parallelism": "2",
}


def spark_settings(settings: Settings, lake, warehouse="spark") -> Settings:
    """The same settings with questions going to Spark and this lake."""
    cluster = {"master": MASTER, "properties": PROPERTIES}
    return Settings.model_validate(
        settings.model_dump(exclude={"spark"}) | {"warehouse": warehouse, "lake": str(lake), "spark": cluster}
    )


def spark_environment(lake, warehouse="spark") -> dict[str, str]:
    """What an operator sets for the app and the commands."""
    return {
        "PORTALKOMPASS_WAREHOUSE": warehouse,
        "PORTALKOMPASS_LAKE": str(lake),
        "PORTALKOMPASS_SPARK__MASTER": MASTER,
        "PORTALKOMPASS_SPARK__PROPERTIES": json.dumps(PROPERTIES),
    }


# Spark looks for an address of this machine; only the loopback is to be used.
os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
