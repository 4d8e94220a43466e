#!/usr/bin/python3
"""Weft's training steps against PyTorch's, on one core of this machine, in one sitting.

    apt-get install python3-torch libopenblas0-pthread
    ./mvnw -DskipTests package
    src/test/python/training_speed.py [case...]

Each case runs in a process of its own, pinned to one core, the two libraries in turn; what is
printed is the median of the rounds and the ratio of the medians. The case cnn trains a network to
the end; the accuracies are those of the last round.
"""
import os
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
CASES = ["mlp-64", "mlp-1024", "lenet-64", "transformer-16", "tiny-1"]
ROUNDS = 3
SECONDS = "6"
CORE = str(max(os.sched_getaffinity(0)))


def run(*command):
    done = subprocess.run(["taskset", "-c", CORE, *command], cwd=ROOT, text=True,
                          stdout=subprocess.PIPE, check=True)
    return done.stdout.strip().splitlines()[-1]


def weft(*arguments):
    java = os.path.join(os.environ.get("JAVA_HOME", ""), "bin/java") \
        if os.environ.get("JAVA_HOME") else "java"
    return run(java, "-cp", "target/test-classes:target/classes:target/lib/*",
               "weft.nn.TrainingSpeed", *arguments)


def torch(*arguments):
    return run("/usr/bin/python3", "src/test/python/peer_training.py", *arguments)


def trained():
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append([float(number) for number in weft("cnn").split()])
        theirs.append([float(number) for number in torch("cnn").split()])
    a, b = (statistics.median(seconds for seconds, _ in runs) for runs in (ours, theirs))
    print(f"{'cnn':16}{a:11.1f}s{b:11.1f}s{b / a:8.2f}   "
          f"(read: {ours[-1][1]:.2%}, {theirs[-1][1]:.2%})", flush=True)


def main():
    print(f"{'case':16}{'Weft':>12}{'PyTorch':>12}{'ratio':>8}   (steps a second, one core)")
    for case in sys.argv[1:] or CASES + ["cnn"]:
        if case == "cnn":
            trained()
            continue
        ours, theirs = [], []
        for _ in range(ROUNDS):
            ours.append(float(weft(case, SECONDS)))
            theirs.append(float(torch(case, SECONDS)))
        a, b = statistics.median(ours), statistics.median(theirs)
        print(f"{case:16}{a:12.1f}{b:12.1f}{a / b:8.2f}", flush=True)


if __name__ == "__main__":
    main()
