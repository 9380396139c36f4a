"""A chain by files alone: bundles repeated, late and damaged, a backup taken elsewhere, a shop that joins, the same tables again."""
import json

from contract import CUSTOMERS, PRODUCTS

ROLL = "8594001021239"
GOODS = ROLL + ",Rohlík,,12.90,A,8.00,,\n"
PEOPLE = "17,Eva,2900000000018,,,1,200.00,50,0,,1,,,note\n18,Jan,,,,,,100,0,17,,,,\n"
AT = "2026-03-02T10:15:00+01:00"


class Chain:
    def __init__(self, c):
        self.c, self.hq = c, c.path("hq")
        c.ends(c.hq("init", self.hq, "--name", "Chain"), 0, "init")
        for command, rows in (("catalogue", PRODUCTS + GOODS), ("customers", CUSTOMERS + PEOPLE)):
            c.ends(c.hq(command, self.hq, "import", c.write("table.csv", rows)), 0, f"{command} import")

    def join(self, branch, node=None):
        c, invitation, answer = self.c, self.c.path("invitation"), self.c.path("answer")
        c.ends(c.hq("branch", self.hq, "add", branch, "--name", "Branch"), 0, "branch add")
        c.ends(c.hq("invite", self.hq, f"{branch}.1", "--to", invitation), 0, "invite")
        if node is None:
            node = c.path("node")
            c.ends(c.run("init", node, "--branch", branch, "--name", "Branch"), 0, "init")
        c.ends(c.run("enroll", node, "--invite", invitation, "--out", answer), 0, "enroll")
        c.ends(c.hq("import", self.hq, answer), 0, "import of the answer")
        self.down(node, branch)
        return node

    def up(self, node):
        path = self.c.path("up")
        self.c.ends(self.c.run("export", node, "--to", path), 0, "export")
        return path

    def merge(self, *paths, code=0):
        run = self.c.hq("import", self.hq, *paths, "--json")
        self.c.ends(run, code, "HQ's import")
        return json.loads(run.stdout)

    def reply(self, branch):
        path = self.c.path("down")
        self.c.ends(self.c.hq("export", self.hq, "--to", path, f"{branch}.1"), 0, "HQ's export")
        return path

    def down(self, node, branch):
        self.c.ends(self.c.run("import", node, self.reply(branch)), 0, "import")

    def exchange(self, node, branch):
        self.merge(self.up(node))
        self.down(node, branch)

    def people(self):
        rows = self.c.document(self.c.hq("report", self.hq, "customers", "--json"), "HQ's customers")
        return {str(row["number"] or row["cards"][0]): row for row in rows}

    def status(self, branch):
        nodes = self.c.document(self.c.hq("status", self.hq, "--json"), "HQ's status")["nodes"]
        return next(node for node in nodes if node["node"] == f"{branch}.1")

    def even(self, node, branch, what):
        mine, held = self.c.document(self.c.run("status", node, "--json"), "status"), self.status(branch)
        keys = ("epoch", "facts", "head")
        self.c.check([mine[key] for key in keys] == [held[key] for key in keys] and mine["unsent"] == 0, f"{what}: the same history", mine, held)
        self.c.check(self.c.customers(node) == self.people(), f"{what}: the same balances", self.c.customers(node), self.people())
        self.c.ends(self.c.run("verify", node), 0, f"{what}: verify")
        self.c.ends(self.c.hq("verify", self.hq), 0, f"{what}: HQ's verify")


def sale(quantity=1, **fields):
    return {"at": AT, "customer": "17", "lines": [{"code": ROLL, "qty": str(quantity)}], **fields}


def bundles(c) -> None:
    chain = Chain(c)
    node, other = chain.join(3), chain.join(4)
    ups = []
    for _ in range(3):
        c.sell(node, sale())
        ups.append(chain.up(node))
    late = chain.reply(3)
    chain.merge(ups[2], ups[0], ups[1], ups[2])
    c.check(chain.people()["17"]["points"] == "88.70", "three sales in four bundles out of order count once", chain.people())
    before = c.hq("report", chain.hq, "movements", "--json").stdout
    whole = ups[1].read_bytes()
    c.sell(node, sale())
    newest = chain.up(node).read_bytes()
    for name, damaged in (("cut", newest[:-1]), ("half", newest[:len(newest) // 2]), ("longer", newest + b"x"), ("empty", b""), ("noise", b"\0" * 500),
                          ("another's head", whole[:200] + newest[200:]), ("a bit", newest[:-80] + bytes([newest[-80] ^ 1]) + newest[-79:])):
        report = chain.merge(c.write("damaged", damaged), code=1)
        c.check(report[0]["outcome"] == "refused" and report[0]["why"], f"a damaged bundle ({name})", report)
    c.check(c.hq("report", chain.hq, "movements", "--json").stdout == before, "nothing of damaged bundles counts")
    for wrong in (chain.reply(4), ups[0], c.write("noise", b"x")):
        c.ends(c.run("import", node, wrong), 1, "no reply for this node")
    chain.exchange(node, 3)
    c.ends(c.run("import", node, late), 0, "a late reply")
    chain.exchange(other, 4)
    chain.even(node, 3, "3")
    chain.even(other, 4, "4")


def backup(c) -> None:
    chain = Chain(c)
    node, copy, elsewhere = chain.join(3), c.path("copy"), c.path("elsewhere")
    c.sell(node, sale())
    chain.exchange(node, 3)
    c.ends(c.run("backup", node, "--to", copy), 0, "backup")
    c.sell(node, sale(), sale())
    chain.exchange(node, 3)
    c.ends(c.run("restore", copy, "--to", elsewhere), 0, "restore")
    c.sell(elsewhere, sale(5))
    chain.merge(chain.up(elsewhere))  # two histories: both count, HQ says so, and its reply tells the branch
    chain.down(elsewhere, 3)
    chain.exchange(elsewhere, 3)
    chain.even(elsewhere, 3, "a restored backup that sold")
    c.check(chain.people()["17"]["spend"] == "103.20" and chain.status(3)["epoch"] == 2, "all eight count, in a new epoch", chain.people())
    forks = c.document(c.hq("exceptions", chain.hq, "list", "--json"), "exceptions")
    c.check([each["kind"] for each in forks] == ["fork"], "the fork is named", forks)
    c.ends(c.hq("exceptions", chain.hq, "resolve", forks[0]["id"], "--with", "acknowledge"), 0, "and acknowledged")


def joining(c) -> None:
    chain = Chain(c)
    other = chain.join(3)
    shop = c.node(branch=7, groups="Drinks,,0\n", products=ROLL + ",Roll,,11.90,A,,,\n"
                  "NEW|8594001021246,Only here,Drinks,5.00,B,3.00,,\nUNSOLD,Too,,6.00,A,,,\n",
                  customers="40,Petr,2955555555554,,,1,500,30,40,,,,,\n,,2900000000018,,,,,7,8,,,,,\n")
    c.sell(shop, {"at": AT, "customer": "40", "lines": [{"code": "NEW", "qty": "2"}]})
    chain.join(7, shop)
    chain.exchange(shop, 7)
    chain.down(other, 3)
    for node in (shop, other):
        for code, net in (("new", "5.00"), ("8594001021246", "5.00"), ("UNSOLD", "6.00"), (ROLL, "12.90")):
            answer = c.sell(node, {"lines": [{"code": code}]})[0]
            c.check(answer.get("net") == net, f"{code} of the shop that joined is sold for {net}", answer)
    told = c.document(c.hq("exceptions", chain.hq, "list", "--json"), "exceptions")
    c.check([each["kind"] for each in told] == ["product_differs"] and "11.90" in told[0]["why"] and "12.90" in told[0]["why"], "another price is shown", told)
    c.ends(c.hq("exceptions", chain.hq, "resolve", told[0]["id"], "--with", "take-over", "--json"), 0, "and decided")
    for node, branch in ((shop, 7), (other, 3)):
        chain.exchange(node, branch)
        answer = c.sell(node, {"lines": [{"code": ROLL}]})[0]
        c.check(answer.get("net") == "11.90", "the shop's price holds for all", answer)
    people = chain.people()
    c.check((people["40"]["points"], people["40"]["spend"], people["17"]["points"], people["17"]["spend"]) == ("40.00", "50.00", "57.00", "8.00"),
            "balances come in; who has the card is one customer", people)


def again(c) -> None:
    """Tables of customers that come again, changed and with holes: at a branch that stands alone and at HQ."""
    chain, node = Chain(c), c.node(customers=PEOPLE)

    def both(table, counts, code=0):
        path = c.write("again.csv", table)
        for run in (c.run("import-customers", node, path, "--json"), c.hq("customers", chain.hq, "import", path, "--json")):
            if c.ends(run, code, f"import of {table!r}") and code == 0:
                report = json.loads(run.stdout)
                c.check((report["added"], report["changed"], report["unchanged"]) == counts, f"counts of {table!r}", report)
        c.check(c.customers(node) == chain.people(), f"a branch and HQ take {table!r} alike", c.customers(node), chain.people())

    both(CUSTOMERS + PEOPLE, (0, 0, 2))
    both(CUSTOMERS + PEOPLE.replace(",50,0,", ",60,0,"), (0, 1, 1))
    c.check(c.customers(node)["17"]["points"] == "60.00", "another opening is booked", c.customers(node))
    both("number,name\n17,Eva Nová\n", (0, 1, 0))
    both(CUSTOMERS + "17,,2900000000025,,,1,200.00,,,,,,,\n", (0, 1, 0))
    row = c.customers(node)["17"]
    c.check((row["name"], sorted(row["cards"]), row["points"]) == ("Eva Nová", ["2900000000018", "2900000000025"], "60.00"),
            "empty fields take nothing away", row)
    both(CUSTOMERS + "33,B,2900000000018,,,,,,,,,,,\n", None, code=1)
    c.check(c.document(c.run("customers", node, "show", "17", "--json"), "show")["note"] == "note", "a note stays")
    for run in (c.run("verify", node), c.hq("verify", chain.hq)):
        c.ends(run, 0, "verify")


def check(c) -> None:
    for part in (bundles, backup, joining, again):
        part(c)
