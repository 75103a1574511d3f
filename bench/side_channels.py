"""Measure what two notebooks that are graded side by side can tell each other: docs/security.md.

``python bench/side_channels.py [MODE [WORDS]]``. One notebook sends random bits in slots of the wall clock, the
other guesses them. Printed is what gets through after errors, for the best slot length: a rate that somebody
reached, not the most that is possible.
"""

from __future__ import annotations

import math
import sys
import threading
import time

from ottermark.limits import Limits
from ottermark.sandbox.sandbox import Sandbox
from ottermark.sandbox.session import Session

SLOTS = (0.002, 0.01, 0.05, 0.2)
SENT = 4  # seconds, and at least 100 slots
COMMON = """
import glob, mmap, os, random, resource, statistics, sys, threading, time
def bits_of(width):
    draw = random.Random(1)
    return [[draw.randrange(2) for _ in range(width)] for _ in range(COUNT)]
def wait_for(moment):
    time.sleep(max(0, moment - time.time()))
"""
# what sends `bits` until the moment `end`, and what returns a number for each bit, seen at `end`
CHANNELS = {
    "number of threads (/proc/loadavg)": (
        1,
        """
def send(bits, end):
    threads = [threading.Thread(target=wait_for, args=(end,)) for _ in range(30 * bits[0])]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
""",
        """
def look(start, end):
    wait_for((start + end) / 2)
    return [int(open("/proc/loadavg").read().split()[3].split("/")[1])]
""",
    ),
    "free memory (/proc/meminfo)": (
        1,
        """
def send(bits, end):
    if bits[0]:
        with mmap.mmap(-1, 100_000_000) as block:
            for at in range(0, len(block), 4096):
                block[at] = 1
                if time.time() > end:
                    break
            wait_for(end)
""",
        """
def look(start, end):
    wait_for(start + 0.8 * (end - start))
    return [-int(open("/proc/meminfo").read().split()[4])]
""",
    ),
    "processor time": (
        1,
        """
def send(bits, end):
    if bits[0]:
        children = [os.fork() for _ in range(2)]
        if 0 in children:
            while time.time() < end:
                pass
            os._exit(0)
        [os.waitpid(child, 0) for child in children]
""",
        """
def look(start, end):
    count = 0
    while time.time() < end:
        count -= 1
    return [count]
""",
    ),
    "processors that a process may use (uid only)": (
        1,
        """
def send(bits, end):
    os.sched_setaffinity(0, {0} if bits[0] else {0, 1})
""",
        """
def look(start, end):
    wait_for((start + end) / 2)
    return [-len(os.sched_getaffinity(PID))]
""",
    ),
    "pages of a library in memory": (
        64,
        """
def send(bits, end):
    os.posix_fadvise(FILE, 0, 0, os.POSIX_FADV_DONTNEED)
    [os.pread(FILE, 1, n * 65536) for n, bit in enumerate(bits) if bit]
""",
        """
def look(start, end):
    wait_for(start + 0.7 * (end - start))
    counts = []
    for n in range(64):
        before = resource.getrusage(resource.RUSAGE_SELF).ru_inblock
        os.pread(FILE, 1, n * 65536)
        counts.append(before - resource.getrusage(resource.RUSAGE_SELF).ru_inblock)
    return counts
""",
    ),
}
FILE = """
mapped = open("/proc/self/maps").read()
PID = os.getpid()
large = sorted(p for p in glob.glob(sys.prefix + "/lib/python*/site-packages/**/*.so*", recursive=True)
    if os.path.getsize(p) > 64 * 65536 and p not in mapped)
FILE = os.open(large[0], os.O_RDONLY)
os.posix_fadvise(FILE, 0, 0, os.POSIX_FADV_RANDOM)
"""
SEND = """
for n, bits in enumerate(bits_of(WIDTH)):
    wait_for(START + n * SLOT)
    if time.time() < (end := START + (n + 0.9) * SLOT):
        send(bits, end)
"""
LOOK = """
seen = []
for n in range(COUNT):
    wait_for(START + n * SLOT)
    seen.append(look(START + n * SLOT, START + (n + 0.9) * SLOT))
ordered = sorted(value for row in seen for value in row)
def share_right(limit, half):
    pairs = [(v, b) for row, sent in list(zip(seen, bits_of(WIDTH)))[half::2] for v, b in zip(row, sent)]
    return sum((value >= limit) == bit for value, bit in pairs) / len(pairs)
limits = {ordered[len(ordered) * part // 20] for part in range(1, 20)}
share = share_right(max(limits, key=lambda limit: share_right(limit, 0)), 1)
"""


def rate_of(two: tuple[Session, Session], width: int, slot: float) -> float:
    """Return the bits a second that get through, of a symmetric channel with these errors."""
    start = time.time() + 0.5
    count = max(100, int(SENT / slot))
    sender = two[0].read_values(["PID"])[0]["PID"]
    head = f"COUNT, WIDTH, SLOT, START, PID = {count}, {width}, {slot}, {start}, {sender}"
    sending = threading.Thread(target=two[0].run_cell, args=(head + "\n" + SEND,))
    sending.start()
    run = two[1].run_cell(head + "\n" + LOOK)
    sending.join()
    if run.error is not None:
        print(f"  {run.error['text']}")
        return 0.0
    share = two[1].read_values(["share"])[0]["share"]
    if share < 0.5:
        return 0.0
    noise = sum(-p * math.log2(p) for p in (share, 1 - share) if p > 0)
    return float(width * (1 - noise) / slot)


def main(mode: str, words: str) -> None:
    with Sandbox(isolation=mode) as sandbox:
        for name, (width, send, look) in CHANNELS.items():
            if words not in name or ("uid only" in name and mode != "uid"):
                continue
            with sandbox.open({}, Limits()) as one, sandbox.open({}, Limits()) as two:
                for session, part in ((one, send), (two, look)):
                    error = session.run_cell(f"{COMMON}{FILE}{part}").error
                    assert error is None, error
                rates = {slot: rate_of((one, two), width, slot) for slot in SLOTS}
                slot = max(rates, key=lambda slot: rates[slot])
                print(f"{name}: {rates[slot]:.0f} bits a second, slots of {slot:g} s", flush=True)


if __name__ == "__main__":
    main(*(sys.argv[1:] + ["userns", ""][len(sys.argv) - 1 :]))
