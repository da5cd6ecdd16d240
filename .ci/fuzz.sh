#!/usr/bin/env bash
# Every fuzz target for a bounded time. Called by .ci/run; needs rust and a C++ compiler, and installs
# cargo-fuzz for itself. SSPR_FUZZ_SECONDS is the time for each target; names as arguments choose some.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds="${SSPR_FUZZ_SECONDS:-5}"
fuzz=(--fuzz-dir tests/fuzz)
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

command -v cargo-fuzz >/dev/null || cargo install --quiet --locked cargo-fuzz
cargo fuzz build "${fuzz[@]}" -s none

[ "$#" -gt 0 ] || mapfile -t targets < <(cargo fuzz list "${fuzz[@]}")
[ "$#" -eq 0 ] || targets=("$@")
for target in "${targets[@]}"; do
    # Logs need the room of a chunk, evidence that of a few objects.
    case "$target" in
        evtx) longest=80000 ;;
        snapshot | roundtrip) longest=20000 ;;
        *) longest=4096 ;;
    esac
    mkdir "$work/$target"
    printf '\n== fuzz %s, %s s\n' "$target" "$seconds"
    # What a quiet run prints is of no interest but for its last lines.
    if ! cargo fuzz run "${fuzz[@]}" -s none "$target" \
        "$work/$target" tests/fuzz/seeds examples -- \
        -max_total_time="$seconds" -max_len="$longest" -timeout=20 -rss_limit_mb=1024 \
        -verbosity=0 -print_final_stats=1 >"$work/log" 2>&1; then
        cat "$work/log" >&2
        exit 1
    fi
    grep -E 'executed_units|peak_rss' "$work/log"
done
