"""Invents shops and sell scripts for check_oracle.py: small, crowded with corner cases, and repeatable from a seed.

The script grows while the model plays it, so that refunds name receipts that exist and settlements items that are open.
"""
import copy
import datetime
import random
from zoneinfo import ZoneInfo

import oracle

DAYS = oracle.DAYS
# Around both changes of the clock, a change of a VAT rate, a leap day, and a plain week.
STARTS = ["2026-03-28T20:00", "2026-03-29T00:30", "2026-10-24T21:00", "2026-10-25T01:00", "2025-12-31T20:00", "2024-02-28T22:00", "2026-06-10T06:00"]


def digits(rng, count):
    return "".join(rng.choice("0123456789") for _ in range(count))


def with_check_digit(body):
    return next(body + str(last) for last in range(10) if oracle.check_digit_is_right(body + str(last)))


def amount(rng, most):
    """Money that likes endings on which rounding turns."""
    return f"{rng.randrange(most + 1)}.{rng.choice(['00', '50', '90', '25', '05', '45', '10', digits(rng, 2)])}"


def part_of(price, per_cent):
    return oracle.shown(oracle.money(price) * per_cent // 100)


def percent(rng, most=30):
    return rng.choice(["0", "5", "10", "3", "2.5", "7.75", "12.3456", str(rng.randrange(most + 1))])


def clock_time(rng):
    return f"{rng.randrange(24):02d}:{rng.choice(['00', '30', '15', '59'])}"


def window(rng):
    entry = {}
    if rng.random() < 0.7:
        entry["days"] = rng.sample(DAYS, rng.randrange(1, 5))
    if rng.random() < 0.7:
        start, end = clock_time(rng), clock_time(rng)
        if start != end:  # not described: nobody would write it
            entry["from"], entry["to"] = start, end
        if rng.random() < 0.15 and entry.get("to") != "00:00":
            entry.pop(rng.choice(["from", "to"]), None)
    return entry


def groups_of(rng):
    rows, names = [], []
    for number in range(rng.randrange(2, 8)):
        rows.append({"group": f"group {number}", "parent": rng.choice(names) if names and rng.random() < 0.6 else "",
                     "excluded": "1" if rng.random() < 0.12 else "0"})
        names.append(f"group {number}")
    return rows


def product_code(rng):
    kind = rng.randrange(6)
    if kind == 0:
        return with_check_digit("859" + digits(rng, 9))
    if kind == 1:
        return with_check_digit(str(rng.randrange(1, 10)) + digits(rng, 6))  # EAN-8
    if kind == 2:
        return with_check_digit(str(rng.randrange(1, 10)) + digits(rng, 10))  # UPC-A, 12 digits
    if kind == 3:
        return with_check_digit("0" + str(rng.randrange(1, 10)) + digits(rng, 10))  # UPC-A written as EAN-13
    if kind == 4:
        return digits(rng, 4)
    return "".join(rng.choice("ABCdef-") for _ in range(5)) + digits(rng, 2)


def products_of(rng, groups):
    rows, seen = [], set()
    def fresh_code():
        while True:
            code = product_code(rng)
            if oracle.one_spelling(code) not in seen:
                seen.add(oracle.one_spelling(code))
                return code
    for number in range(rng.randrange(8, 25)):
        codes = [fresh_code() for _ in range(rng.choice([1, 1, 1, 2, 3]))]
        if number < 3:
            codes = [f"{number:02d}{digits(rng, 2)}"] if number else ["0007"]
            while oracle.one_spelling(codes[0]) in seen:
                codes = [digits(rng, 4)]
            seen.add(oracle.one_spelling(codes[0]))
        price = amount(rng, rng.choice([3, 30, 300, 3000]))
        rows.append({"code": "|".join(codes), "name": f"product {number}", "group": rng.choice(groups)["group"] if rng.random() < 0.9 else "",
                     "price": price, "vat": rng.choice("ABC"),
                     "cost": rng.choice(["", amount(rng, 300), part_of(price, 80), part_of(price, 95), part_of(price, 130)]),
                     "points": rng.choice(["", "", "", "0", "5", "1.25", "33.33"]),
                     "dealer_discounts": "|".join(f"{dealer}:{percent(rng)}" for dealer in ("DEA", "VIP") if rng.random() < 0.3)})
    return rows


def card(rng):
    return rng.choice([
        lambda: with_check_digit("29" + digits(rng, 10)),
        lambda: with_check_digit("2977" + digits(rng, 8)),
        lambda: "28" + digits(rng, 11),
        lambda: str(rng.randrange(1, 10)) + digits(rng, 11),  # a UPC-A's length
        lambda: "K" + digits(rng, 5) + rng.choice(["x", "Y"]),
        lambda: str(rng.randrange(1, 10)) + digits(rng, rng.randrange(5, 9)),
    ])()


def weighed_card(rng, products):
    """A card that a weight rule would read as a product: the customer wins."""
    short = [row["code"] for row in products if len(row["code"]) == 4 and row["code"].isdigit()]
    return with_check_digit("28" + rng.choice(short) + "0" + digits(rng, 5)) if short else card(rng)


def customers_of(rng, products):
    rows, seen = [], {oracle.one_spelling(code) for row in products for code in row["code"].split("|")}
    names = []
    for number in sorted(rng.sample(range(1, 10000), rng.randrange(4, 13))):
        cards = []
        for _ in range(rng.choice([0, 1, 1, 2, 3])):
            code = card(rng) if rng.random() < 0.9 else weighed_card(rng, products)
            if oracle.one_spelling(code) not in seen:
                seen.add(oracle.one_spelling(code))
                cards.append(code)
        pays_later = rng.random() < 0.5
        rows.append({"number": str(number), "name": f"customer {number}" if rng.random() < 0.8 else "", "cards": "|".join(cards),
                     "dealer": rng.choice(["", "", "DEA", "VIP", "dea"]) if rng.random() < 0.5 else "", "discount": percent(rng) if rng.random() < 0.3 else "",
                     "charge_to_account": "1" if pays_later else "0", "limit": rng.choice(["", "0", "200", "1000.50", "20000"]) if pays_later else "",
                     "points": rng.choice(["0", "", "15.5", "1240", "99.99", "-12.34", "20000"]),
                     "spend": rng.choice(["0", "", "9999.99", "10000", "50000", "123.45"]),
                     "referrer": rng.choice(names) if names and rng.random() < 0.5 else "", "phone": "", "email": "", "address": "", "note": ""})
        names += [str(number)] + cards
    return rows


def policy_of(rng, groups, products, customers):
    known = [code for row in customers for code in row["cards"].split("|") if code]
    wallet = rng.random() < 0.15
    policy = {"mode": rng.choice(["points", "points", "cumulative"]),
              "point_value": "1" if wallet else rng.choice(["0.05", "0.05", "1", "0.1", "0.03", "0.07", "0.03", "0.0125", "2.5"]),
              "earn": "none" if wallet else rng.choice(["price", "price", "margin", "none"]),
              "points_from": rng.choice(["catalogue", "catalogue", "net"]),
              "redemption_is": "payment" if wallet or rng.random() < 0.1 else "discount",
              "cash_rounding": rng.choice(["1.00", "1.00", "0.50", "0.05", "0"])}
    if rng.random() < 0.5:
        policy["mode_by_day"] = {day: rng.choice(["points", "cumulative"]) for day in rng.sample(DAYS, rng.randrange(1, 5))}
    policy["multipliers"] = [dict(window(rng), factor=rng.choice(["2", "4", "0.5", "1.5", "0", "1.333"])) for _ in range(rng.randrange(4))]
    policy["time_discounts"] = [dict(window(rng), discount=percent(rng)) for _ in range(rng.randrange(4))]
    policy["levels"] = [{"spend": spend, "discount": percent(rng)} for spend in rng.sample(["0", "100", "500", "10000", "50000"], rng.randrange(4))]
    policy["excluded_groups"] = [row["group"] for row in groups if rng.random() < 0.1]
    policy["excluded_products"] = [row["code"].split("|")[-1] for row in products if rng.random() < 0.05]
    policy["programmes"] = [
        {"name": name, "discount": percent(rng), "card_ranges": [low_high(rng, known) for _ in range(rng.choice([1, 2]))],
         "excluded_groups": [row["group"] for row in groups if rng.random() < 0.15],
         **rng.choice([{}, {"valid_from": None, "valid_to": "2026-03-29"}, {"valid_from": "2026-03-29", "valid_to": "2026-03-29"},
                       {"valid_from": "2024-01-01", "valid_to": None}, {"valid_from": "2026-10-25", "valid_to": "2026-12-31"}])}
        for name in ("first", "second")[:rng.randrange(3)]]
    if rng.random() < 0.6:
        policy["referral"] = {"share": rng.choice(["5", "10", "2.5", "33.333"]), "of": rng.choice(["points", "spend"])}
    if rng.random() < 0.2:
        policy["allow_customer_by_card"] = False
    if rng.random() < 0.1:
        policy["demand_details"] = True
    if rng.random() < 0.7:
        policy["vat"] = [{"group": "A", "rate": "21"},
                         {"group": "A", "rate": rng.choice(["19", "25", "20.5"]), "from": rng.choice(["2026-03-29", "2026-01-01", "2026-10-25"])},
                         {"group": "B", "rate": "12"}, {"group": "C", "rate": rng.choice(["0", "9"]), "from": rng.choice(["2020-01-01", "2026-10-25"])}]
    if rng.random() < 0.3:
        policy["barcode_rules"] = [{"name": "weight", "pattern": "28IIII0WWWWWK", "unit": "g", "priority": 10}]
    return policy


def low_high(rng, known):
    """A range of cards that begins or ends on a card that may well come."""
    if rng.random() < 0.4:
        return ["2977000000000", "2977999999999"]
    middle = rng.choice(known) if known else card(rng)
    other = "".join(rng.choice("0123456789") if letter.isdigit() else letter for letter in middle)
    return sorted([middle, other])


class Script:
    def __init__(self, rng, shop):
        self.rng, self.shop, self.model, self.rows = rng, shop, shop.model(), []
        self.zone = ZoneInfo(shop.time_zone)
        self.now = datetime.datetime.fromisoformat(rng.choice(STARTS)).replace(tzinfo=self.zone).astimezone(datetime.timezone.utc)
        self.codes = [code for row in shop.products for code in row["code"].split("|")]
        self.people = [row["number"] for row in shop.customers] + [code for row in shop.customers for code in row["cards"].split("|") if code]
        self.strangers = [card(rng) for _ in range(3)]

    def instant(self):
        rng = self.rng
        step = rng.choice([30, 600, 1800, 3600, 4 * 3600]) if rng.random() < 0.95 else -3600
        self.now += datetime.timedelta(seconds=rng.randrange(abs(step)) * (1 if step > 0 else -1))
        if rng.random() < 0.25:  # windows begin and end on full minutes
            self.now = self.now.replace(second=0, minute=rng.choice([0, 15, 30, 59]))
        windows = self.shop.policy["multipliers"] + self.shop.policy["time_discounts"]
        edges = [entry[edge] for entry in windows for edge in ("from", "to") if edge in entry]
        if edges and rng.random() < 0.15:  # just before an edge of a window, or on it
            hour, minute = map(int, rng.choice(edges).split(":"))
            edge = self.now.astimezone(self.zone).replace(hour=hour, minute=minute, second=0) + datetime.timedelta(seconds=rng.choice([0, 0, -1]))
            self.now = edge.astimezone(datetime.timezone.utc)
        zone = rng.choice([self.zone, datetime.timezone.utc, datetime.timezone(datetime.timedelta(hours=-5))])
        text = self.now.astimezone(zone).isoformat(timespec="seconds")
        return text.replace("+00:00", "Z") if rng.random() < 0.5 else text

    def add(self, row):
        row = {"at": self.instant(), "cashier": self.rng.choice(["anna", "Jiří"]), **row}
        self.rows.append(row)
        try:
            return self.model.answer(row)
        except oracle.Refused:
            return None

    def respelt(self, code):
        rng = self.rng
        if rng.random() < 0.3 and code.isdigit() and len(code) == 13 and code[0] == "0":
            return code[1:]
        if rng.random() < 0.3 and code.isdigit() and len(code) == 12:
            return "0" + code
        return code.swapcase() if rng.random() < 0.2 else code

    def person(self):
        rng, chance = self.rng, self.rng.random()
        if chance < 0.04:
            return rng.choice(["4111111111111111", "378282246310005", "5555555555554444", "2221000000000009", "6011111111111117",
                               "4111111111111112", "3530111333300000", "2720990000000007", "2721000000000004", "30569309025904"])
        if chance < 0.14:
            return rng.choice(self.strangers)
        if chance < 0.17:
            return str(rng.randrange(1, 10000))
        chosen = rng.choice(self.people)
        return chosen.zfill(4) if len(chosen) < 4 and rng.random() < 0.3 else self.respelt(chosen)

    def weighed(self):
        rng = self.rng
        short = [code for code in self.codes if len(code) == 4 and code.isdigit()]
        item = rng.choice(short) if short and rng.random() < 0.97 else digits(rng, 4)
        rules = self.shop.policy.get("barcode_rules", oracle.DEFAULT_RULES)
        prefix = rng.choice(rules)["pattern"][:2] if rng.random() < 0.95 else "29"
        code = with_check_digit(prefix + item + "0" + f"{rng.randrange(1, 3000):05d}")
        return code if rng.random() < 0.98 else code[:-1] + str((int(code[-1]) + 1) % 10)

    def line(self):
        rng, chance = self.rng, self.rng.random()
        if chance < 0.1:
            line = {"text": rng.choice(["Loan for a game", "Oprava"]), "price": amount(rng, 300), "vat": rng.choice("ABC")}
        elif chance < 0.16:
            line = {"code": rng.choice(["NOSUCH1", "8590000000000"])}
            if rng.random() < 0.92:
                line["price"] = amount(rng, 100)
        elif chance < 0.3:
            line = {"code": self.weighed()}
        else:
            line = {"code": self.respelt(rng.choice(self.codes))}
            if rng.random() < 0.1:
                line["price"] = amount(rng, 200)
        if rng.random() < 0.5:
            line["qty"] = rng.choice(["2", "3", "7", "0.5", "0.333", "1.005", "12"])
        if rng.random() < 0.007:
            line["qty"] = rng.choice(["0", "-1", "1.2345"])
        if rng.random() < 0.12:
            line["discount"] = rng.choice(["5", "10", "33.3", "100", "0", "0.5"] + (["101", "-1"] if rng.random() < 0.1 else []))
        return line

    def tenders(self, due, may_charge, room):
        """due in hundredths, or what the generator takes it for; room is what the account's limit leaves"""
        rng, rest, tenders = self.rng, due, []
        for _ in range(rng.choice([0, 1, 1, 2])):
            kind = rng.choice(["card", "voucher", "cash"] + (["account"] * 3 if may_charge or rng.random() < 0.05 else []))
            part = rng.choice([rest, rest // 2, rng.randrange(rest + 1), rest - 25 if rest > 25 else rest]) if rest > 0 else 0
            if kind == "account" and room is not None and 0 <= room <= rest and rng.random() < 0.6:
                part = room + (rng.choice([0, 0, 1]) if room < rest else 0)
            if kind == "cash":
                part = rest + rng.choice([0, 100, 5000, 7])
            elif rng.random() < 0.04:
                part = rest + 1
            else:
                rest -= part
            tenders.append({"with": kind, "amount": oracle.shown(part)})
        if rng.random() < 0.85 and not any(tender["with"] == "cash" for tender in tenders):
            tenders.append({"with": "cash", "amount": oracle.shown(rest + rng.choice([50, 100, 1000, 100000]))})
        return tenders

    def sale(self):
        rng = self.rng
        row = {"lines": [self.line() for _ in range(rng.choice([1, 1, 2, 3, 5, 8]))]}
        if rng.random() < 0.7:
            row["customer"] = self.person()
        if rng.random() < 0.07:
            row["lines"].insert(rng.randrange(len(row["lines"]) + 1), {"code": rng.choice(self.people)})
        if rng.random() < 0.3 and ("customer" in row or rng.random() < 0.1):
            row["redeem"] = rng.choice(["max", "max", "0.01", "5", "1.00", amount(rng, 200)])
        if rng.random() < 0.6:
            try:
                customer = self.model.find_customer(row["customer"], self.now.astimezone(self.zone))[0] if "customer" in row else None
            except oracle.Refused:
                customer = None
            may_charge = customer is not None and customer.charge_to_account
            row["pay"] = self.tenders(self.probable_due(row), may_charge, customer.limit - customer.debt if may_charge and customer.limit else None)
        self.add(row)

    def probable_due(self, row):
        """What the sale would come to, found by letting a copy of the books play it with exact cash."""
        trial = copy.deepcopy(self.model)
        try:
            answer = trial.answer({"at": self.now.isoformat(), **row})
            return oracle.money(answer["net"]) - oracle.money(answer["redeemed"])
        except oracle.Refused:
            return self.rng.randrange(100000)

    def refund(self):
        rng = self.rng
        if not self.model.sales:
            return
        # Those are watched to the end in which points, a referral or an account reverse in parts.
        watched = [number for number, sale in self.model.sales.items() if sale.redeemed or sale.referral or sale.charged]
        receipt = rng.choice(watched[:3] if watched and rng.random() < 0.6 else list(self.model.sales)[-12:])
        if rng.random() < 0.04:  # a refund's own number, or nobody's
            receipt = f"{self.model.name}-{rng.randrange(1, self.model.receipts + 3):06d}"
        sale = self.model.sales.get(receipt)
        lines = []
        for line in (sale.lines if sale else []):
            left = line.quantity - line.back["quantity"]
            if left <= 0 and rng.random() < 0.95 or rng.random() < 0.3:
                continue
            part = rng.choice([left, (left + 1) // 2, (left + 2) // 3, 1000 if left >= 1000 else left, left + 1 if rng.random() < 0.05 else left])
            named = {"text": line.key[1]} if line.is_text else {"code": line.product.codes[0] if line.product else line.key[1]}
            lines.append({**named, "qty": f"{part // 1000}.{part % 1000:03d}"})
        if not lines:
            lines = [{"code": rng.choice(self.codes)}]
        row = {"refund_of": receipt, "lines": lines}
        if sale and rng.random() < 0.65:
            due = self.probable_refund(row)
            left = sale.charged - sale.back["charged"]
            kind = "account" if left and rng.random() < 0.8 else rng.choice(["card", "voucher"])
            part = min(due, left + (1 if rng.random() < 0.35 else 0)) if kind == "account" else rng.choice([due, due // 2])
            part += 1 if rng.random() < 0.05 else 0
            step = oracle.money(self.shop.policy["cash_rounding"])
            row["pay"] = [{"with": kind, "amount": oracle.shown(part)}]
            if part != due:
                cash = oracle.to_step(due - part, step) + rng.choice([0, 0, 0, 0, 0, 0, 100, -100])
                row["pay"].append({"with": "cash", "amount": oracle.shown(max(0, cash))})
        self.add(row)

    def probable_refund(self, row):
        try:
            answer = copy.deepcopy(self.model).answer({"at": self.now.isoformat(), **row})
            return oracle.money(answer["rounding"]) - oracle.money(answer["total"])
        except oracle.Refused:
            return 0

    def act(self):
        rng = self.rng
        kind = rng.choice(["deposit", "settle", "settle", "settle", "cash", "correct", "close_day"])
        if kind == "deposit":
            self.add({"deposit": {"customer": self.person(), "amount": rng.choice(["200.00", "33.33", "0.01", "0", "-5"])}})
        elif kind == "settle":
            self.settle()
        elif kind == "cash":
            body = {rng.choice(["in", "out"]): rng.choice(["100.00", "3000", "12.34", "0"])}
            if rng.random() < 0.9:
                body["reason"] = "float"
            self.add({"cash": body})
        elif kind == "correct":
            field = rng.choice(["points", "spend"])
            self.add({"correct": {"customer": self.person(), field: rng.choice(["-5.00", "100", "0.01", "-9999"]), "reason": "check"}})
        elif self.model.drawer >= 0:
            off = rng.choice([0, 0, 100, -100])
            self.add({"close_day": {"counted": oracle.shown(max(0, self.model.drawer + off))}})

    def settle(self):
        rng = self.rng
        debtors = [customer for customer in self.model.customers if self.model.open_items(customer)]
        if not debtors:
            return
        customer = rng.choice(debtors)
        items = [item for item in self.model.open_items(customer) if not item[2].account_refunded]
        row = {"settle": {"customer": customer.number or customer.cards[0], "items": "all"}}
        if items and rng.random() < 0.6:
            # A part of a line whose receipt had a refund to the account is left out: its worth is not described.
            row["settle"]["items"] = []
            for receipt, number, _, line in rng.sample(items, rng.randrange(1, len(items) + 1)):
                item = {"receipt": receipt, "line": number}
                if rng.random() < 0.7:
                    part = rng.choice([line.open_quantity, (line.open_quantity + 1) // 2, line.open_quantity + (1 if rng.random() < 0.1 else 0)])
                    item["qty"] = f"{part // 1000}.{part % 1000:03d}"
                row["settle"]["items"].append(item)
        if rng.random() < 0.4:
            row["pay"] = [{"with": rng.choice(["cash", "cash", "card", "voucher"]), "amount": rng.choice(["10", "100", "5000", "100000"])}]
        self.add(row)


def shop_and_script(rng: random.Random, shop_class, length=60):
    groups = groups_of(rng)
    products = products_of(rng, groups)
    customers = customers_of(rng, products)
    shop = shop_class(groups, products, customers, policy_of(rng, groups, products, customers), rng.choice(["Europe/Prague", "Europe/Bucharest"]))
    script = Script(rng, shop)
    while len(script.rows) < length:
        chance = rng.random()
        (script.sale if chance < 0.66 else script.refund if chance < 0.84 else script.act)()
    return shop, script.rows
