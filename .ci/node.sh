#!/usr/bin/env bash
# The package for Node as its users get it: built by its own tool, packed, installed into an empty
# folder, compiled against and run. Called by .ci/run, which has run the tests; needs node and npm.
set -euo pipefail
cd "$(dirname "$0")/.."
root="$PWD"

step() {
    printf '\n== %s\n' "$*"
    "$@"
}

empty="$(mktemp -d)"
trap 'rm -rf "$empty"' EXIT

build() {
    cd "$root/sspr-node"
    npm ci --no-fund --no-audit
    if grep -q '"resolved"' package-lock.json; then
        echo 'package-lock.json names download addresses' >&2
        return 1
    fi
    rm -f ./*.node
    npm run build
    # The package must stay small: with both collectors and the table of time zones, 16 MiB at most.
    ls -l ./*.node
    find . -maxdepth 1 -name '*.node' -size -16384k | grep -q .
}

install() {
    cd "$root/sspr-node"
    npm pack --pack-destination "$empty"
    cd "$empty"
    npm init --yes >/dev/null
    npm install --no-fund --no-audit ./sspr-*.tgz
}

# The README's first example, as a module and through require, and the command.
first_example() {
    cd "$empty"
    sed -n '/^```js$/,/^```$/p' node_modules/sspr/README.md | sed '1d;/^```$/,$d' >first.mjs
    node first.mjs | grep -x fail
    node -e "if (typeof require('sspr').assess !== 'function') process.exit(1)"
    local code=0
    npx sspr assess "$root/examples/contoso" --as-of 2026-11-20T12:00:00Z || code=$?
    [ "$code" = 1 ]
    npx sspr assess "$root/examples/fabrikam" --as-of 2026-11-20T12:00:00Z >/dev/null
    for example in judge_tenant unlicensed_people; do
        cp "$root/examples/$example.mjs" .
    done
    node judge_tenant.mjs "$root/examples/fabrikam" 2026-11-20T12:00:00Z
    node unlicensed_people.mjs "$root/examples/contoso" | grep -q contoso.com
}

# Programs of users: what is right compiles, and every line marked as wrong is refused.
types() {
    cd "$empty"
    cp -r "$root/sspr-node/types/programs" "$root/sspr-node/types/tsconfig.json" .
    ln -s "$root/sspr-node/node_modules/@types" node_modules/@types
    "$root/sspr-node/node_modules/.bin/tsc" -p .
    # The proof that the compiler looks: a program with one misspelt field must fail.
    printf "import { assess } from 'sspr'\nconsole.log((await assess('x')).verdikt)\n" >programs/misspelt.mts
    if "$root/sspr-node/node_modules/.bin/tsc" -p .; then
        echo 'a misspelt field was accepted' >&2
        return 1
    fi
    rm programs/misspelt.mts
}

arrow() {
    cd "$empty"
    ln -s "$root/sspr-node/node_modules/apache-arrow" node_modules/apache-arrow
    cp "$root/sspr-node/types/arrow.mjs" .
    node arrow.mjs "$root/examples/contoso/aadc01/log/application.evtx"
}

# Each in a shell of its own, so that none leaves its folder to the next.
for part in build install first_example types arrow; do
    (step "$part")
done
printf '\nthe package for Node is as it should be\n'
