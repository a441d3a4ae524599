#!/usr/bin/env python3
"""Strange envelopes through pipes, for every function.

A function must answer each, with a whole envelope and no status from 500 on, and must neither end nor hang nor take more
than 300 MB of memory (VmHWM). The input at which one fails is kept in a file.
"""

import argparse
import os
import random
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from fuzzing import Findings, Run, judge
from installation import FUNCTIONS
from report import Report
from specimen import Specimen
from strange_envelopes import SLOW, StrangeEnvelopes

# A share of the envelopes for what hashes passwords, makes transfers or has more to do than others.
SHARES = {**dict.fromkeys(SLOW, 0.15), "test-webhook": 0.05, "retry-delivery": 0.5, "run-jobs": 0.1, "upload-document": 0.4,
          "send-message": 0.5}
# They write where their input says, outside of the data folder as well.
LEFT_OUT = {"backup"}


def run(count, seed=1, only=(), findings="build/fuzz", progress=lambda text: None):
    report = Report("Envelopes: strange ones for every function, by pipe")
    kept = Findings(findings, report)
    names = [name for name in sorted(path.name for path in FUNCTIONS.iterdir()) if name not in LEFT_OUT]
    names = [name for name in names if not only or name in only]
    unit = count / sum(SHARES.get(name, 1) for name in names)
    statuses, most, slowest = Counter(), 0.0, 0.0
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder, ThreadPoolExecutor(os.cpu_count()) as pool:
        specimen = Specimen(folder)

        def fuzz(name):
            rng, left, runs = random.Random(f"{seed} {name}"), int(unit * SHARES.get(name, 1)) + 1, []
            maker = StrangeEnvelopes(name, specimen, rng)
            while left > 0:
                one = Run(name, [maker.line() for _ in range(min(left, 1000))], specimen.data)
                left -= 1000
                judge(one, name, specimen.data, kept)
                runs.append((len(one.lines), Counter(a["statusCode"] for a in one.answers), one.megabytes, one.slowest))
            return runs

        for name, runs in zip(names, pool.map(fuzz, names)):
            own = sum((counts for _, counts, _, _ in runs), Counter())
            report.count("envelopes", sum(lines for lines, *_ in runs))
            statuses += own
            most, slowest = max(most, *(one[2] for one in runs)), max(slowest, *(one[3] for one in runs))
            progress(f"{name}: {dict(sorted(own.items()))} {max(one[2] for one in runs):.0f} MB")
    report.show("functions", len(names))
    for status, number in sorted(statuses.items()):
        report.show(f"answered {status}", number)
    report.show("most memory (VmHWM)", f"{most:.0f} MB")
    report.show("longest wait for an answer", f"{slowest:.1f} s")
    return report


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=50_000, help="envelopes")
    parser.add_argument("--seed", type=int, default=1, help="the same one makes the same envelopes, but for ids")
    parser.add_argument("--findings", default="build/fuzz", help="the folder for inputs at which a function fails")
    parser.add_argument("function", nargs="*", help="only these")
    options = parser.parse_args()
    return run(options.count, options.seed, options.function, options.findings, lambda text: print(text, flush=True)).close()


if __name__ == "__main__":
    sys.exit(main())
