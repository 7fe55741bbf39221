"""Pure measures: Narwhals frame in, Narwhals frame out, the same on pandas, DuckDB and Spark.

Rates are recomputed from sums, divisors are guarded, sums are whole numbers again, days without data
are missing and not zero. Nothing here knows where a frame comes from.
"""
