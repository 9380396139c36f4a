#!/usr/bin/python3
"""Runs the demonstration and holds every fact that it left against its JSON Schema.

usage: check_demo.py BIN SOURCE: folder of the programs, folder of the repository
"""
import json
import pathlib
import sqlite3
import subprocess
import sys
import tempfile

import jsonschema


def play_stock(programs: pathlib.Path, node: pathlib.Path) -> None:
    """What the demonstration's day has nothing of: every act of stock, so that each kind of fact is held against its schema."""
    with sqlite3.connect(f"file:{node}/ledger.db?mode=ro", uri=True) as database:
        code, = database.execute("SELECT key FROM product ORDER BY key LIMIT 1").fetchone()
    line = {"code": code, "qty": "2"}
    acts = [{"stock_in": {"document": "D-17", "lines": [line | {"cost": "2.50"}]}}, {"stock_in": {"stock": "cellar", "lines": [line]}},
            {"stock_adjust": {"reason": "broken", "lines": [line | {"qty": "-1"}]}}, {"stock_send": {"to": 2, "document": "van", "lines": [line]}},
            {"stock_arrive": {"from": "2.1/9999", "lines": [line]}}, {"stocktake_open": {}}, {"stocktake_count": line}, {"stocktake_close": {"reason": "yearly"}},
            {"lines": [{"code": code}]}]
    subprocess.run([programs / "paprsek", "stock", node, "--sell-from", ""], check=True, stdout=subprocess.DEVNULL)
    run = subprocess.run([programs / "paprsek", "sell", node], input="\n".join(map(json.dumps, acts)), capture_output=True, text=True)
    subprocess.run([programs / "paprsek", "stock", node, "--sell-from", "cellar"], check=True, stdout=subprocess.DEVNULL)
    sold = subprocess.run([programs / "paprsek", "sell", node], input=json.dumps({"lines": [{"code": code}]}), capture_output=True, text=True)
    assert run.returncode == 0 and sold.returncode == 0, run.stdout + sold.stdout
    moves = subprocess.run([programs / "paprsek", "report", node, "stock-moves", "--code", code, "--json"], capture_output=True, text=True, check=True)
    assert json.loads(moves.stdout)[-1]["stock_name"] == "cellar", moves.stdout
    subprocess.run([programs / "paprsek", "verify", node], check=True, stdout=subprocess.DEVNULL)


def main() -> int:
    programs, source = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    schemas = {path.stem: jsonschema.Draft7Validator(json.loads(path.read_text())) for path in (source / "schema/facts").glob("*.json")}
    with tempfile.TemporaryDirectory() as folder:
        demo = pathlib.Path(folder) / "demo"
        run = subprocess.run([programs / "paprsek", "demo", "--headless", "--json", "--dir", demo, "--data", source / "tools/demo_data"], capture_output=True, text=True)
        if run.returncode != 0:
            print(run.stdout, run.stderr, f"the demonstration ended with {run.returncode}")
            return 1
        outcome = json.loads(run.stdout)
        assert outcome["good"] and outcome["differences"] == 0, outcome
        play_stock(programs, demo / "branch-1")
        seen, wrong = {}, 0
        ledgers = [demo / f"branch-{n}/ledger.db" for n in (1, 2, 3)] + [demo / "hq/hq.db"]
        for ledger in ledgers:
            with sqlite3.connect(f"file:{ledger}?mode=ro", uri=True) as database:
                for kind, body in database.execute("SELECT kind, body FROM fact"):
                    seen[kind] = seen.get(kind, 0) + 1
                    document = json.loads(body)
                    if json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False) != body:
                        print(f"{ledger}: a {kind} fact is not canonical: {body[:200]}")
                        wrong += 1
                    for error in schemas[kind].iter_errors(document) if kind in schemas else [f"kind {kind} has no schema"]:
                        print(f"{ledger}: {kind}: {error}")
                        wrong += 1
        print("facts:", ", ".join(f"{count} {kind}" for kind, count in sorted(seen.items())))
        for kind in ("sale", "refund", "settlement", "deposit", "correction", "cash", "day.closed", "customer.set", "opening", "policy.set",
                     "stock.received", "stock.adjusted", "stock.counted", "stock.sent", "stock.arrived"):
            if kind not in seen:
                print(f"the demonstration left no {kind} fact: its data no longer covers it")
                wrong += 1
        return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
