#!/usr/bin/python3
"""Checks every sidecar below a folder with decoders that are not ours.

Usage: check-sidecars.py FOLDER

Each .gz and .br whose source stands beside it must decode to that source, byte for byte, with
Python's gzip and brotli modules, be smaller than it, and pass `gzip -t` and `brotli -t`. A decoder
that is not installed is named and passed over. Exits with 1 on any fault, or without any sidecar.
"""
import gzip
import os
import shutil
import subprocess
import sys

try:
    import brotli
except ImportError:
    brotli = None

BATCH = 200


def find_sidecars(folder):
    """Yields (sidecar, source, suffix) as bytes paths, so that any name works."""
    for directory, _, names in os.walk(os.fsencode(folder)):
        present = set(names)
        for name in sorted(names):
            source, suffix = os.path.splitext(name)
            if suffix in (b".gz", b".br") and source in present:
                yield os.path.join(directory, name), os.path.join(directory, source), suffix


def read(path):
    with open(path, "rb") as file:
        return file.read()


def fault_of(sidecar, source, decode):
    encoded, original = read(sidecar), read(source)
    if len(encoded) >= len(original):
        return "is not smaller than its source"
    try:
        decoded = decode(encoded)
    except Exception as error:
        return f"does not decode: {error}"
    return None if decoded == original else "decodes to something else than its source"


def check(label, suffix, decode, command, sidecars):
    own = [(sidecar, source) for sidecar, source, found in sidecars if found == suffix]
    faults = 0
    if decode is None:
        print(f"{label}: Python has no {label} module here, passed over")
    else:
        for sidecar, source in own:
            fault = fault_of(sidecar, source, decode)
            if fault:
                faults += 1
                print(f"{os.fsdecode(sidecar)!r} {fault}", file=sys.stderr)
        print(f"{label}: Python decoded {len(own) - faults} of {len(own)} sidecars to their sources")
    if shutil.which(command) is None:
        print(f"{label}: `{command}` is not installed, passed over")
        return len(own), faults
    for start in range(0, len(own), BATCH):
        paths = [sidecar for sidecar, _ in own[start : start + BATCH]]
        faults += subprocess.run([command, "-t", "--", *paths]).returncode != 0
    print(f"{label}: `{command} -t` was run on {len(own)} sidecars")
    return len(own), faults


def main(arguments):
    if len(arguments) != 1:
        sys.exit(__doc__)
    sidecars = list(find_sidecars(arguments[0]))
    results = [
        check("gzip", b".gz", gzip.decompress, "gzip", sidecars),
        check("brotli", b".br", brotli and brotli.decompress, "brotli", sidecars),
    ]
    if any(count == 0 for count, _ in results):
        sys.exit("there is a content-coding without any sidecar: nothing was proved")
    faults = sum(found for _, found in results)
    if faults:
        sys.exit(f"{faults} faults")
    print("Every sidecar is right.")


main(sys.argv[1:])
