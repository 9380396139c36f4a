"""PRODUCT's rules 1-10 and codes, at their edges; every figure was reckoned by hand."""
from contract import with_check_digit

GROUPS = "cheese,,0\ntobacco,,1\nCigars,tobacco,0\n"
PRODUCTS = ("1234,Sýr,cheese,199.90,B,120.00,,\n0042,Salám,,89.90,A,,,\n036000291452,UPC,,10.00,A,,,\n"
            "8594001021239|AbC-12,Multi,,12.90,A,8.00,,DEA:20|VIP:30\nCIGAR,x,Cigars,100.00,A,,,DEA:50\nFIFTY,x,,50.00,A,,,\nLOSS,x,,50.00,A,60.00,,\n"
            "OWN,x,,50.00,A,,7.5,\nHALF,x,,0.05,A,,,\nTHIRD,x,,33.33,C,,,\n"
            "A30,x,,30.00,A,,,\nB30,x,,30.00,B,,,\nC30,x,,30.00,C,,,\n")
CUSTOMERS = ("1,Ref,,,,,,0,0,,,,,\n2,Eva,2900000000018|6400000000005,DEA,3,1,,1000,9999.99,1,,,,\n3,Jan,29123,VIP,,,,0.10,10000,,,,,\n"
             "4,Neg,,,,,,-5,0,,,,,\n0005,Five,,,,1,300,0,0,,,,,\n")
THURSDAY = "2026-03-05T10:15:00+01:00"


class Shop:
    """A new branch under a policy."""

    def __init__(self, c, policy=None):
        self.c, self.node = c, c.node(policy=policy or {}, groups=GROUPS, products=PRODUCTS, customers=CUSTOMERS)

    def sells(self, what, wanted, *lines, at=THURSDAY, **fields):
        """Compares the named fields; of one called line_x, that of the first line. None: refused."""
        lines = [{"code": line} if isinstance(line, str) else line for line in lines]
        return self.plays(what, wanted, {"at": at, "lines": lines, **fields})

    def plays(self, what, wanted, row):
        answer = self.c.sell(self.node, row)[0]
        if wanted is None:
            self.c.check("refused" in answer, f"{what}: refused", answer)
            return answer
        first = answer.get("lines", [{}])[0]
        got = {key: first.get(key[5:]) if key.startswith("line_") else answer.get(key) for key in wanted}
        self.c.check(got == wanted, what, f"{wanted} expected", answer)
        return answer


def codes(c) -> None:
    shop = Shop(c)
    weighed = with_check_digit("28" + "1234" + "0" + "00250")
    shop.sells("0.250 × 199.90 = 49.975", {"net": "49.98", "line_qty": "0.25"}, weighed)
    shop.sells("an item's zeros are kept", {"net": "90.35"}, with_check_digit("29" + "0042" + "0" + "01005"))
    shop.sells("K must be right", None, weighed[:-1] + str((int(weighed[-1]) + 1) % 10))
    shop.sells("an item that is not there", None, with_check_digit("28" + "9999" + "0" + "00250"))
    for code, net in (("036000291452", "10.00"), ("0036000291452", "10.00"), ("8594001021239", "12.90"), ("abc-12", "12.90"), ("ABC-12", "12.90")):
        shop.sells(f"code {code}", {"net": net}, code)
    for code in ("2", "0002", "02", "2900000000018", "6400000000005"):
        shop.sells(f"customer {code} is repeated", {"customer": code}, "CIGAR", customer=code)
    for code in ("77", "0077", "4111111111111111", "5555555555554444", "2221000000000009", "378282246310005", "6011111111111117"):
        shop.sells(f"no customer of {code}", None, "CIGAR", customer=code)
    for code in ("4111111111111112", "30569309025904", "2721000000000004", "00000"):
        shop.sells(f"a card of {code}", {"customer": code}, "CIGAR", customer=code)
    c.ends(c.run("import-customers", shop.node, c.write("card.csv", f"number,cards\n9,{weighed}\n"), "--json"), 0, "a card that looks weighed")
    shop.sells("a known card wins over a weight", {"customer": weighed, "net": "100.00"}, weighed, "CIGAR")
    shop = Shop(c, {"barcode_rules": [{"name": "price", "pattern": "27IIII0PPPPPK", "priority": 5},
                                      {"name": "card", "pattern": "2977CCCCCCCCK", "priority": 20}]})
    shop.sells("a price in the code", {"net": "12.50", "line_qty": "1"}, with_check_digit("27" + "1234" + "0" + "01250"))
    card = with_check_digit("297700000001")
    shop.sells("a card by a rule", {"customer": card}, card, "CIGAR")


def discounts(c) -> None:
    shop = Shop(c, {"time_discounts": [{"discount": "10"}]})
    many = {"code": "8594001021239", "qty": "10"}
    shop.sells("excluded by a group above: no discount of any kind, no points", {"net": "100.00", "points_awarded": "0.00", "spend": "10099.99"},
               {"code": "CIGAR", "discount": "50"}, customer="2")
    shop.sells("nor payable by points", {"redeemed": "0.00"}, "CIGAR", customer="2", redeem="max")
    shop.sells("20 (dealer) + 10 (time) + 5 (by hand) of 129.00", {"line_discount": "45.15"}, many | {"discount": "5"}, customer="2")
    shop.sells("capped at 100; discounts do not change points", {"total": "0.00", "points_awarded": "129.00"}, many | {"discount": "100"}, customer="2")
    shop.sells("time's for everyone", {"line_discount": "1.29"}, "8594001021239")
    shop.sells("not on a text", {"net": "10.00"}, {"text": "t", "price": "10.00", "vat": "A"})
    shop = Shop(c, {"time_discounts": [{"discount": "50"}]})
    shop.sells("0.025 is rounded away from zero", {"line_discount": "0.03", "net": "0.02"}, "HALF")
    shop.sells("so is gross", {"line_gross": "0.03"}, {"code": "HALF", "qty": "0.5"})
    levels = {"levels": [{"spend": "10000", "discount": "5"}, {"spend": "50000", "discount": "10"}]}
    Shop(c, levels).sells("no level in points mode", {"net": "50.00", "points_awarded": "7.50"}, "OWN", customer="3")
    shop = Shop(c, levels | {"mode": "cumulative"})
    shop.sells("a threshold reached is enough", {"net": "47.50", "points_awarded": "0.00", "spend": "10047.50"}, "OWN", customer="3")
    shop.sells("9999.99 is not enough", {"net": "48.50"}, "OWN", customer="2")
    shop.sells("old points stay spendable", {"redeemed": "47.50"}, "OWN", customer="2", redeem="max")
    shop = Shop(c, {"programmes": [{"name": "P", "discount": "7", "card_ranges": [["29123", "29125"]], "excluded_groups": ["Tobacco"],
                                    "valid_from": "2026-03-05", "valid_to": "2026-03-05"}]})
    for card, net in (("29123", "46.50"), ("29125", "46.50"), ("29126", "50.00"), ("291234", "50.00")):
        shop.sells(f"a programme's card {card}", {"net": net}, "FIFTY", customer=card)
    for at, net in (("2026-03-04T23:59:59+01:00", "50.00"), ("2026-03-05T23:59:59+01:00", "46.50"), ("2026-03-06T00:00:00+01:00", "50.00")):
        shop.sells(f"a programme at {at}", {"net": net}, "FIFTY", at=at, customer="29124")


def windows(c) -> None:
    shop = Shop(c, {"time_discounts": [{"days": ["thu"], "from": "22:00", "to": "02:00", "discount": "10"}]})
    for at, net in (("2026-03-05T21:59:59+01:00", "50.00"), ("2026-03-05T22:00:00+01:00", "45.00"), ("2026-03-06T01:59:59+01:00", "45.00"),
                    ("2026-03-06T02:00:00+01:00", "50.00"), ("2026-03-06T22:30:00+01:00", "50.00"), ("2026-03-05T01:00:00+01:00", "50.00"),
                    ("2026-03-05T23:30:00Z", "45.00")):
        shop.sells(f"past midnight, at {at}", {"net": net}, "FIFTY", at=at)
    # 02:00 becomes 03:00 on 29 March, 03:00 becomes 02:00 on 25 October.
    shop = Shop(c, {"time_discounts": [{"days": ["sun"], "from": "02:30", "to": "03:30", "discount": "10"}]})
    for at, net in (("2026-03-29T00:59:00Z", "50.00"), ("2026-03-29T01:00:00Z", "45.00"), ("2026-03-29T01:30:00Z", "50.00"), ("2026-10-25T00:29:00Z", "50.00"),
                    ("2026-10-25T00:30:00Z", "45.00"), ("2026-10-25T01:00:00Z", "50.00"), ("2026-10-25T01:30:00Z", "45.00"), ("2026-10-25T02:30:00Z", "50.00")):
        shop.sells(f"across a change of the clock, at {at}", {"net": net}, "FIFTY", at=at)
    shop = Shop(c, {"multipliers": [{"days": ["thu"], "from": "10:15", "to": "10:16", "factor": "3"}]})
    for at, points in ((THURSDAY, "150.00"), ("2026-03-05T10:15:59.999+01:00", "150.00"), ("2026-03-05T10:16:00+01:00", "50.00")):
        shop.sells(f"[from, to) at {at}", {"points_awarded": points}, "FIFTY", at=at, customer="3")


def points(c) -> None:
    half = {"factor": "0.5"}
    for factors, wanted in (([half], "25.00"), ([half, {"days": ["thu"], "factor": "0.3"}], "25.00"), ([half, {"factor": "2"}], "100.00")):
        Shop(c, {"multipliers": factors}).sells(f"the highest of {factors}", {"points_awarded": wanted}, "FIFTY", customer="3")
    shop = Shop(c, {"earn": "margin"})
    for code, wanted in (("FIFTY", "0.00"), ("LOSS", "0.00"), ("8594001021239", "4.90"), ("OWN", "7.50")):
        shop.sells(f"margin of {code}", {"points_awarded": wanted}, code, customer="3")
    shop.sells("a typed price gives no points", {"points_awarded": "4.90"}, {"code": "8594001021239", "price": "100.00"}, customer="3")
    Shop(c, {"points_from": "net"}).sells("points from 12.90 − 20 %", {"points_awarded": "10.32"}, "8594001021239", customer="2")
    for of, field, share in (("points", "points", "2.50"), ("spend", "spend", "2.43")):  # of 50.00, of 48.50: 2.425
        shop = Shop(c, {"referral": {"share": "5", "of": of}})
        sale = shop.sells(f"referral of {of}", {"customer": "2"}, "FIFTY", customer="2")
        c.check(c.customers(shop.node)["1"][field] == share, f"the referrer's share of {of}")
        for _ in range(2):
            shop.plays("half goes back", {"line_qty": "0.5"}, {"at": THURSDAY, "refund_of": sale["receipt"], "lines": [{"code": "FIFTY", "qty": "0.5"}]})
        people = c.customers(shop.node)
        c.check((people["1"][field], people["2"]["points"], people["2"]["spend"]) == ("0.00", "1000.00", "9999.99"), "all goes back", people)


def redemption(c) -> None:
    shop = Shop(c, {"point_value": "0.03"})
    shop.sells("10 ÷ 0.03 is rounded up", {"redeemed": "10.00", "points_taken": "333.34"}, "FIFTY", customer="2", redeem="10.00")
    shop.sells("with this receipt's points: 45 × 0.03", {"redeemed": "1.35"}, "FIFTY", customer="4", redeem="max")
    shop.sells("more asked for is lowered", {"redeemed": "0.00"}, {"text": "t", "price": "9", "vat": "A"}, customer="2", redeem="99999")
    shop.sells("not without a customer", None, "FIFTY", redeem="1.00")
    Shop(c).sells("nothing to redeem", {"redeemed": "0.00", "points_taken": "0.00"}, "HALF", customer="4", redeem="max")
    # Three nets of 29.10 share 10.00: 3.34 is the first one's, 3.33 the others'.
    shop = Shop(c, {"cash_rounding": "0", "earn": "none"})
    shop.sells("shares of a redemption, by the largest remainder", {"vat": [{"group": "A", "rate": "21", "base": "21.30", "tax": "4.47"},
               {"group": "B", "rate": "12", "base": "23.01", "tax": "2.76"}, {"group": "C", "rate": "0", "base": "25.76", "tax": "0.00"}]},
               "C30", "B30", "A30", customer="2", redeem="10.00")
    shop = Shop(c, {"point_value": "1", "earn": "none", "redemption_is": "payment"})
    shop.plays("a deposit, one to one", {"points_balance": "100.10"}, {"deposit": {"customer": "3", "amount": "100.00"}})
    vat = [{"group": "A", "rate": "21", "base": "41.32", "tax": "8.68"}]
    sale = shop.sells("a wallet is a payment: VAT of 50.00", {"total": "0.00", "points_taken": "50.00", "vat": vat}, "FIFTY", customer="3", redeem="max")
    shop.plays("and comes back", {"points_balance": "100.10", "total": "0.00"}, {"refund_of": sale["receipt"], "lines": [{"code": "FIFTY"}]})


def money(c) -> None:
    shop = Shop(c)
    roll = "8594001021239"
    for what, pay, wanted in (("0.40 is rounded to nothing", [("card", "12.50")], {"rounding": "-0.40", "total": "12.50", "change": "0.00"}),
                              ("no rounding on a card", [("card", "12.90")], {"rounding": "0.00", "total": "12.90"}),
                              ("cash on the rest", [("voucher", "12.00"), ("cash", "5")], {"rounding": "0.10", "change": "4.00"}),
                              ("needless cash goes back", [("card", "12.90"), ("cash", "5")], {"change": "5.00"}),
                              ("a card is not more than is due", [("card", "12.91")], None), ("too little cash", [("cash", "12.99")], None)):
        shop.sells(what, wanted, roll, pay=[{"with": name, "amount": amount} for name, amount in pay])
    sale = shop.sells("three", {"total": "39.00"}, {"code": roll, "qty": "3"})

    def back(what, wanted, receipt, *lines, **fields):
        shop.plays(what, wanted, {"at": THURSDAY, "refund_of": receipt["receipt"], "lines": list(lines), **fields})
    back("one of three", {"total": "-13.00", "rounding": "-0.10"}, sale, {"code": roll})
    back("two of three, by the other code", {"total": "-26.00", "rounding": "-0.20", "line_code": "abc-12"}, sale, {"code": "abc-12", "qty": "2"})
    back("more than is left", None, sale, {"code": roll, "qty": "0.001"})
    sale = shop.sells("two lines of a product", {"net": "190.00"}, {"code": "FIFTY", "qty": "2", "discount": "10"}, {"code": "FIFTY", "qty": "2"})
    back("lines are taken in order", {"net": "-140.00", "line_qty": "3"}, sale, {"code": "FIFTY", "qty": "3"})
    charge = [{"with": "account", "amount": "99.99"}]
    sale = shop.sells("on account", {"debt": "99.99", "rounding": "0.00"}, {"code": "THIRD", "qty": "3"}, customer="5", pay=charge)
    text = {"text": "t", "vat": "A"}
    shop.sells("the limit reached exactly", {"debt": "300.00"}, text | {"price": "200.01"}, customer="5", pay=[{"with": "account", "amount": "200.01"}])
    shop.sells("and passed", None, text | {"price": "0.01"}, customer="5", pay=[{"with": "account", "amount": "0.01"}])
    part = {"receipt": sale["receipt"], "line": 1, "qty": "1"}
    shop.plays("a part is settled", {"amount": "33.33", "debt": "266.67"}, {"settle": {"customer": "5", "items": [part]}})
    shop.plays("not more than is open", None, {"settle": {"customer": "5", "items": [part | {"qty": "2.001"}]}})
    shop.plays("all of the rest", {"amount": "266.67", "rounding": "0.33", "debt": "0.00"}, {"settle": {"customer": "5", "items": "all"}})
    shop.plays("nothing is open", None, {"settle": {"customer": "5", "items": "all"}})
    shop = Shop(c)
    shop.plays("cash in", {"amount": "500.00"}, {"at": THURSDAY, "cash": {"in": "500.00", "reason": "float"}})
    shop.sells("a sale", {"total": "13.00"}, roll)
    shop.plays("counted right", {"expected": "513.00", "difference": "0.00"}, {"at": THURSDAY, "close_day": {"counted": "513.00"}})
    shop.plays("and three too little", {"expected": "513.00", "difference": "-3.00"}, {"at": THURSDAY, "close_day": {"counted": "510.00"}})
    c.ends(c.run("verify", shop.node, "--json"), 0, "verify")


def check(c) -> None:
    for part in (codes, discounts, windows, points, redemption, money):
        part(c)
