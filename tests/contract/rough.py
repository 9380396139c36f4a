"""Rough handling: killed while it sells, disks that are full or refuse, several programs at once. What was printed is in the ledger (promise 1)."""
import json
import subprocess
import threading

PRODUCT = "8594001021239,Rohlík,,12.90,A,,,\n"
SALE = {"customer": "2900000000018", "lines": [{"code": "8594001021239"}]}
SCRIPT = (json.dumps(SALE) + "\n").encode()


def number(receipt: str) -> int:
    return int(receipt.split("-")[1])


def killed(c) -> None:
    node, printed = c.node(products=PRODUCT), []
    for lines in (1, 5, 23, 2, 60):
        sell = subprocess.Popen([c.programs / "paprsek", "sell", node, "--json"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        feed = threading.Thread(target=feeding, args=(sell, SCRIPT * 5000))
        feed.start()
        for _ in range(lines):
            printed.append(json.loads(sell.stdout.readline())["receipt"])
        sell.kill()
        printed += [json.loads(line)["receipt"] for line in sell.stdout.read().splitlines(keepends=True) if line.endswith(b"\n")]
        feed.join()
        sell.wait()
    c.check(len(set(printed)) == len(printed), "a receipt's number was printed twice")
    c.ends(c.run("verify", node, "--json"), 0, "verify after kill -9")
    following = c.sell(node, SALE)[0]
    c.check(number(following["receipt"]) > max(map(number, printed)), "a printed receipt is not in the ledger", following)
    sales = number(following["receipt"])
    c.check(following["spend"] == f"{sales * 1290 // 100}.{sales * 1290 % 100:02d}", "spend is not that of all receipts", following)


def feeding(process, script: bytes) -> None:
    try:
        process.stdin.write(script)
        process.stdin.close()
    except BrokenPipeError:
        pass  # killed while it read


def at_once(c) -> None:
    node = c.node(products=PRODUCT)
    answers = []
    threads = [threading.Thread(target=lambda: answers.extend(c.sell(node, *[SALE] * 40))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    c.check(sorted(number(answer["receipt"]) for answer in answers) == list(range(1, 121)), "numbers of three programs at once")
    c.ends(c.run("verify", node, "--json"), 0, "verify after three at once")


def full(c) -> None:
    """A file that may not grow, and an output that takes nothing."""
    node = c.node(products=PRODUCT)
    shell = f"ulimit -f 700; exec {c.programs}/paprsek sell {node} --json"
    run = subprocess.run(["bash", "-c", shell], input=SCRIPT * 3000, capture_output=True, timeout=300)
    printed = [json.loads(line)["receipt"] for line in run.stdout.splitlines()]
    c.check(run.returncode == 3 and run.stderr.startswith(b"paprsek: "), f"a file that may not grow: exit {run.returncode}", run.stderr)
    c.ends(c.run("verify", node, "--json"), 0, "verify after a file that may not grow")
    following = c.sell(node, SALE)[0]
    c.check(number(following["receipt"]) == len(printed) + 1, "what was printed, and no more, is booked", following, len(printed))
    for command in (f"sell {node}", f"status {node} --json", f"report {node} customers"):
        run = subprocess.run(["bash", "-c", f"exec {c.programs}/paprsek {command} > /dev/full"], input=SCRIPT * 3, capture_output=True, timeout=300)
        c.check(run.returncode == 3 and run.stderr.startswith(b"paprsek: "), f"{command} > /dev/full: exit {run.returncode}", run.stderr)


def endless_line(c) -> None:
    node = c.node(products=PRODUCT)
    shell = f"ulimit -v 1000000; head -c 1500000000 /dev/zero | tr '\\0' x | {c.programs}/paprsek sell {node} --json"
    run = subprocess.run(["bash", "-c", shell], capture_output=True, timeout=300)
    c.check(run.returncode == 1 and b"is longer than" in run.stdout, f"a line of 1.5 GB: exit {run.returncode}", run.stdout[:200], run.stderr)


def check(c) -> None:
    killed(c)
    at_once(c)
    full(c)
    endless_line(c)
