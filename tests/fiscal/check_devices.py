"""The programs against devices of another make, and our simulated devices against a till of another make: over real lines.

check_devices.py BIN SOURCE
"""
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from peer import D, Device, Host  # noqa: E402

os.environ["TZ"] = "Europe/Prague"
time.tzset()
BIN = sys.argv[1]
SALE = {"lines": [{"code": "TEA", "qty": "2", "discount": "5"}, {"code": "CAKE"}],
        "pay": [{"with": "card", "amount": "20.00"}, {"with": "cash", "amount": "50.00"}]}


def run(*words, given="", ok=(0,)):
    done = subprocess.run([os.path.join(BIN, "paprsek"), *words], input=given, capture_output=True, text=True, timeout=120)
    assert done.returncode in ok, (words, done.returncode, done.stdout, done.stderr)
    return done.stdout


def shop(folder):
    run("init", folder, "--branch", "3", "--name", "Shop")
    with open(folder + ".policy", "w") as file:
        json.dump({"cash_rounding": "0.01", "vat": [{"group": "A", "rate": "21"}, {"group": "B", "rate": "12"}]}, file)
    run("policy", folder, "--set", folder + ".policy")
    with open(folder + ".csv", "w") as file:
        file.write("code,name,group,price,vat,cost,points,dealer_discounts\nTEA,Čaj,,12.90,A,5,,\nCAKE,Dort,,33.30,B,10,,\n")
    run("import-catalogue", folder, folder + ".csv")


def simulated(folder, profile, where, *more):
    process = subprocess.Popen([os.path.join(BIN, "paprsek-device"), "--profile", profile, "--folder", folder, "--at", where, "--quiet", "--json", *more],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    return process, json.loads(process.stdout.readline())["address"]


def stop(process):
    process.send_signal(signal.SIGTERM)
    process.wait(10)


def our_till_their_device(base):
    """Whole receipts, line by line ones and with replies lost: each is printed once, and the day's sums are the ledger's."""
    for x in (False, True):
        for mode in ("asynchronous", "synchronous"):
            device = Device(x, lose=lambda number: number % 17 == 0)
            folder = os.path.join(base, "till-%d-%s" % (x, mode))
            shop(folder)
            run("device", folder, "set", "--profile", "datecs-x" if x else "datecs-p", "--address", device.address, "--mode", mode)
            lines = [json.dumps(SALE) for _ in range(4)] + ['{"cash":{"in":"100.00","reason":"float"}}', '{"cash":{"out":"7.50","reason":"stamps"}}']
            run("sell", folder, given="\n".join(lines))
            for _ in range(20):
                if not json.loads(run("device", folder, "print", "--json", ok=(0, 1)).splitlines()[-1])["pending"]:
                    break
                time.sleep(0.2)
            assert json.loads(run("status", folder, "--json"))["pending_prints"] == 0, (x, mode, run("device", folder, "pending"))
            assert [o["total"] for o in device.receipts] == [D("57.81")] * 4, (x, mode, [o["total"] for o in device.receipts])
            assert [o["text"][-1] for o in device.receipts] == ["3.1-%06d" % n for n in range(1, 5)], [o["text"] for o in device.receipts]
            assert device.cash == [D("100.00"), D("7.50")], device.cash
            run("sell", folder, given='{"close_day":{}}')
            for _ in range(5):
                run("device", folder, "print", ok=(0, 1))
            assert device.closures == 1, device.closures
            run("verify", folder)
            device.server.close()
    return "4 x 4 receipts with every 17th reply lost"


def their_till_our_device(base):
    for profile in ("datecs-p550", "datecs-p", "datecs-ecr", "datecs-x"):
        for where in ("pty", "tcp:127.0.0.1:0"):
            x = profile == "datecs-x"
            process, address = simulated(os.path.join(base, "device-" + profile + where[:3]), profile, where)
            try:
                host = Host(address, x)
                password = {"datecs-p550": "000000", "datecs-p": "0000"}.get(profile, "1")
                if x:
                    assert host.ask(48, "1\t1\t1\t\t")[0].startswith("0\t")
                    assert host.ask(49, "Lapte 1L\t1\t5.90\t2.000\t\t\t0\t")[0].startswith("0\t")
                    before = host.ask(76)[0]
                    assert before.split("\t")[1::2][:1] == ["1"] and "11.80" in before, before
                    assert host.ask(53, "0\t20.00\t\t")[0] == "0\tR\t8.20\t"
                    assert host.again(53, "0\t20.00\t\t")[0] == "0\tR\t8.20\t"  # repeated, not done again
                    assert host.ask(60)[0].startswith("-111003")                # nothing is cancelled any more
                    assert host.ask(56)[0].startswith("0\t")
                    assert host.ask(56)[0].startswith("-111016")
                    assert host.ask(70, "0\t0.00\t")[0].split("\t")[1] == "11.80"
                    assert host.ask(251)[0].startswith("-112000")
                else:
                    reply, status = host.ask(48, "1,%s,1" % password)
                    assert reply.count(",") == 1 and status[2] & 0x08, (reply, status)
                    assert host.ask(49, "Lapte 1L\tA5.90*2.000")[0] == ""
                    assert host.ask(76, "T")[0] == "1,0001,+000001180,+000000000"
                    assert host.ask(53, "\tP20.00")[0] == "R000000820"
                    assert host.again(53, "\tP20.00")[0] == "R000000820"
                    reply, status = host.ask(60)
                    assert status[0] & 0x20 and (status[1] & 0x02 or status[0] & 0x02), status
                    assert host.ask(56)[0]
                    assert host.ask(113)[0] == "0000001"
                    assert host.ask(70)[0].split(",")[1] == "000001180"
                    assert host.ask(110)[0].split(",")[0] == "000001180"
                    assert host.ask(49, "Lapte 1L\tA5.90 ")[1][0] & 0x21 == 0x21  # one blank more is an error of syntax
                    assert host.ask(97)[0].startswith("21.00,12.00,00.00,100.00")
                host.line.close()
            finally:
                stop(process)
    return "4 models on pty and TCP"


def killed(base, times, rounds):
    """The till's program is killed while it prints; the device is switched off and on, by chance, too."""
    seed = random.randrange(1 << 30)
    print("seed", seed)
    rng = random.Random(seed)
    for profile in ("datecs-p550", "datecs-x"):
        process, address = simulated(os.path.join(base, "killed-" + profile), profile, "tcp:127.0.0.1:0")
        folder = os.path.join(base, "killed-till-" + profile)
        shop(folder)
        run("device", folder, "set", "--profile", profile, "--address", address)
        try:
            for _ in range(rounds):
                till = subprocess.Popen([os.path.join(BIN, "paprsek"), "sell", folder], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
                till.stdin.write((json.dumps(SALE) + "\n") * 3)
                till.stdin.close()
                time.sleep(rng.uniform(0.02, times))
                till.kill()
                till.wait()
            for _ in range(50):
                if not json.loads(run("device", folder, "print", "--json", ok=(0, 1)).splitlines()[-1])["pending"]:
                    break
                time.sleep(0.1)
            status = json.loads(run("status", folder, "--json"))
            assert status["pending_prints"] == 0, run("device", folder, "pending", ok=(0, 1))
            run("verify", folder)
        finally:
            stop(process)
        with open(os.path.join(base, "killed-" + profile, "memory.json")) as file:
            memory = json.load(file)
        fiscal = [d for d in memory["journal"] if d["kind"] == 0]
        takings = json.loads(run("report", folder, "closing", "--json"))["open"]["sales"]
        assert len(fiscal) == takings["count"] > 0, (len(fiscal), takings)
        assert memory["grand_total"] == int(D(takings["total"]) * 100), (memory["grand_total"], takings)
    return "%d kills a model" % rounds


def main():
    with tempfile.TemporaryDirectory() as base:
        for check in (our_till_their_device, their_till_our_device, lambda b: killed(b, 0.5, 12)):
            begun = time.monotonic()
            told = check(base)
            print("ok   %s (%.1f s)" % (told, time.monotonic() - begun))


main()
