"""DESIGN's command line: exit codes, stderr, --json on every command, the examples letter for letter, and what is refused."""
import json

from contract import with_check_digit

EXAMPLE_POLICY = """{"mode":"points","mode_by_day":{"sun":"cumulative"},"point_value":"0.05","earn":"price","redemption_is":"discount",
 "multipliers":[{"days":["tue"],"factor":"2"},{"days":["mon","wed"],"from":"10:00","to":"11:00","factor":"4"}],
 "levels":[{"spend":"10000","discount":"5"},{"spend":"50000","discount":"10"}],
 "time_discounts":[{"days":["wed"],"from":"12:00","to":"13:00","discount":"10"}],
 "excluded_groups":["tobacco"],"excluded_products":[],
 "programmes":[{"name":"ABCDEF","discount":"5","card_ranges":[["6400000000000","6409999999999"]],"excluded_groups":[],
   "valid_from":"2026-01-01","valid_to":null}],
 "referral":{"share":"5","of":"points"},
 "allow_customer_by_card":true,"alert_new_customer":false,"demand_details":false,"hide_customer_info":false,
 "cash_rounding":"1.00","vat":[{"group":"A","rate":"21","from":"2024-01-01"},{"group":"B","rate":"12"},{"group":"C","rate":"0"}],
 "points_from":"catalogue","points_expire_months":null,"barcode_rules":[{"name":"weight","pattern":"28IIII0WWWWWK","unit":"g","priority":10}],
 "offline":{"spend":"allowance","per_customer":"500.00","per_day":"2000.00"}}"""
EXAMPLE_SALE = """{"at":"2026-03-02T10:15:00+01:00","cashier":"anna","customer":"2900000000018",
 "lines":[{"code":"8594001021239","qty":"2"},{"text":"Loan for a game","price":"500.00","vat":"A"},{"code":"8594001021246","discount":"5"}],
 "redeem":"max","pay":[{"with":"cash","amount":"700.00"}]}"""
GOODS = "8594001021239,Rohlík,Food,12.90,A,8.00,,DEA:20|VIP:30\n8594001021246,Pivo,Food,24.90,A,,,\n"
PEOPLE = "17,Eva,,,,1,200.00,0,0,,,,,\n18,Jan,,,,0,,0,0,,,,,\n"
LINE = [{"code": "8594001021239"}]


def usage(c) -> None:
    good = ["--branch", 1, "--name", "x"]
    for wrong in (*[["--branch", number, "--name", "x"] for number in (0, 10000, -1, "1.5", "9" * 20)], ["--name", "x"],
                  ["--branch", 1], ["--branch", 1, "--name", ""],
                  [*good, "--till", 100], [*good, "--till", -1], [*good, "--currency", "KČ"], [*good, "--currency", ""], [*good, "--time-zone", "Mars/Base"],
                  [*good, "--time-zone", "../../etc/passwd"], [*good, "--locale", "xx"], [*good, "--loud"], [*good, "more"], ["--branch", 2, *good]):
        node = c.path("none")
        c.ends(c.run("init", node, *wrong), 2, f"init {wrong}")
        c.check(not node.exists(), f"init {wrong} leaves a folder")
    node, hq = c.node(), c.path("hq")
    c.ends(c.hq("init", hq, "--name", "Chain"), 0, "init")
    for wrong in ([], ["nosuch"], ["sell"], ["status", node, "--loud"], ["report", node], ["report", node, "weather"],
                  ["report", node, "sales", "--from", "soon"],
                  ["import", node], ["export", node], ["sell", node, "--script"]):
        c.ends(c.run(*wrong), 2, f"paprsek {wrong}")
    for wrong in ([], ["init", c.path("x")], ["branch", hq], ["branch", hq, "add", 0, "--name", "x"], ["branch", hq, "add", "x", "--name", "x"],
                  ["invite", hq, "three", "--to", c.path("x")], ["serve", hq, "--listen", "here"], ["exceptions", hq, "resolve", 1]):
        c.ends(c.hq(*wrong), 2, f"paprsek-hq {wrong}")
    c.ends(c.run("init", node, *good), 1, "init twice")
    c.ends(c.hq("init", hq, "--name", "Chain"), 1, "HQ's init twice")
    for nothing in (c.path("nothing"), c.write("file", "x"), c.folder):
        for command in (["status", nothing], ["verify", nothing], ["sell", nothing], ["export", nothing, "--to", c.path("x")], ["import", nothing, nothing]):
            c.ends(c.run(*command), (1, 3), f"no node: {command[0]}")
        c.check(not (nothing / "ledger.db").exists(), "a ledger out of nothing")
    for script in (c.path("nothing"), c.folder):
        c.ends(c.run("sell", node, "--script", script), (1, 3), "a script that cannot be read")


def documents(c) -> None:
    """--json everywhere: one document a line."""
    node, hq = c.node(), c.path("hq")
    c.document(c.hq("init", hq, "--name", "Chain", "--json"), "init")
    c.document(c.hq("branch", hq, "add", 3, "--name", "Brno", "--json"), "branch add")
    for command in ("status", "exchanges", "verify", "policy", "presets", "stationery", "calendar", "users", "tables", "stock"):
        c.document(c.run(command, node, "--json"), command)
    for command in (["status"], ["verify"], ["policy"], ["exceptions"], ["exceptions", "list"], ["branch", "list"]):
        c.document(c.hq(command[0], hq, *command[1:], "--json"), f"HQ's {command}")
    for kind in ("sales", "closing", "customers", "accounts", "stock", "movements"):
        for run in (c.run("report", node, kind, "--json"), c.hq("report", hq, kind, "--json")):
            c.document(run, f"report {kind}")
            c.check(run.stdout.count("\n") == 1, f"report {kind}: one document")
    status = c.document(c.run("status", node, "--json"), "status")
    c.check({"node", "epoch", "facts", "head", "unsent", "receipt", "state"} <= set(status), "a branch's status", status)
    c.check({"seq", "at"} <= set(status["receipt"]) and {"version", "at"} <= set(status["state"]), "receipt and state in it", status)
    status = c.document(c.hq("status", hq, "--json"), "HQ's status")
    c.check({"node", "epoch", "facts", "head", "last_seen", "gaps", "exceptions"} <= set(status["nodes"][0]), "HQ's status", status)


def examples(c) -> None:
    node = c.node(branch=3, groups="Food,,0\ntobacco,,1\n", products=GOODS)
    answer = c.sell(node, json.loads(EXAMPLE_SALE))[0]
    # 25.80 + 500.00 + (24.90 − 1.245, rounded 1.25) = 549.45; points 25.80 + 24.90; worth 2.535, to the minor unit 2.53.
    wanted = {"receipt": "3.1-000001", "net": "549.45", "redeemed": "2.53", "rounding": "0.08", "total": "547.00", "change": "153.00", "spend": "549.45",
              "customer": "2900000000018", "points_awarded": "50.70", "points_taken": "50.60", "points_balance": "0.10",
              "vat": [{"group": "A", "rate": "21", "base": "452.00", "tax": "94.92"}]}
    c.check({key: answer.get(key) for key in wanted} == wanted, "DESIGN's sale", answer)
    c.check([line["discount"] for line in answer["lines"]] == ["0.00", "0.00", "1.25"], "its discounts", answer["lines"])
    c.check(isinstance(answer["seq"], int) and set(answer["lines"][0]) >= {"code", "qty", "price", "gross", "discount", "net", "points"}, "its fields", answer)
    c.ends(c.run("policy", node, "--set", c.write("policy.json", EXAMPLE_POLICY), "--json"), 0, "DESIGN's policy")
    shown = c.write("shown.json", c.run("policy", node, "--json").stdout)
    c.ends(c.run("policy", node, "--set", shown), 0, "a policy as it is shown")
    sale = {"at": "2026-03-02T10:15:00+01:00", "customer": "2900000000018", "lines": [{"code": "8594001021239", "qty": "2"}]}
    sale, nobody = c.sell(node, sale, {"lines": LINE})
    c.check(sale["points_awarded"] == "103.20" and sale["total"] == "26.00" and sale["rounding"] == "0.20", "four times on Monday at 10:15", sale)
    c.check(not {"customer", "points_awarded", "points_taken", "points_balance", "spend"} & set(nobody), "no customer's fields without one", nobody)
    refund = c.sell(node, {"refund_of": sale["receipt"], "lines": [{"code": "8594001021239", "qty": "1"}]})[0]
    wanted = {"receipt": "3.1-000004", "net": "-12.90", "rounding": "-0.10", "total": "-13.00", "points_awarded": "-51.60"}
    c.check({key: refund.get(key) for key in wanted} == wanted, "a refund is numbered in the same series, amounts negative", refund)
    by = {"at": "2026-03-02T11:00:00+01:00", "cashier": "Bob"}
    card = "2900000000018"
    c.sell(node, by | {"deposit": {"customer": card, "amount": "100.00"}}, by | {"cash": {"in": "100.00", "reason": "float"}},
           by | {"cash": {"out": "50.00", "reason": "bank"}}, by | {"correct": {"customer": card, "points": "-5.00", "reason": "r"}},
           by | {"correct": {"customer": card, "spend": "-5.00", "reason": "r"}}, by | {"close_day": {"counted": "100.00"}})


def refusals(c) -> None:
    """Books nothing, takes no number, makes no customer; the script goes on."""
    node = c.node(branch=3, groups="Food,,0\n", products=GOODS, customers=PEOPLE)
    c.sell(node, {"customer": "17", "lines": LINE})
    product = LINE[0]
    wrong = [{"lines": [{"code": "0000000000000"}]}, {"lines": []}, {}, [], "x", 5, None, {"lines": "x"}, {"lines": [5]}, {"lines": [{}]},
             {"lines": [product | {"text": "x"}]}, {"lines": LINE, "bogus": 1}, {"lines": [product | {"bogus": 1}]}, {"lines": [{"text": "x"}]},
             {"lines": [{"text": "x", "price": "1", "vat": "Z"}]}, {"lines": [{"code": "a\0b", "price": "1"}]},
             {"lines": LINE, "redeem": "max"}, {"customer": "17", "lines": LINE, "redeem": "-5"}, {"customer": "17", "lines": LINE, "redeem": "all"},
             {"customer": "9999", "lines": LINE}, {"customer": "4111111111111111", "lines": LINE}, {"customer": "", "lines": LINE},
             {"at": "yesterday", "lines": LINE}, {"at": "2026-03-02T10:15:00", "lines": LINE}, {"at": "2026-02-30T10:15:00Z", "lines": LINE},
             {"refund_of": "3.1-999999", "lines": LINE}, {"refund_of": "3.1-000001", "lines": [product | {"qty": "2"}]},
             {"refund_of": "3.1-000001", "lines": [product | {"price": "5"}]}, {"refund_of": "3.1-000001", "lines": LINE, "customer": "17"},
             {"refund_of": "3.1-000001", "lines": LINE, "pay": [{"with": "account", "amount": "12.90"}]},
             {"deposit": {"customer": "17", "amount": "0"}}, {"deposit": {"customer": "17", "amount": "5", "x": 1}},
             {"deposit": {"customer": "17", "amount": "5"}, "lines": LINE}, {"settle": {"customer": "17", "items": "all"}},
             {"settle": {"customer": "17", "items": []}}, {"cash": {"in": "100"}}, {"cash": {"in": "5", "out": "5", "reason": "x"}},
             {"cash": {"in": "-5", "reason": "x"}}, {"correct": {"customer": "17", "points": "5"}},
             {"correct": {"customer": "2999999999991", "points": "1", "reason": "x"}}, {"close_day": {"counted": "x"}}, {"close_day": {"z": 1}}]
    wrong += [{"lines": [product | {"qty": quantity}]} for quantity in ("0", "-1", "1e5", "NaN", "", "1,5", "0.0001", "9" * 20, True)]
    wrong += [{"lines": [product | {"price": price}]} for price in ("-1", "0.001", "inf")]
    wrong += [{"lines": [product | {"discount": discount}]} for discount in ("-5", "101", "x")]
    wrong += [{"lines": LINE, "pay": pay} for pay in ("cash", [{"with": "gold", "amount": "100"}], [{"with": "cash"}], [{"with": "cash", "amount": "12"}],
                                                     [{"with": "card", "amount": "12.91"}], [{"with": "card", "amount": "5"}, {"with": "cash", "amount": "7"}],
                                                     [{"with": "cash", "amount": "100", "bogus": 1}], [{"with": "account", "amount": "12.90"}])]
    wrong += [b"{", b"nonsense", b'{"lines":[]} more', b"\xff\xfe", b"\0", b"[" * 100_000, b'{"a":' * 50_000, b'{"lines":[],"lines":[]}',
              b'{"lines":[{"code":"8594001021239","qty":NaN}]}', b'{"lines":[{"text":"\\ud800","price":"1"}]}',
              b'{"lines":[{"text":"' + b"a" * (2 << 20) + b'"}]}']
    before, customers = c.document(c.run("status", node, "--json"), "status")["facts"], c.customers(node)
    for line, answer in zip(wrong, c.sell(node, *[line if isinstance(line, bytes) else json.dumps(line).encode() for line in wrong])):
        c.check("refused" in answer and answer.get("message"), f"refused: {str(line)[:100]}", answer)
    c.check(c.document(c.run("status", node, "--json"), "status")["facts"] == before, "refusals book nothing")
    c.check(c.customers(node) == customers, "refusals make no customer")
    answers = c.sell(node, {"lines": LINE}, {"customer": "2911111111113", "lines": [{"code": "nope"}]}, {"lines": LINE})
    c.check([answer.get("receipt") for answer in answers] == ["3.1-000002", None, "3.1-000003"], "the script goes on, no number is taken", answers)
    c.check(answers[1]["refused"] == "unknown_code" and "2911111111113" not in c.customers(node), "no customer of a refused line", answers[1])
    for script in (b"\xef\xbb\xbf" + json.dumps({"lines": LINE}).encode() + b"\r\n", json.dumps({"lines": LINE}).encode()):
        c.ends(c.run("sell", node, "--script", c.write("script.jsonl", script)), 0, "a script with a mark, with CR LF, without a last line end")
    back = c.sell(node, {"at": "2026-03-02T12:00:00Z", "lines": LINE}, {"at": "1999-01-01T00:00:00Z", "lines": LINE})[1]
    c.check("clock_back" in back.get("flags", []), "a clock that goes back is flagged", back)
    number = c.sell(node, {"customer": 17, "lines": LINE})[0]
    c.check(number.get("customer") == "17", "a customer's number without quotes", number)
    c.ends(c.run("verify", node, "--json"), 0, "verify")


def policies(c) -> None:
    node = c.node()

    def sets(policy, code, what):
        run = c.run("policy", node, "--set", c.write("policy.json", policy if isinstance(policy, str) else json.dumps(policy)), "--json")
        c.ends(run, code, what)
        return run

    window = {"discount": "1"}
    for policy in ({"zork": 1}, {"multipliers": [{"factor": "2", "zork": 1}]}, {"offline": {"zork": 1}}, {"vat": [{"group": "A", "rate": "21", "zork": 1}]},
                   {"programmes": [{"name": "x", "zork": 1}]}, {"referral": {"share": "5", "of": "points", "zork": 1}}, {"mode_by_day": {"zork": "points"}},
                   {"levels": [{"spend": "1", "discount": "1", "zork": 1}]}, {"time_discounts": [window | {"zork": 1}]},
                   {"barcode_rules": [{"name": "w", "pattern": "28IIII0WWWWWK", "unit": "g", "zork": 1}]}):
        c.check("zork" in sets(policy, 1, f"an unknown key: {policy}").stderr, f"it is named: {policy}")
    for policy in ({"mode": "x"}, {"point_value": "0"}, {"point_value": "NaN"}, {"earn": "gold"}, {"multipliers": {}}, {"multipliers": [{"factor": "-1"}]},
                   {"multipliers": [{"days": ["monday"], "factor": "2"}]}, {"time_discounts": [{"discount": "101"}]}, {"cash_rounding": "-1"}, {"vat": []},
                   {"time_discounts": [window | {"from": "25:00"}]}, {"programmes": [{"name": "x", "card_ranges": [["9", "1"]]}]},
                   {"programmes": [{"name": "x", "card_ranges": [["1", "10"]]}]}, {"referral": {"share": "101", "of": "points"}}, {"points_expire_months": 0},
                   {"allow_customer_by_card": 1}, [], "5", "{", "", '{"mode":"points","mode":"points"}', '{"levels":' + "[" * 5000):
        sets(policy, 1, f"a policy that means nothing: {str(policy)[:60]}")
    sets({"point_value": "1", "mode": "cumulative"}, 0, "a policy")
    sets({"programmes": [{"name": "x", "discount": "5", "valid_from": "1900-01-01", "valid_to": "9999-12-31"}]}, 0, "days that stand for always")
    policy = c.document(c.run("policy", node, "--json"), "policy")
    c.check((policy["point_value"], policy["mode"], policy["cash_rounding"]) == ("0.05", "points", "1.00"), "left-out keys have their defaults", policy)


def tables(c) -> None:
    node = c.node(products=GOODS)
    before = c.document(c.run("status", node, "--json"), "status")["facts"]
    header = "code,name,group,price,vat,cost,points,dealer_discounts\n"
    wrong = header + "1,ok,,1.00,A,,,\n2,,,1.00,A,,,\n3,x,,-1,A,,,\n4,x,,1.00,Q,,,\n,x,,1.00,A,,,\n1,again,,1,A,,,\n6,x,,1.00,A,,,DEA20\n7,x\n"
    run = c.run("import-catalogue", node, c.write("wrong.csv", wrong), "--json")
    c.ends(run, 1, "wrong rows")
    for line in range(3, 10):
        c.check(f"line {line}" in run.stderr, f"line {line} is named", run.stderr)
    c.check(len(json.loads(run.stdout or "{}").get("errors", [])) == 7, "all errors", run.stdout)
    c.check("refused" in c.sell(node, {"lines": [{"code": "1"}]})[0], "nothing half done")
    rows = ["8594001021239,Rohlík,Food,12.90,A,8.00,,DEA:20|VIP:30", "8594001021246,Pivo,Food,24.90,A,,,"]
    for separator, mark, encoding in ((",", "\ufeff", "utf-8"), (";", "", "cp1250"), ("\t", "", "utf-8")):
        text = mark + "\r\n".join([header.strip(), *rows]).replace(",", separator)
        report = c.document(c.run("import-catalogue", node, c.write("again.csv", text.encode(encoding)), "--json"), "the same again")
        c.check((report["added"], report["changed"], report["unchanged"]) == (0, 0, 2), f"the same by {separator!r} in {encoding}", report)
    c.check(c.document(c.run("status", node, "--json"), "status")["facts"] == before, "nothing is booked")
    for table in ("", "a,b\n1,2\n", "code,name,price,vat\n1,\0,1,A\n", 'code,name,price,vat\n"1,x,1,A\n', "code,name,price,vat,colour\n1,x,1,A,red\n"):
        c.ends(c.run("import-catalogue", node, c.write("table.csv", table)), 1, f"no table: {table[:40]!r}")
    right = [with_check_digit(f"859400{i:06d}") for i in range(150)]
    bad = header + "".join(f"{code[:-1]}{(int(code[-1]) + 1) % 10},x,,1,A,,,\n" for code in right)
    warnings = c.document(c.run("import-catalogue", node, c.write("bad.csv", bad), "--json"), "wrong check digits")["warnings"]
    c.check(len(warnings) == 150, "a warning for each wrong check digit", len(warnings))


def check(c) -> None:
    for part in (usage, documents, examples, refusals, policies, tables):
        part(c)
