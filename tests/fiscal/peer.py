"""A second account of the Datecs wire, classic and X: written from the makers' rules and not from our own code, in another language.

Host: asks a device, as a till does.  Device: answers a till, as a printer does.  Nothing here is shared with the product.
"""
import decimal
import os
import select
import socket
import threading
import time
import tty

D = decimal.Decimal
CENT = D("0.01")


def cents(value):
    return D(value).quantize(CENT, decimal.ROUND_HALF_UP)


# ------------------------------------------------------------------------------------------------ frames

def nibbles(value):
    return bytes(0x30 + (value >> shift & 15) for shift in (12, 8, 4, 0))


def frame(x, seq, command, data, status=b""):
    tail = (b"\x04" + status if status else b"") + b"\x05"
    if x:
        inner = bytes([seq]) + nibbles(command) + data + tail
        body = nibbles(0x20 + 4 + len(inner)) + inner
    else:
        inner = bytes([seq, command]) + data + tail
        body = bytes([0x20 + 1 + len(inner)]) + inner
    return b"\x01" + body + nibbles(sum(body) & 0xFFFF) + b"\x03"


def parse(x, raw, reply):
    """(seq, command, data, status) of the bytes between 01 and 03, or None."""
    if len(raw) < 8 or raw[-5] != 5 or nibbles(sum(raw[:-4]) & 0xFFFF) != raw[-4:]:
        return None
    body = raw[:-4]
    try:
        length = int("".join("%X" % (b - 0x30) for b in body[:4]), 16) if x else body[0]
    except ValueError:
        return None
    if length != len(body) + 0x20:
        return None
    if x:
        seq, command, rest = body[4], sum((b - 0x30) << s for b, s in zip(body[5:9], (12, 8, 4, 0))), body[9:-1]
    else:
        seq, command, rest = body[1], body[2], body[3:-1]
    status = b""
    if reply:
        n = 8 if x else 6
        if len(rest) < n + 1 or rest[-n - 1] != 4:
            return None
        status, rest = rest[-n:], rest[:-n - 1]
    return seq, command, rest, status


class Splitter:
    def __init__(self):
        self.buffer = b""

    def feed(self, data):
        self.buffer += data
        while self.buffer:
            if self.buffer[0] in (0x15, 0x16):
                yield self.buffer[0]
                self.buffer = self.buffer[1:]
            elif self.buffer[0] != 1:
                self.buffer = self.buffer[1:]
            else:
                end = self.buffer.find(3)
                if end < 0:
                    return
                raw, self.buffer = self.buffer[1:end], self.buffer[end + 1:]
                yield raw


# ------------------------------------------------------------------------------------------------ lines

class Line:
    """tcp:HOST:PORT or serial:PATH."""

    def __init__(self, address):
        kind, rest = address.split(":", 1)
        self.socket = self.file = None
        if kind == "tcp":
            host, port = rest.rsplit(":", 1)
            self.socket = socket.create_connection((host, int(port)), 5)
        else:
            self.file = os.open(rest, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
            tty.setraw(self.file)

    def send(self, data):
        self.socket.sendall(data) if self.socket else os.write(self.file, data)

    def receive(self, seconds):
        handle = self.socket or self.file  # a socket or a file's number
        ready, _, _ = select.select([handle], [], [], seconds)
        if not ready:
            return b""
        return self.socket.recv(4096) if self.socket else os.read(self.file, 4096)

    def close(self):
        self.socket.close() if self.socket else os.close(self.file)


class Host:
    def __init__(self, address, x):
        self.line, self.x, self.seq, self.splitter = Line(address), x, 0x30, Splitter()

    def ask(self, command, data=b""):
        if isinstance(data, str):
            data = data.encode("ascii")
        self.seq = 0x20 if self.seq >= 0x7F else self.seq + 1
        return self.again(command, data)

    def again(self, command, data=b""):
        """The same number once more: the device has to repeat its reply and do nothing."""
        if isinstance(data, str):
            data = data.encode("ascii")
        for _ in range(3):
            self.line.send(frame(self.x, self.seq, command, data))
            deadline = time.monotonic() + 3
            while time.monotonic() < deadline:
                for event in self.splitter.feed(self.line.receive(0.5)):
                    if event == 0x16:
                        deadline = time.monotonic() + 3
                    elif event == 0x15:
                        deadline = 0
                    elif not isinstance(event, int):
                        read = parse(self.x, event, True)
                        if read and read[0] == self.seq and read[1] == command:
                            return read[2].decode("ascii", "replace"), read[3]
        raise AssertionError("no answer to command %d" % command)


# ------------------------------------------------------------------------------------------------ a device

class Device(threading.Thread):
    """A printer on a TCP port. `lose` says of each request whether its reply is lost (after it was done)."""

    def __init__(self, x, lose=lambda number: False):
        super().__init__(daemon=True)
        self.x, self.lose = x, lose
        self.server = socket.create_server(("127.0.0.1", 0))
        self.address = "tcp:127.0.0.1:%d" % self.server.getsockname()[1]
        self.rates = [D("21.00"), D("12.00"), D("0.00"), None, None, None, None, None]
        self.open = None
        self.counter = self.closures = self.requests = 0
        self.receipts, self.day, self.cash = [], {}, [D(0), D(0)]
        self.last = (0, D(0), D(0))
        self.memory = (None, b"")
        self.start()

    def run(self):
        while True:
            try:
                client, _ = self.server.accept()
            except OSError:
                return
            splitter = Splitter()
            while True:
                try:
                    data = client.recv(4096)
                except OSError:
                    break
                if not data:
                    break
                for event in splitter.feed(data):
                    if not isinstance(event, int):
                        self.answer(client, event)

    def status(self, general=0, refused=0):
        open_bit = 0x08 if self.open else 0
        status = [0x80 | general, 0x80 | refused, 0x80 | open_bit, 0x80, 0x86, 0x9A]
        return bytes(status + [0x80, 0x80] if self.x else status)

    def answer(self, client, raw):
        read = parse(self.x, raw, False)
        if not read:
            client.sendall(b"\x15")
            return
        seq, command, data, _ = read
        if self.memory[0] == seq:
            client.sendall(self.memory[1])
            return
        self.requests += 1
        text = data.decode("ascii")
        done = self.x_command(command, text) if self.x else self.classic_command(command, text)
        if self.x:
            code, rest = done
            reply = frame(True, seq, command, ("%d\t%s" % (code, rest)).encode(), self.status())
        elif done is None:
            reply = frame(False, seq, command, b"", self.status(0x20, 0x02))
        else:
            reply = frame(False, seq, command, done if isinstance(done, bytes) else done.encode(), self.status())
        self.memory = (seq, reply)
        if self.lose(self.requests):
            return
        client.sendall(b"\x16" + reply[:5])  # busy, then the frame in two pieces
        client.sendall(reply[5:])

    # What both languages do. None / False = not permitted now.
    def do_open(self):
        if self.open:
            return False
        self.counter += 1
        self.open = {"lines": [], "total": D(0), "paid": D(0), "pays": [], "paying": False, "text": []}
        return True

    def do_sell(self, name, letter, price, quantity, percent=None, amount=None):
        if not self.open or self.open["paying"] or self.rates[letter] is None:
            return False
        total = cents(abs(price) * quantity)
        if percent is not None:
            total += cents(total * percent / 100)
        if amount is not None:
            total += amount
        total = -total if price < 0 else total
        self.open["lines"].append((name, letter, total))
        self.open["total"] += total
        return True

    def do_pay(self, code, amount):
        o = self.open
        if not o or not o["lines"]:
            return None
        o["paying"] = True
        due = o["total"] - o["paid"]
        amount = due if amount is None else amount
        o["pays"].append((code, min(amount, due)))
        o["paid"] += amount
        return ("D", due - amount) if amount < due else ("R", amount - due)

    def do_close(self):
        o = self.open
        if not o or not o["paying"] or o["paid"] < o["total"]:
            return False
        for code, amount in o["pays"]:
            self.day[code] = self.day.get(code, D(0)) + amount
        self.receipts.append(o)
        self.last = (len(o["lines"]), o["total"], o["paid"])
        self.open = None
        return True

    def do_cancel(self):
        if not self.open or self.open["paying"]:
            return False
        self.last, self.open = (len(self.open["lines"]), self.open["total"], D(0)), None
        return True

    def do_cash(self, amount):
        self.cash[0 if amount > 0 else 1] += abs(amount)

    def drawer(self):
        return self.day.get("P", self.day.get("0", D(0))) + self.cash[0] - self.cash[1]

    def held(self):
        o = self.open
        return (len(o["lines"]), o["total"], o["paid"]) if o else self.last

    def clock(self):
        # By the wall of Prague, where the shop of these tests stands.
        return time.strftime("%d-%m-%y %H:%M:%S")

    def classic_command(self, command, data):
        minor = lambda v: "%s%09d" % ("-" if v < 0 else "+", abs(int(v * 100)))
        if command == 74:
            return self.status()
        if command == 90:
            return "PEER,1.0 22NOV26 1200,FFFF,00000000,PY000001,02999999"
        if command == 97:
            return ",".join("%05.2f" % r if r is not None else "100.00" for r in self.rates)
        if command == 62:
            return self.clock()
        if command == 76:
            items, total, paid = self.held()
            return "%d,%04d,%s%s" % (1 if self.open else 0, items, minor(total), "," + minor(paid) if data == "T" else "")
        if command == 113:
            return "%07d" % self.counter
        if command == 110:
            return ",".join("%09d" % int(self.day.get(c, D(0)) * 100) for c in "PNDC") + ",%04d,%04d" % (self.closures, self.counter)
        if command == 70:
            if data:
                if self.open:
                    return "F,0,0,0"
                self.do_cash(D(data))
                self.counter += 1
            return "P,%09d,%09d,%09d" % tuple(int(v * 100) for v in (self.drawer(), *self.cash))
        if command == 48:
            return "%04d,%04d" % (self.counter, len(self.receipts)) if data.split(",")[1] == "0000" and self.do_open() else None
        if command == 49:
            name, rest = data.rsplit("\t", 1)
            letter, rest = ord(rest[0]) - 65, rest[1:]
            percent = amount = None
            if "," in rest:
                rest, value = rest.split(",")
                percent = D(value)
            if ";" in rest:
                rest, value = rest.split(";")
                amount = D(value)
            price, _, quantity = rest.partition("*")
            return "" if self.do_sell(name, letter, D(price), D(quantity or "1"), percent, amount) else None
        if command == 53:
            rest = data.rsplit("\t", 1)[1]
            paid = self.do_pay(rest[0] if rest else "P", D(rest[1:]) if rest else None)
            return "%s%09d" % (paid[0], int(paid[1] * 100)) if paid else None
        if command == 54:
            if self.open:
                self.open["text"].append(data)
            return "" if self.open else None
        if command == 56:
            return "%04d,%04d" % (self.counter, len(self.receipts)) if self.do_close() else None
        if command == 60:
            return "" if self.do_cancel() else None
        if command == 69:
            if self.open:
                return None
            sums = [sum((t for o in self.receipts[self.zed():] for _, l, t in o["lines"] if l == i), D(0)) for i in range(8)]
            if data.startswith("0"):
                self.do_z()
            return "%04d,%s," % (self.closures, minor(sum(sums))) + ",".join(map(minor, sums))
        return None

    def zed(self):
        return getattr(self, "z_at", 0)

    def do_z(self):
        self.closures += 1
        self.counter += 1
        self.z_at, self.day, self.cash = len(self.receipts), {}, [D(0), D(0)]

    def x_command(self, command, data):
        fields = data.split("\t")
        ok, no = lambda rest="": (0, rest), (-111003, "")
        if command == 74:
            return ok("")
        if command == 90:
            return ok("PEER-X\t1.0 22NOV26 1200\tFFFF\t00000000\tPY000002\t02999998\t")
        if command == 50:
            return ok("%d\t" % self.closures + "".join(("%.2f" % r if r is not None else "100.00") + "\t" for r in self.rates) + "01-01-26\t")
        if command == 62:
            return ok(self.clock() + "\t")
        if command == 76:
            items, total, paid = self.held()
            return ok("%d\t%d\t%d\t%.2f\t%.2f\t" % (1 if self.open else 0, self.counter, items, total, paid))
        if command == 70:
            amount = D(fields[1] or "0")
            if amount and self.open:
                return (-111047, "")
            if amount:
                self.do_cash(-amount if fields[0] == "1" else amount)
                self.counter += 1
            return ok("%.2f\t%.2f\t%.2f\t" % (self.drawer(), *self.cash))
        if command == 48:
            return ok("%d\t" % self.counter) if fields[1] == "1" and self.do_open() else no
        if command == 49:
            price, quantity, kind = D(fields[2]), D(fields[3] or "1"), fields[4] or "0"
            percent = D(fields[5]) * (1 if kind == "1" else -1) if kind in "12" else None
            amount = D(fields[5]) * (1 if kind == "3" else -1) if kind in "34" else None
            return ok("%d\t" % self.counter) if self.do_sell(fields[0], int(fields[1]) - 1, price, quantity, percent, amount) else no
        if command == 53:
            paid = self.do_pay(fields[0], D(fields[1]) if fields[1] else None)
            return ok("%s\t%.2f\t" % paid) if paid else no
        if command == 54:
            if self.open:
                self.open["text"].append(fields[0])
            return ok() if self.open else no
        if command == 56:
            return ok("%d\t" % self.counter) if self.do_close() else no
        if command == 60:
            return ok() if self.do_cancel() else no
        if command == 69:
            if self.open:
                return (-111047, "")
            sums = [sum((t for o in self.receipts[self.zed():] for _, l, t in o["lines"] if l == i), D(0)) for i in range(8)]
            if fields[0] == "Z":
                self.do_z()
            return ok("%d\t" % self.closures + "".join("%.2f\t" % s for s in sums) + "0.00\t" * 8)
        return (-112000, "")
