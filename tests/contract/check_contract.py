#!/usr/bin/python3
"""Holds the programs against DESIGN's command line and PRODUCT's rules, as a stranger would: by what they print alone, with figures reckoned by hand.

usage: check_contract.py BIN
"""
import pathlib
import sys

sys.dont_write_bytecode = True  # the source folder stays as it is

import chain
import command_line
import rough
import rules
from contract import Contract


def main() -> int:
    with Contract(pathlib.Path(sys.argv[1])) as contract:
        for part in (command_line, rules, chain, rough):
            before = contract.checks
            part.check(contract)
            print(f"{part.__name__}: {contract.checks - before} checks", flush=True)
        return 1 if contract.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
