"""Compare the formats of one dataset as polars and DuckDB read them; exit code 1 if they disagree."""

import csv
import json
import sys
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl

csv.field_size_limit(10**9)
folder = Path(sys.argv[1])
package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
fields = {r["name"]: r["schema"]["fields"] for r in package["resources"] if r["format"] == "csv"}
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
faults = []


def check(holds, message):
    if not holds:
        faults.append(message)


def same(cell, value, kind):
    """Whether a CSV cell and a value of another format say the same."""
    if value is None or value == "" or value == []:
        return cell == ""
    if kind == "number":
        return Decimal(cell) == Decimal(str(value))
    if kind == "integer":
        return int(cell) == value
    if kind == "boolean":
        return cell == str(value).lower()
    if isinstance(value, list):
        return cell == ";".join(value)
    return cell == str(value) or (cell == "'" + str(value) and str(value).startswith(RISKY))


for table, columns in fields.items():
    names = [c["name"] for c in columns]
    raw = (folder / f"{table}.csv").read_bytes()
    check(not raw.startswith(b"\xef\xbb\xbf"), f"{table}.csv has a byte order mark")
    with open(folder / f"{table}.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    others = {}
    parquet = folder / f"{table}.parquet"
    if parquet.exists():
        frame = pl.read_parquet(parquet)
        check(frame.columns == names, f"{table}.parquet: columns {frame.columns}")
        others["parquet"] = frame.to_dicts()
        count = duckdb.sql(f"select count(*) from read_parquet('{parquet}')").fetchall()[0][0]
        check(count == len(rows), f"{table}: DuckDB counts {count} rows in Parquet, CSV has {len(rows)}")
        for column in columns:
            kind = frame.schema[column["name"]]
            if column["type"] == "number" and kind != pl.Float64:
                check(kind == pl.Decimal(38, 9), f"{table}.{column['name']} is {kind}")
            if column["type"] == "date":
                check(kind == pl.Date, f"{table}.{column['name']} is {kind}")
    lines = folder / f"{table}.jsonl"
    if lines.exists():
        with open(lines, encoding="utf-8") as file:
            others["jsonl"] = [json.loads(line, parse_float=Decimal) for line in file]
    for name, found in others.items():
        check(len(found) == len(rows), f"{table}.{name}: {len(found)} rows, CSV has {len(rows)}")
        for number, (row, other) in enumerate(zip(rows, found)):
            for column in columns:
                cell, value = row[column["name"]], other[column["name"]]
                if not same(cell, value, column["type"]):
                    check(False, f"{table}.{name} row {number} {column['name']}: CSV {cell!r}, {name} {value!r}")
    print(f"{table}: {len(rows)} rows, CSV = {' = '.join(others) or 'alone'}")

for fault in faults[:20]:
    print("fault:", fault, file=sys.stderr)
sys.exit(1 if faults else 0)
