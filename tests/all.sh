#!/usr/bin/env bash
# all.sh: every tier of tests, one after the other, each under a time limit of its own; `./build.sh
# test` calls it after the set-up. All tiers run even when one fails. TIERS="check net" runs a part.
set -euo pipefail
cd "$(dirname "$(realpath "$0")")/.."

# tier, time limit in minutes
tiers='check 4
sim 6
processes 14
builds 8
net 14
kernel 12
browser 6
image 25'

mkdir -p build/test-logs
passed=0 failed=0 skipped=0 broken=()
count() { sed -n "s/^ℹ $1 \([0-9]*\)\$/\1/p" "$2" | tail -n 1; }

while read -r tier minutes; do
  [[ " ${TIERS:-$tier} " == *" $tier "* ]] || continue
  log=build/test-logs/$tier.log
  script=test:$tier
  [ "$tier" != check ] || script=check
  began=$SECONDS
  printf '== npm run %s (at most %d min)\n' "$script" "$minutes"
  status=0
  timeout --kill-after=30 "${minutes}m" npm run --silent "$script" >"$log" 2>&1 </dev/null ||
    status=$?
  [ $status -ne 124 ] || echo "it did not end within $minutes min and was stopped" | tee -a "$log"
  p=$(count pass "$log") f=$(count fail "$log") s=$(count skipped "$log")
  passed=$((passed + ${p:-0})) failed=$((failed + ${f:-0})) skipped=$((skipped + ${s:-0}))
  if [ $status -ne 0 ]; then
    broken+=("$tier")
    [ "${f:-0}" -gt 0 ] || failed=$((failed + 1))
    # What failed is told last by the test runner.
    sed -n '/^✖ failing tests:/,$p' "$log" | head -n 200
    grep -q '^✖ failing tests:' "$log" || tail -n 60 "$log"
  fi
  printf '   %-12s %4s passed %3s failed  %4d s  (all output: %s)\n' \
    "$tier" "${p:-0}" "${f:-0}" $((SECONDS - began)) "$log"
done <<<"$tiers"

[ ${#broken[@]} -eq 0 ] || printf '\ntiers that failed: %s\n' "${broken[*]}"
printf '\n%d passed, %d failed, %d skipped\n' $passed $failed $skipped
[ ${#broken[@]} -eq 0 ]
