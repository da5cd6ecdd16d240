"""Compares the licence of every dependency with the licences that this project accepts.

Reads `cargo metadata`, so it needs no network beyond what the build needs.
"""

import json
import re
import subprocess
import sys

ACCEPTED = {
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
}


def accepted(expression):
    """Whether an SPDX expression can be met with accepted licences alone."""
    tokens = re.findall(r"\(|\)|[^\s()/]+(?: WITH [^\s()]+)?|/", expression)
    tokens = ["OR" if token == "/" else token for token in tokens]

    def either():
        value = both()
        while tokens and tokens[0] == "OR":
            tokens.pop(0)
            value = both() or value
        return value

    def both():
        value = one()
        while tokens and tokens[0] == "AND":
            tokens.pop(0)
            value = one() and value
        return value

    def one():
        token = tokens.pop(0)
        if token == "(":
            value = either()
            tokens.pop(0)
            return value
        return token in ACCEPTED

    return either() and not tokens


def main():
    metadata = json.loads(
        subprocess.run(
            ["cargo", "metadata", "--format-version=1", "--all-features", "--locked"],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    )
    refused = [
        f"{package['name']} {package['version']}: {package['license']}"
        for package in metadata["packages"]
        if not package["license"] or not accepted(package["license"])
    ]
    for line in refused:
        print(f"licence not accepted: {line}", file=sys.stderr)
    print(f"{len(metadata['packages'])} packages, {len(refused)} refused")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
