"""A second account of the rules of prices, points and money: what `paprsek sell` must answer.

Written from the product's description of the rules and of the command line, never from the program, so that a rule
misread in one of them shows as a difference. Exact throughout: money and points are integers in hundredths, quantities
in thousandths, everything else a Fraction. Where the description leaves a choice open, the comment says "Open:" and
names the choice that is taken.

A Node holds one stand-alone branch; `answer` takes one line of a sell script and gives the fields to compare,
or raises Refused and changes nothing.
"""
import datetime
import re
from fractions import Fraction
from zoneinfo import ZoneInfo

DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DEFAULT_RULES = [{"name": "weight", "pattern": "28IIII0WWWWWK", "unit": "g", "priority": 10},
                 {"name": "weight", "pattern": "29IIII0WWWWWK", "unit": "g", "priority": 10}]
DEFAULT_VAT = [{"group": "A", "rate": "21"}, {"group": "B", "rate": "12"}, {"group": "C", "rate": "0"}]


class Refused(Exception):
    """The script line books nothing; the text says which rule forbids it."""


# --- numbers -----------------------------------------------------------------------------------------------------

def round_half_away(value: Fraction) -> int:
    doubled = abs(value) * 2
    nearest = (doubled.numerator + doubled.denominator) // (2 * doubled.denominator)
    return nearest if value >= 0 else -nearest


def ceiling(value: Fraction) -> int:
    return -((-value.numerator) // value.denominator)


def scaled(text, digits: int) -> int:
    """A decimal with at most so many digits after the point, as an integer."""
    if not isinstance(text, (str, int)) or isinstance(text, bool) or not re.fullmatch(r"-?\d+(\.\d+)?", str(text)):
        raise Refused(f"not a decimal number: {text!r}")
    value = Fraction(str(text)) * 10**digits
    if value.denominator != 1:
        raise Refused(f"too many digits: {text!r}")
    return value.numerator


def money(text) -> int:
    return scaled(text, 2)


def shown(hundredths: int) -> str:
    return f"{'-' if hundredths < 0 else ''}{abs(hundredths) // 100}.{abs(hundredths) % 100:02d}"


def to_step(amount: int, step: int) -> int:
    return round_half_away(Fraction(amount, step)) * step if step else amount


def share_out(amount: int, weights: list) -> list:
    """In proportion to the weights, largest remainder, ties to the earlier one."""
    total = sum(weights)
    if not total:
        return [0] * len(weights)
    exact = [Fraction(amount * weight, total) for weight in weights]
    parts = [value.numerator // value.denominator for value in exact]
    by_remainder = sorted(range(len(weights)), key=lambda i: (parts[i] - exact[i], i))
    for i in by_remainder[:amount - sum(parts)]:
        parts[i] += 1
    return parts


# --- codes -------------------------------------------------------------------------------------------------------

def check_digit_is_right(code: str) -> bool:
    if not code.isdigit():
        return False
    weighed = sum(int(digit) * (3 if i % 2 else 1) for i, digit in enumerate(reversed(code)))
    return weighed % 10 == 0


def one_spelling(code: str) -> str:
    """Codes compare without case; UPC-A equals EAN-13 with a leading zero.

    Open: twelve digits with a wrong check digit are no UPC-A, so nothing is put before them.
    """
    code = code.strip().upper()
    return "0" + code if len(code) == 12 and check_digit_is_right(code) else code


def spellings(code: str):
    """Open: a range of cards is met in either spelling of a UPC-A, so that its own digits decide nothing."""
    code = one_spelling(code)
    return [code, code[1:]] if len(code) == 13 and code[0] == "0" and check_digit_is_right(code) else [code]


def is_payment_card(code: str) -> bool:
    if not code.isdigit():
        return False
    issuer = ((len(code) == 15 and code[:2] in ("34", "37"))
              or (16 <= len(code) <= 19 and (code[0] in "46" or 51 <= int(code[:2]) <= 55 or 2221 <= int(code[:4]) <= 2720)))
    digits = [int(digit) for digit in reversed(code)]
    luhn = sum(digit if i % 2 == 0 else sum(divmod(2 * digit, 10)) for i, digit in enumerate(digits)) % 10 == 0
    return issuer and luhn


# --- what is known -----------------------------------------------------------------------------------------------

class Product:
    def __init__(self, row):
        self.codes = [one_spelling(code) for code in row["code"].split("|")]
        self.group = row["group"]
        self.price = money(row["price"])
        self.vat = row["vat"]
        self.cost = money(row["cost"]) if row["cost"] else None
        self.points = scaled(row["points"], 2) if row["points"] else None
        # Open: categories compare without case, as codes do.
        self.dealer_discounts = dict(entry.upper().split(":") for entry in row["dealer_discounts"].split("|") if entry)


class Customer:
    def __init__(self, number="", cards=()):
        self.number, self.cards = number, list(cards)
        self.dealer, self.discount, self.referrer = "", Fraction(0), ""
        self.charge_to_account, self.limit = False, 0
        self.points = self.spend = self.debt = 0


class Line:
    """A line of a sale, with what of it has gone back since."""
    def __init__(self):
        self.product = None
        self.key = None  # what a refund names: a product, an open line's code or a text
        self.quantity = self.price = self.gross = self.net = self.points = self.share = 0
        self.vat = ""
        self.is_text = self.excluded = False
        self.back = {"quantity": 0, "gross": 0, "net": 0, "points": 0, "paid": 0, "loan": 0}
        self.charged = self.open_quantity = self.open_money = 0


class Sale:
    def __init__(self):
        self.lines, self.customer, self.referrer = [], None, None
        self.points_awarded = self.points_taken = self.redeemed = self.referral = self.charged = 0
        self.back = {"points_taken": 0, "referral": 0, "share": 0, "points": 0, "net": 0, "charged": 0}
        self.wallet = False
        self.account_refunded = False


class Node:
    def __init__(self, name: str, time_zone: str):
        self.name, self.zone = name, ZoneInfo(time_zone)
        self.groups, self.products, self.customers, self.policy = {}, [], [], {}
        self.by_code, self.by_card, self.by_number = {}, {}, {}
        self.sales, self.receipts = {}, 0
        self.opening = self.drawer = 0

    # --- imports ---

    def import_groups(self, rows):
        for row in rows:
            self.groups[row["group"]] = (row["parent"], row["excluded"] == "1")

    def import_products(self, rows):
        for row in rows:
            product = Product(row)
            self.products.append(product)
            for code in product.codes:
                self.by_code[code] = product

    def import_customers(self, rows):
        for row in rows:
            customer = Customer(row["number"], [card for card in row["cards"].split("|") if card])
            customer.dealer, customer.referrer = row["dealer"].upper(), row["referrer"]
            customer.discount = Fraction(row["discount"] or 0)
            customer.charge_to_account = row["charge_to_account"] == "1"
            customer.limit = money(row["limit"] or "0")
            customer.points, customer.spend = scaled(row["points"] or "0", 2), money(row["spend"] or "0")
            self.add_customer(customer)

    def add_customer(self, customer):
        self.customers.append(customer)
        if customer.number:
            self.by_number[int(customer.number)] = customer
        for card in customer.cards:
            self.by_card[one_spelling(card)] = customer

    # --- codes and people ---

    def find_customer(self, code: str, local):
        """The customer and whether it is a new one, which the caller adds once nothing can be refused any more."""
        code = str(code)
        if re.fullmatch(r"\d{1,4}", code):
            if int(code) not in self.by_number:
                raise Refused("no customer has this number, and a number makes none")
            return self.by_number[int(code)], False
        known = self.by_card.get(one_spelling(code))
        if known:
            return known, False
        if is_payment_card(code):
            raise Refused("a payment card")
        customer = Customer("", [code])
        # Open: a card of a programme is good without registering, whatever the policy says of cards that nobody knows.
        if self.policy.get("demand_details", False):
            raise Refused("a script line has no details to give")
        if not self.policy.get("allow_customer_by_card", True) and not self.programmes_of(customer, local):
            raise Refused("an unknown card, and the policy makes no customer of it")
        return customer, True

    def find_product(self, code: str):
        """(product, grams): a known code, a known customer's card (None), then the weight rules."""
        spelt = one_spelling(code)
        if spelt in self.by_code:
            return self.by_code[spelt], None
        if spelt in self.by_card:
            return None, None
        for rule in sorted(self.policy.get("barcode_rules", DEFAULT_RULES), key=lambda rule: -rule["priority"]):
            pattern = rule["pattern"]
            if len(spelt) != len(pattern) or not spelt.isdigit() or not check_digit_is_right(spelt):
                continue
            if any(p.isdigit() and p != s for p, s in zip(pattern, spelt)):
                continue
            item = "".join(s for p, s in zip(pattern, spelt) if p == "I")
            grams = int("".join(s for p, s in zip(pattern, spelt) if p == "W"))
            product = self.by_code.get(one_spelling(item))
            if product:
                return product, grams
        return None, None

    def group_chain(self, group):
        seen = []
        while group and group not in seen:
            seen.append(group)
            group = self.groups.get(group, ("", False))[0]
        return seen

    def is_excluded(self, product) -> bool:
        chain = self.group_chain(product.group)
        banned = {one_spelling(code) for code in self.policy.get("excluded_products", [])}
        return (any(self.groups.get(group, ("", False))[1] for group in chain)
                or any(group in self.policy.get("excluded_groups", []) for group in chain)
                or any(code in banned for code in product.codes))

    # --- time ---

    def local(self, at: str) -> datetime.datetime:
        return datetime.datetime.fromisoformat(at.replace("Z", "+00:00")).astimezone(self.zone)

    @staticmethod
    def window_matches(window, local) -> bool:
        """[from, to) on the clock on the wall; past midnight it belongs to the day on which it began."""
        days = window.get("days") or DAYS
        start, end = window.get("from"), window.get("to")
        now = local.strftime("%H:%M:%S")
        today, yesterday = DAYS[local.weekday()], DAYS[local.weekday() - 1]
        start, end = (start or "00:00") + ":00", (end or "24:00") + ":00"
        if start <= end:
            return today in days and start <= now < end
        return (today in days and now >= start) or (yesterday in days and now < end)

    def mode(self, local) -> str:
        return self.policy.get("mode_by_day", {}).get(DAYS[local.weekday()], self.policy.get("mode", "points"))

    def vat_rate(self, group: str, local) -> Fraction:
        day = local.date().isoformat()
        rows = [row for row in self.policy.get("vat", DEFAULT_VAT) if row["group"] == group]
        if not rows:
            raise Refused("no such VAT group")
        valid = [row for row in rows if (row.get("from") or "") <= day]
        # Open: before a group's first date its first rate holds.
        row = max(valid, key=lambda row: row.get("from") or "") if valid else min(rows, key=lambda row: row["from"])
        return Fraction(row["rate"])

    # --- prices and points (rules 1 to 4) ---

    def programmes_of(self, customer, local):
        day = local.date().isoformat()
        return [programme for programme in self.policy.get("programmes", [])
                if (programme.get("valid_from") or "") <= day <= (programme.get("valid_to") or "9999")
                and any(len(card) == len(low) and low.upper() <= card <= high.upper()
                        for low, high in programme["card_ranges"] for known in customer.cards for card in spellings(known))]

    def base_percent(self, customer, product, local) -> Fraction:
        if not customer:
            return Fraction(0)
        percents = [customer.discount]
        percents += [Fraction(programme["discount"]) for programme in self.programmes_of(customer, local)
                     if not set(self.group_chain(product.group)) & set(programme.get("excluded_groups", []))]
        if customer.dealer in product.dealer_discounts and customer.dealer:
            percents.append(Fraction(product.dealer_discounts[customer.dealer]))
        if self.mode(local) == "cumulative":
            percents += [Fraction(level["discount"]) for level in self.policy.get("levels", []) if money(level["spend"]) <= customer.spend]
        return max(percents)

    def multiplier(self, local) -> Fraction:
        factors = [Fraction(entry["factor"]) for entry in self.policy.get("multipliers", []) if self.window_matches(entry, local)]
        return max(factors) if factors else Fraction(1)

    def line_points(self, line, local) -> int:
        product, earn = line.product, self.policy.get("earn", "price")
        from_net = self.policy.get("points_from", "catalogue") == "net"
        if product.points is not None:
            each = Fraction(product.points) * line.quantity / 1000
            if from_net:
                # Open: points set by hand have no net. They fall as the line's price does.
                each = each * line.net / line.gross if line.gross else Fraction(0)
        elif earn == "none":
            return 0
        elif earn == "price":
            each = Fraction(line.net) if from_net else Fraction(product.price) * line.quantity / 1000
        elif product.cost is None:
            return 0
        elif from_net:
            each = max(Fraction(0), line.net - Fraction(product.cost) * line.quantity / 1000)
        else:
            each = max(0, product.price - product.cost) * Fraction(line.quantity, 1000)
        return round_half_away(each * self.multiplier(local))

    def sale_line(self, row, local):
        line = Line()
        line.quantity = scaled(row.get("qty", "1"), 3)
        if not 0 < line.quantity <= 10**9:
            raise Refused("a quantity is above zero")
        manual = Fraction(scaled(row.get("discount", "0"), 6), 10**6)
        if not 0 <= manual <= 100:
            raise Refused("a discount is between 0 and 100")
        if "text" in row:
            line.key, line.is_text = ("text", row["text"]), True
        else:
            line.product, grams = self.find_product(row["code"])
            if grams is not None:
                # Open: a weight and a quantity multiply, to the gram.
                line.quantity = round_half_away(Fraction(line.quantity * grams, 1000))
                if line.quantity == 0:
                    raise Refused("no weight")
            line.key = ("code", one_spelling(row["code"])) if line.product is None else line.product
        if "price" in row:
            line.price = money(row["price"])
            if line.price < 0:
                raise Refused("a price below zero")
        elif line.product is None:
            raise Refused("an unknown code or a text without a price")
        else:
            line.price = line.product.price
        if line.product:
            line.vat, line.excluded = line.product.vat, self.is_excluded(line.product)
        else:
            # Open: a line that names no VAT group takes the first one.
            line.vat = row.get("vat", self.policy.get("vat", DEFAULT_VAT)[0]["group"])
        self.vat_rate(line.vat, local)
        line.gross = round_half_away(Fraction(line.price * line.quantity, 1000))
        line.manual = manual
        return line

    def price_line(self, line, customer, local):
        percent = line.manual
        if line.product:
            if line.excluded:
                percent = Fraction(0)
            else:
                percent += self.base_percent(customer, line.product, local)
                percent += max([Fraction(entry["discount"]) for entry in self.policy.get("time_discounts", []) if self.window_matches(entry, local)],
                               default=Fraction(0))
        line.net = line.gross - round_half_away(line.gross * min(percent, Fraction(100)) / 100)
        if customer and line.product and not line.excluded and self.mode(local) == "points":
            line.points = self.line_points(line, local)

    # --- money (rules 8 and 9) ---

    @staticmethod
    def vat_rows(amounts, rates):
        """amounts: (group, amount) of every line"""
        rows = []
        for group in sorted({group for group, _ in amounts}):
            total = sum(amount for name, amount in amounts if name == group)
            rate = rates[group]
            tax = round_half_away(total * rate / (100 + rate))
            rows.append({"group": group, "rate": rate, "base": shown(total - tax), "tax": shown(tax)})
        return rows

    def take_payment(self, due: int, tenders, refund=False):
        """(rounding, change, account, cash kept): what is not paid otherwise is cash, and only that is rounded."""
        amounts = {"cash": 0, "card": 0, "voucher": 0, "account": 0}
        cash_named = tenders is None or not tenders
        for tender in tenders or []:
            if tender.get("with") not in amounts:
                raise Refused("no such tender")
            amount = money(tender["amount"])
            if amount < 0:
                raise Refused("a tender below zero")
            amounts[tender["with"]] += amount
        other = amounts["card"] + amounts["voucher"] + amounts["account"]
        if other > due:
            raise Refused("card, voucher and account come to more than is due")
        remainder = due - other
        cash = to_step(remainder, money(self.policy.get("cash_rounding", "1.00")))
        given = cash if cash_named else amounts["cash"]
        if given < cash:
            raise Refused("too little cash")
        if refund and given != cash:
            raise Refused("more cash than goes back")
        return cash - remainder, given - cash, amounts["account"], cash

    # --- acts ---

    def answer(self, row):
        local = self.local(row["at"])
        known = {"at", "cashier", "pay"}
        for kind, extra in (("deposit", set()), ("settle", {"pay"}), ("cash", set()), ("correct", set()), ("close_day", set())):
            if kind in row:
                self.only(row, {"at", "cashier", kind} | extra)
                return getattr(self, kind)(row, local)
        if "refund_of" in row:
            self.only(row, known | {"refund_of", "lines"})
            return self.refund(row, local)
        self.only(row, known | {"customer", "lines", "redeem"})
        return self.sell(row, local)

    @staticmethod
    def only(row, fields):
        if set(row) - fields:
            raise Refused("an unknown field")

    def next_receipt(self) -> str:
        self.receipts += 1
        return f"{self.name}-{self.receipts:06d}"

    def person(self, answer, customer):
        answer.update(points_balance=shown(customer.points), spend=shown(customer.spend), debt=shown(customer.debt))

    def redeemable(self, customer, lines):
        value = Fraction(self.policy.get("point_value", "0.05"))
        available = customer.points + sum(line.points for line in lines)
        worth = available * value  # hundredths of points × money a point = hundredths of money
        goods = sum(line.net for line in lines if line.product and not line.excluded)
        return max(0, min(goods, worth.numerator // worth.denominator)), value

    def sell(self, row, local):
        customer, new, named = None, False, row.get("customer")
        if named is not None:
            customer, new = self.find_customer(named, local)
        lines, rows = [], []
        for entry in row["lines"]:
            code = entry.get("code")
            if code is not None and one_spelling(code) not in self.by_code and one_spelling(code) in self.by_card:
                customer, new, named = self.by_card[one_spelling(code)], False, code  # a scanned card logs in
                continue
            lines.append(self.sale_line(entry, local))
            rows.append(entry)
        if not lines:
            raise Refused("nothing on the receipt")
        for line in lines:
            self.price_line(line, customer, local)
        net = sum(line.net for line in lines)
        redeemed = taken = 0
        if row.get("redeem") is not None:
            if not customer:
                raise Refused("points are paid by a customer")
            most, value = self.redeemable(customer, lines)
            asked = most if row["redeem"] == "max" else money(row["redeem"])
            if asked < 0:
                raise Refused("an amount below zero")
            redeemed = min(asked, most)
            taken = ceiling(redeemed / value)
        wallet = self.policy.get("redemption_is", "discount") == "payment"
        weights = [line.net if line.product and not line.excluded else 0 for line in lines]
        for line, share in zip(lines, share_out(redeemed, weights)):
            line.share = share
        due = net - redeemed
        rounding, change, account, cash = self.take_payment(due, row.get("pay"))
        if account:
            if not customer or not customer.charge_to_account:
                raise Refused("nobody's account")
            if customer.limit and customer.debt + account > customer.limit:
                raise Refused("over the account's limit")
        # Nothing can be refused from here on.
        if new:
            self.add_customer(customer)
        sale = Sale()
        sale.rates = {line.vat: self.vat_rate(line.vat, local) for line in lines}  # nothing is priced anew: a refund keeps them
        sale.lines, sale.customer, sale.wallet, sale.redeemed, sale.points_taken, sale.charged = lines, customer, wallet, redeemed, taken, account
        # Open: what is charged to the account is shared over the lines like a redemption, by what each line costs.
        for line, charged in zip(lines, share_out(account, [line.net - line.share for line in lines])):
            line.charged = line.open_money = charged
            line.open_quantity = line.quantity if charged else 0
        loan = sum(line.charged for line in lines if line.is_text)
        self.drawer += cash - loan
        receipt = self.next_receipt()
        self.sales[receipt] = sale
        answer = {"receipt": receipt, "net": shown(net), "redeemed": shown(redeemed), "rounding": shown(rounding), "total": shown(due + rounding),
                  "change": shown(change), "lines": [self.shown_line(entry, line) for entry, line in zip(rows, lines)],
                  "vat": self.vat_rows([(line.vat, line.net - (0 if wallet else line.share)) for line in lines], sale.rates)}
        if loan:
            answer["cash_out"] = shown(loan)
        if customer:
            sale.points_awarded = sum(line.points for line in lines)
            customer.points += sale.points_awarded - taken
            customer.spend += net
            customer.debt += account
            self.award_referral(sale, net)
            answer.update(customer=named, points_awarded=shown(sale.points_awarded), points_taken=shown(taken))
            self.person(answer, customer)
        return answer

    def shown_line(self, entry, line):
        shown_line = {"qty": Fraction(line.quantity, 1000), "price": shown(line.price), "gross": shown(line.gross),
                      "discount": shown(line.gross - line.net), "net": shown(line.net), "points": shown(line.points)}
        shown_line.update({field: entry[field] for field in ("code", "text") if field in entry})
        return shown_line

    def award_referral(self, sale, net):
        """Rule 7: one level, to whoever brought the customer."""
        rule, code = self.policy.get("referral"), sale.customer.referrer
        if not rule or not code:
            return
        referrer = self.by_number.get(int(code)) if re.fullmatch(r"\d{1,4}", code) else self.by_card.get(one_spelling(code))
        if not referrer:
            return
        share = Fraction(rule["share"]) / 100
        sale.referrer, sale.referral_of = referrer, rule["of"]
        sale.referral = round_half_away(share * (sale.points_awarded if rule["of"] == "points" else net))
        self.move_referral(sale, sale.referral)

    @staticmethod
    def move_referral(sale, amount):
        if sale.referral_of == "points":
            sale.referrer.points += amount
        else:
            sale.referrer.spend += amount

    def refund(self, row, local):
        sale = self.sales.get(row["refund_of"])
        if not sale:
            raise Refused("no such sale")
        if not row["lines"]:
            raise Refused("nothing on the receipt")
        # First everything is reckoned on copies of what went back, for more than is left refuses the whole refund.
        gone = [dict(line.back) for line in sale.lines]
        parts, rows = [], []
        for entry in row["lines"]:
            self.only(entry, {"code", "text", "qty"})
            left = scaled(entry.get("qty", "1"), 3)
            if left <= 0:
                raise Refused("a quantity is above zero")
            key = ("text", entry["text"]) if "text" in entry else None
            if key is None:
                product, grams = self.find_product(entry["code"])
                key = product or ("code", one_spelling(entry["code"]))
                if grams is not None:
                    left = left * grams // 1000
            total = {"qty": left, "gross": 0, "net": 0, "points": 0, "paid": 0, "loan": 0}
            for line, back in zip(sale.lines, gone):
                if line.key != key or not left:
                    continue
                piece = min(left, line.quantity - back["quantity"])
                if not piece:
                    continue
                left -= piece
                back["quantity"] += piece
                part = {"group": line.vat}
                for field, whole in (("gross", line.gross), ("net", line.net), ("points", line.points), ("paid", line.net - line.share),
                                     ("loan", line.charged if line.is_text else 0)):
                    so_far = round_half_away(Fraction(whole * back["quantity"], line.quantity))
                    part[field] = so_far - back[field]
                    back[field] = so_far
                    total[field] += part[field]
                parts.append(part)
            if left:
                raise Refused("more than is left")
            rows.append((entry, total))
        net = sum(part["net"] for part in parts)
        paid = sum(part["paid"] for part in parts)
        points = sum(part["points"] for part in parts)
        rounding, change, account, cash = self.take_payment(paid, row.get("pay"), refund=True)
        if account > sale.charged - sale.back["charged"]:
            raise Refused("more than was charged to the account")
        for line, back in zip(sale.lines, gone):
            line.back = back
        so_far = sale.back
        so_far["share"] += net - paid
        so_far["points"] += points
        so_far["net"] += net
        so_far["charged"] += account
        sale.account_refunded = sale.account_refunded or account > 0
        taken = 0
        if sale.redeemed:
            total = round_half_away(Fraction(sale.points_taken * so_far["share"], sale.redeemed))
            taken, so_far["points_taken"] = total - so_far["points_taken"], total
        # Open: the cash that went out with a loan comes back with it, in proportion, however the refund is paid.
        loan = sum(part["loan"] for part in parts)
        self.drawer += loan - cash
        receipt = self.next_receipt()
        answer = {"receipt": receipt, "refund_of": row["refund_of"], "net": shown(-net), "redeemed": shown(paid - net), "rounding": shown(-rounding),
                  "total": shown(-paid - rounding), "change": shown(change), "lines": [],
                  "vat": self.vat_rows([(part["group"], -(part["net"] if sale.wallet else part["paid"])) for part in parts], sale.rates)}
        if loan:
            answer["cash_out"] = shown(-loan)
        for entry, total in rows:
            line = {"gross": shown(-total["gross"]), "net": shown(-total["net"]), "discount": shown(total["net"] - total["gross"]),
                    "points": shown(-total["points"]), "qty": Fraction(total["qty"], 1000)}
            # Which of a product's codes the row then shows is not described.
            answer["lines"].append(line)
        customer = sale.customer
        if customer:
            customer.points += taken - points
            customer.spend -= net
            customer.debt -= account
            if sale.referrer:
                whole = sale.points_awarded if sale.referral_of == "points" else sum(line.net for line in sale.lines)
                part = so_far["points"] if sale.referral_of == "points" else so_far["net"]
                total = round_half_away(Fraction(sale.referral * part, whole)) if whole else 0
                self.move_referral(sale, so_far["referral"] - total)
                so_far["referral"] = total
            answer.update(points_awarded=shown(-points), points_taken=shown(-taken))
            self.person(answer, customer)
            self.reduce_items(sale, parts, account)
        return answer

    @staticmethod
    def reduce_items(sale, parts, account):
        """Which items a refund to the account clears is not described, so afterwards only the customer's sum is compared."""
        for line in sale.lines:
            cut = min(account, line.open_money)
            line.open_money -= cut
            account -= cut

    def deposit(self, row, local):
        body = row["deposit"]
        customer, new = self.find_customer(body["customer"], local)
        amount = money(body["amount"])
        if amount <= 0:
            raise Refused("an amount above zero")
        if new:
            self.add_customer(customer)
        # Open: an amount that buys no whole hundredth of a point is rounded.
        points = round_half_away(amount / Fraction(self.policy.get("point_value", "0.05")))
        customer.points += points
        self.drawer += amount
        answer = {"customer": body["customer"], "amount": shown(amount), "points_awarded": shown(points)}
        self.person(answer, customer)
        return answer

    def correct(self, row, local):
        body = row["correct"]
        customer, new = self.find_customer(body["customer"], local)
        if new:
            raise Refused("a correction makes no customer")
        points, spend = scaled(body.get("points", "0"), 2), money(body.get("spend", "0"))
        if not body.get("reason") or not (points or spend):
            raise Refused("a correction names an amount and a reason")
        customer.points += points
        customer.spend += spend
        answer = {"customer": body["customer"]}
        self.person(answer, customer)
        return answer

    def cash(self, row, local):
        body = row["cash"]
        if ("in" in body) == ("out" in body) or not body.get("reason"):
            raise Refused("either in or out, with a reason")
        amount = money(body.get("in", body.get("out")))
        if amount <= 0:
            raise Refused("an amount above zero")
        amount = amount if "in" in body else -amount
        self.drawer += amount
        return {"amount": shown(amount)}

    def open_items(self, customer):
        return [(receipt, number, sale, line) for receipt, sale in self.sales.items() if sale.customer is customer
                for number, line in enumerate(sale.lines, 1) if line.open_money]

    def settle(self, row, local):
        body = row["settle"]
        customer, new = self.find_customer(body["customer"], local)
        items = self.open_items(customer)
        chosen = []
        if body["items"] == "all":
            chosen = [(receipt, number, line, line.open_quantity, line.open_money) for receipt, number, _, line in items]
        else:
            for wanted in body["items"]:
                found = [line for receipt, number, _, line in items if (receipt, number) == (wanted["receipt"], wanted["line"])]
                if not found:
                    raise Refused("no such open item")
                line = found[0]
                quantity = scaled(wanted["qty"], 3) if "qty" in wanted else line.open_quantity
                if not 0 < quantity <= line.open_quantity:
                    raise Refused("more than is open")
                # Open: a part quantity is worth what a refund's part would be: round(whole × so far ÷ quantity) − gone before.
                so_far = line.quantity - line.open_quantity + quantity
                amount = round_half_away(Fraction(line.charged * so_far, line.quantity)) - (line.charged - line.open_money)
                chosen.append((wanted["receipt"], wanted["line"], line, quantity, amount))
        if not chosen:
            raise Refused("nothing to settle")
        amount = sum(entry[4] for entry in chosen)
        refunded = any(sale.account_refunded for sale in self.sales.values() if sale.customer is customer)
        if body["items"] == "all" and refunded:
            # What went back to the account beyond what was open stands to the customer's credit, and "all" includes it.
            amount = customer.debt
            if amount <= 0:
                raise Refused("nothing to settle")
        if any(tender.get("with") == "account" for tender in row.get("pay") or []):
            raise Refused("an account does not settle itself")
        rounding, change, _, cash = self.take_payment(amount, row.get("pay"))
        for _, _, line, quantity, part in chosen:
            line.open_quantity -= quantity
            line.open_money -= part
        customer.debt -= amount
        self.drawer += cash
        answer = {"customer": body["customer"], "amount": shown(amount), "rounding": shown(rounding),
                  "total": shown(amount + rounding), "change": shown(change)}
        if not refunded:
            answer["items"] = [{"receipt": receipt, "line": number, "qty": Fraction(quantity, 1000), "amount": shown(part)}
                               for receipt, number, _, quantity, part in sorted(chosen, key=lambda entry: entry[:2])]
        self.person(answer, customer)
        return answer

    def close_day(self, row, local):
        expected = self.drawer
        counted = money(row["close_day"].get("counted", shown(expected)))
        if counted < 0:
            raise Refused("what was counted is not below zero")
        self.drawer = self.opening = counted
        return {"expected": shown(expected), "difference": shown(counted - expected)}
