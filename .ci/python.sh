#!/usr/bin/env bash
# The wheel: built once as it is shipped, installed into an empty environment, used, type-checked.
# Called by .ci/run; needs rust and python3, and installs the rest for itself.
set -euo pipefail
cd "$(dirname "$0")/.."

target="$(realpath -m "${CARGO_TARGET_DIR:-target}")"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

step() {
    printf '\n== %s\n' "$*"
    "$@"
}

python3 -m venv "$target/py-tools"
"$target/py-tools/bin/pip" install --quiet 'maturin==1.16.*'
maturin="$target/py-tools/bin/maturin"
# Profiles can be chosen for a quick run: SSPR_WHEEL_PROFILE=dev.
profile="${SSPR_WHEEL_PROFILE:-dist}"

# The stubs in the repository are those of the library.
step "$maturin" generate-stubs --profile dev --manifest-path sspr-py/Cargo.toml --out "$work/stubs"
step diff -r "$work/stubs/sspr/_sspr" sspr-py/python/sspr/_sspr

step "$maturin" build --manifest-path sspr-py/Cargo.toml --profile "$profile" --out "$work/wheel"
wheel="$(echo "$work"/wheel/*.whl)"
bytes="$(wc -c <"$wheel")"
printf 'wheel: %s, %s bytes\n' "$(basename "$wheel")" "$bytes"
if [ "$profile" = dist ] && [ "$bytes" -gt 12582912 ]; then
    echo 'the wheel is larger than 12 MiB' >&2
    exit 1
fi

# An empty environment: the first example of the README, the command, the examples.
python3 -m venv "$work/empty"
step "$work/empty/bin/pip" install --quiet --no-deps "$wheel"
export PATH="$work/empty/bin:$PATH"
step python .ci/first_example.py sspr-py/README.md
code=0
step sspr assess examples/contoso --as-of 2026-11-20T12:00:00Z >/dev/null || code=$?
[ "$code" = 1 ]
step python -m sspr explain 33004
step python examples/judge_tenant.py examples/fabrikam 2026-11-20T12:00:00+00:00

# Programs of users: strict types, and a misspelt field that is refused.
python3 -m venv "$work/full"
step "$work/full/bin/pip" install --quiet "$wheel" 'mypy==2.*' pyarrow polars
step "$work/full/bin/mypy" --strict --cache-dir "$work/mypy" examples/*.py
printf 'import sspr\n\nprint(sspr.assess().verdikt)\n' >"$work/misspelt.py"
if "$work/full/bin/mypy" --strict --cache-dir "$work/mypy" "$work/misspelt.py"; then
    echo 'a misspelt field passed' >&2
    exit 1
fi

# Tables go to others through Arrow.
step "$work/full/bin/python" .ci/arrow.py

printf '\nthe wheel is right\n'
