#!/usr/bin/env bash
# all.sh: every tier of tests, one after the other, each under a time limit of its own; `./build.sh
# test` calls it after the set-up. All tiers run even when one fails. TIERS="check net" runs a part.
# The simulators measure no time: they get what the builds leave of the processors (SCHED_IDLE:
# whoever else wants one has it at once).
set -euo pipefail
cd "$(dirname "$(realpath "$0")")/.."

# tier, time limit in minutes; `meanwhile`: while the next one runs
tiers='check 4
processes 14
sim 14 meanwhile
builds 8
net 14
kernel 12
browser 6
image 30'

mkdir -p build/test-logs
passed=0 failed=0 skipped=0 broken=()
count() { sed -n "s/^ℹ $1 \([0-9]*\)\$/\1/p" "$2" | tail -n 1; }

# run TIER MINUTES PROGRAM...: what came of it stands in a file beside its log.
run() {
  local tier=$1 minutes=$2 log=build/test-logs/$1.log script=test:$1 began=$SECONDS status=0
  shift 2
  rm -f "$log.end"
  [ "$tier" != check ] || script=check
  printf '== npm run %s (at most %d min)\n' "$script" "$minutes"
  "$@" timeout --kill-after=30 "${minutes}m" npm run --silent "$script" >"$log" 2>&1 </dev/null ||
    status=$?
  [ $status -ne 124 ] || echo "it did not end within $minutes min and was stopped" | tee -a "$log"
  echo $status $((SECONDS - began)) >"$log.end"
}

# tell TIER: adds what came of it to all.
tell() {
  local tier=$1 log=build/test-logs/$1.log status seconds p f s
  read -r status seconds <"$log.end"
  p=$(count pass "$log") f=$(count fail "$log") s=$(count skipped "$log")
  passed=$((passed + ${p:-0})) failed=$((failed + ${f:-0})) skipped=$((skipped + ${s:-0}))
  if [ "$status" -ne 0 ]; then
    broken+=("$tier")
    [ "${f:-0}" -gt 0 ] || failed=$((failed + 1))
    # What failed is told last by the test runner.
    sed -n '/^✖ failing tests:/,$p' "$log" | head -n 200
    grep -q '^✖ failing tests:' "$log" || tail -n 60 "$log"
  fi
  printf '   %-12s %4s passed %3s failed  %4d s  (all output: %s)\n' \
    "$tier" "${p:-0}" "${f:-0}" "$seconds" "$log"
}

meanwhile='' pid=''
await_meanwhile() {
  [ -n "$pid" ] || return 0
  wait "$pid"
  pid=''
  tell "$meanwhile"
}
# `timeout`, whose process it is, passes it on to all that it has started.
end_meanwhile() {
  [ -z "$pid" ] || kill "$(cat build/test-logs/meanwhile.pid)" 2>/dev/null || true
}
trap end_meanwhile EXIT

while read -r tier minutes when; do
  [[ " ${TIERS:-$tier} " == *" $tier "* ]] || continue
  if [ -n "$when" ]; then
    # shellcheck disable=SC2016 # `sh` is to expand it
    run "$tier" "$minutes" \
      sh -c 'echo $$ >build/test-logs/meanwhile.pid; exec chrt --idle 0 "$@"' sh &
    meanwhile=$tier pid=$!
    continue
  fi
  run "$tier" "$minutes"
  tell "$tier"
  await_meanwhile
done <<<"$tiers"
await_meanwhile

[ ${#broken[@]} -eq 0 ] || printf '\ntiers that failed: %s\n' "${broken[*]}"
printf '\n%d passed, %d failed, %d skipped\n' $passed $failed $skipped
[ ${#broken[@]} -eq 0 ]
