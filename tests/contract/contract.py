"""What the acceptance tests of tests/contract stand on: the programs as a stranger runs them, and a count of what was wrong."""
import itertools
import json
import pathlib
import re
import shutil
import subprocess
import tempfile

PRODUCTS = "code,name,group,price,vat,cost,points,dealer_discounts\n"
CUSTOMERS = "number,name,cards,dealer,discount,charge_to_account,limit,points,spend,referrer,phone,email,address,note\n"
GROUPS = "group,parent,excluded\n"
ERROR = re.compile(r"paprsek: .+?: .+")  # paprsek: what: why (hint)


def with_check_digit(body: str) -> str:
    total = sum(int(digit) * (1 if i % 2 else 3) for i, digit in enumerate(reversed(body)))
    return body + str(-total % 10)


class Contract:
    """Runs the programs of a folder in a scratch folder. `wrong` counts, `check` prints what does not hold."""

    def __init__(self, programs: pathlib.Path):
        self.programs = programs
        self.folder = pathlib.Path(tempfile.mkdtemp(dir="/dev/shm" if pathlib.Path("/dev/shm").is_dir() else None))
        self.numbers = itertools.count(1)
        self.checks = self.wrong = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)

    def check(self, holds, what: str, *seen) -> bool:
        self.checks += 1
        if not holds:
            self.wrong += 1
            print("wrong:", what, *[str(each)[:500] for each in seen], flush=True)
        return bool(holds)

    def path(self, name: str) -> pathlib.Path:
        return self.folder / f"{next(self.numbers)}-{name}"

    def write(self, name: str, text) -> pathlib.Path:
        path = self.path(name)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def run(self, *arguments, program="paprsek", stdin=b""):
        command = [self.programs / program, *map(str, arguments)]
        run = subprocess.run(command, input=stdin, capture_output=True, timeout=300)
        run.stdout, run.stderr = run.stdout.decode("utf-8", "replace"), run.stderr.decode("utf-8", "replace")
        return run

    def hq(self, *arguments):
        return self.run(*arguments, program="paprsek-hq")

    def ends(self, run, code, what: str) -> bool:
        """The exit code; and where it is not 0, that stderr has the contract's form."""
        codes = code if isinstance(code, tuple) else (code,)
        errors = run.stderr.splitlines()
        self.check(run.returncode == 0 or (errors and all(ERROR.match(line) for line in errors)), f"{what}: stderr", run.stderr)
        return self.check(run.returncode in codes, f"{what}: exit {run.returncode}, {code} expected", run.stdout, run.stderr)

    def document(self, run, what: str):
        self.ends(run, 0, what)
        try:
            return json.loads(run.stdout)
        except json.JSONDecodeError:
            self.check(False, f"{what}: no JSON document", run.stdout)
            return {}

    def node(self, branch=1, policy=None, groups="", products="", customers=""):
        """A branch that stands alone."""
        node = self.path("node")
        self.ends(self.run("init", node, "--branch", branch, "--name", "Contract"), 0, "init")
        for command, header, rows in (("import-catalogue", GROUPS, groups), ("import-catalogue", PRODUCTS, products),
                                      ("import-customers", CUSTOMERS, customers)):
            if rows:
                self.ends(self.run(command, node, self.write("table.csv", header + rows), "--json"), 0, command)
        if policy is not None:
            self.ends(self.run("policy", node, "--set", self.write("policy.json", json.dumps(policy)), "--json"), 0, f"policy {policy}")
        return node

    def sell(self, node, *lines):
        """The answers; lines are objects, or bytes as they are."""
        script = b"".join((line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in lines)
        run = self.run("sell", node, "--json", stdin=script)
        answers = [json.loads(line) for line in run.stdout.splitlines()]
        self.check(len(answers) == len(lines), f"{len(lines)} script lines, {len(answers)} answers", run.stderr)
        self.ends(run, 1 if any("refused" in answer for answer in answers) else 0, "sell")
        return answers

    def customers(self, node):
        """By number, else by the first card."""
        rows = self.document(self.run("report", node, "customers", "--json"), "report customers")
        return {str(row["number"] or row["cards"][0]): row for row in rows}
