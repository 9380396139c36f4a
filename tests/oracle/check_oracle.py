#!/usr/bin/python3
"""Holds `paprsek sell` against the independent model in oracle.py: the demo's days, then random shops and scripts.

usage: check_oracle.py BIN SOURCE [--seed N] [--rounds N] [--keep-going]

BIN is the folder of the programs, SOURCE that of the repository. Without --seed a few fixed seeds and a fresh one are
played; every seed is printed, and a difference names the seed to repeat it with. The script that shows a difference is
shortened as far as a few dozen runs allow.
"""
import argparse
import csv
import io
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
from fractions import Fraction

sys.dont_write_bytecode = True  # the source folder stays as it is

import generate
import oracle

PRODUCT_FIELDS = "code,name,group,price,vat,cost,points,dealer_discounts".split(",")
CUSTOMER_FIELDS = "number,name,cards,dealer,discount,charge_to_account,limit,points,spend,referrer,phone,email,address,note".split(",")
GROUP_FIELDS = "group,parent,excluded".split(",")
OPTIONAL_FIELDS = {"debt"}  # said only where an account is touched; `report customers` is compared at the end anyway

FIXED_SEEDS = [1, 2, 3]
SHRINKING_RUNS = 60
LONG = 1500  # characters of an answer worth reading in a log


class Shop:
    """What a branch is set up with: rows of its imports, its policy and its time zone."""
    def __init__(self, groups, products, customers, policy, time_zone="Europe/Prague", branch=1):
        self.groups, self.products, self.customers, self.policy = groups, products, customers, policy
        self.time_zone, self.branch = time_zone, branch

    def model(self):
        node = oracle.Node(f"{self.branch}.1", self.time_zone)
        node.import_groups(self.groups)
        node.import_products(self.products)
        node.import_customers(self.customers)
        node.policy = self.policy
        return node


class Program:
    def __init__(self, binary):
        self.binary = binary

    def run(self, *arguments, good=(0,)):
        run = subprocess.run([self.binary, *arguments], capture_output=True, text=True)
        if run.returncode not in good:
            raise SystemExit(f"{' '.join(map(str, arguments))}: exit code {run.returncode}\n{run.stdout}{run.stderr}")
        return run

    def play(self, shop, script):
        """(answers, exit code of sell, customers, verify) of a new branch that plays the script."""
        with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as folder:
            folder = pathlib.Path(folder)
            node = folder / "node"
            self.run("init", node, "--branch", str(shop.branch), "--name", "Oracle", "--time-zone", shop.time_zone)
            for command, name, fields, rows in (("import-catalogue", "groups", GROUP_FIELDS, shop.groups),
                                                ("import-catalogue", "products", PRODUCT_FIELDS, shop.products),
                                                ("import-customers", "customers", CUSTOMER_FIELDS, shop.customers)):
                text = io.StringIO()
                writer = csv.DictWriter(text, fields)
                writer.writeheader()
                writer.writerows(rows)
                (folder / f"{name}.csv").write_text(text.getvalue(), encoding="utf-8")
                self.run(command, node, folder / f"{name}.csv", "--json")
            (folder / "policy.json").write_text(json.dumps(shop.policy))
            self.run("policy", node, "--set", folder / "policy.json", "--json")
            (folder / "script.jsonl").write_text("".join(json.dumps(row) + "\n" for row in script))
            sold = self.run("sell", node, "--script", folder / "script.jsonl", "--json", good=(0, 1))
            answers = [json.loads(text) for text in sold.stdout.splitlines()]
            customers = json.loads(self.run("report", node, "customers", "--json").stdout)
            verified = json.loads(self.run("verify", node, "--json", good=(0, 1)).stdout)
        return answers, sold.returncode, customers, verified


def differences(expected, got, where=""):
    """What the model names must be in the program's answer, Fractions by their value; the program may say more."""
    if isinstance(expected, dict):
        for field, value in expected.items():
            if field not in got:
                if field in OPTIONAL_FIELDS:
                    continue
                yield f"{where}{field}: {value} expected, nothing said"
            else:
                yield from differences(value, got[field], f"{where}{field} ")
    elif isinstance(expected, list):
        if len(expected) != len(got):
            yield f"{where}: {len(expected)} rows expected, {len(got)} said"
        for i, (one, other) in enumerate(zip(expected, got), 1):
            yield from differences(one, other, f"{where}{i} ")
    elif isinstance(expected, Fraction):
        if expected != Fraction(got):
            yield f"{where}: {float(expected)} expected, {got} said"
    elif str(expected) != str(got):
        yield f"{where}: {expected} expected, {got} said"


class Outcome:
    def __init__(self):
        self.receipts = self.acts = self.refused = 0
        self.text = ""  # the first difference in words, empty where all agree
        self.index = None


def compare(program, shop, script) -> Outcome:
    outcome = Outcome()
    answers, exit_code, customers, verified = program.play(shop, script)
    model = shop.model()
    for i, (row, got) in enumerate(zip(script, answers)):
        outcome.index = i
        try:
            expected = model.answer(row)
        except oracle.Refused as why:
            if "refused" not in got:
                outcome.text = f"expected a refusal ({why})\nprogram:  {json.dumps(got)}"
                return outcome
            outcome.refused += 1
            continue
        if "items" in got:  # in whatever order they are settled
            got["items"].sort(key=lambda item: (item["receipt"], item["line"]))
        found = ["not refused expected"] if "refused" in got else list(differences(expected, got))
        if found:
            outcome.text = "\n".join(found) + f"\nmodel:    {json.dumps(expected, default=float)[:LONG]}\nprogram:  {json.dumps(got)[:LONG]}"
            return outcome
        if "receipt" in got:
            outcome.receipts += 1
        else:
            outcome.acts += 1
    outcome.index = None
    if len(answers) != len(script):
        outcome.text = f"{len(script)} script lines, {len(answers)} answers"
    elif exit_code != (1 if outcome.refused else 0):
        outcome.text = f"sell ended with {exit_code}, {outcome.refused} lines were refused"
    elif not verified["ok"]:
        outcome.text = f"verify: {verified}"
    else:
        outcome.text = compare_customers(model, customers)
    return outcome


def compare_customers(model, customers) -> str:
    def name_of(number, cards):
        return (int(number or 0), tuple(sorted(oracle.one_spelling(card) for card in cards)))
    expected = {name_of(c.number, c.cards): (oracle.shown(c.points), oracle.shown(c.spend), oracle.shown(c.debt)) for c in model.customers}
    got = {name_of(c.get("number"), c["cards"]): (c["points"], c["spend"], c["debt"]) for c in customers}
    for name in sorted(set(expected) | set(got)):
        if expected.get(name) != got.get(name):
            return f"report customers {name}: points, spend, debt {expected.get(name)} expected, {got.get(name)} said"
    return ""


def shrink(program, shop, script, outcome):
    """Fewer lines that still differ; receipts get other numbers on the way, which merely refuses their refunds."""
    if outcome.index is not None:
        script = script[:outcome.index + 1]
    runs, size = 0, max(1, len(script) // 2)
    while size and runs < SHRINKING_RUNS:
        start = 0
        while start < len(script) and runs < SHRINKING_RUNS:
            shorter = script[:start] + script[start + size:]
            runs += 1
            result = compare(program, shop, shorter) if shorter else Outcome()
            # The same field must differ, else shortening wanders off to another difference.
            if result.text and result.text.split(":")[0] == outcome.text.split(":")[0]:
                script, outcome = shorter, result
            else:
                start += size
        size //= 2
    return script, outcome


def read_rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def demo(program, source) -> int:
    data, wrong = source / "tools/demo_data", 0
    for branch in (1, 2, 3):
        shop = Shop(read_rows(data / "groups.csv"), read_rows(data / "products.csv"), read_rows(data / "customers.csv"),
                    json.loads((data / "policy.json").read_text()), branch=branch)
        script = [json.loads(text) for text in (data / f"b{branch}.jsonl").read_text().splitlines()]
        outcome = compare(program, shop, script)
        print(f"demo b{branch}: {outcome.receipts} receipts, {outcome.acts} acts, {outcome.refused} refused")
        if outcome.text:
            line = "" if outcome.index is None else f" line {outcome.index + 1}: {json.dumps(script[outcome.index], ensure_ascii=False)}"
            print(f"demo b{branch}{line}\n{outcome.text}")
            wrong += 1
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description="holds paprsek sell against the independent model in oracle.py")
    parser.add_argument("bin", type=pathlib.Path)
    parser.add_argument("source", type=pathlib.Path)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--rounds", type=int, default=12, help="shops a seed")
    parser.add_argument("--keep-going", action="store_true", help="go on after a difference")
    arguments = parser.parse_args()
    program = Program(arguments.bin / "paprsek")
    wrong = 0 if arguments.seed is not None else demo(program, arguments.source)
    total = Outcome()
    for seed in [arguments.seed] if arguments.seed is not None else FIXED_SEEDS + [random.SystemRandom().randrange(10**6)]:
        print(f"seed {seed}", flush=True)
        for number in range(arguments.rounds):
            shop, script = generate.shop_and_script(random.Random(f"{seed}/{number}"), Shop)
            outcome = compare(program, shop, script)
            total.receipts += outcome.receipts
            total.acts += outcome.acts
            total.refused += outcome.refused
            if outcome.text:
                wrong += 1
                short, shorter = shrink(program, shop, script, outcome)
                print(f"seed {seed} round {number}: the program and the model differ\npolicy:   {json.dumps(shop.policy)}\ntime zone: {shop.time_zone}")
                for row in short[-12:]:
                    print("script:  ", json.dumps(row, ensure_ascii=False))
                print(shorter.text, f"\nrepeat:   --seed {seed} --rounds {number + 1}", flush=True)
                if not arguments.keep_going:
                    return 1
    print(f"agreed: {total.receipts} receipts, {total.acts} other acts, {total.refused} refusals")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
