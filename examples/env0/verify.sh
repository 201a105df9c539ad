#!/bin/sh
# Asks every URL until clients get what the variables say: the maintenance answer
# (by its X-Maintenance-Mode header) or the live API. Fails the deployment
# otherwise. What is asked comes from the output expected_answers.
#
#   MAINTENANCE_VERIFY=skip       for domains that this runner cannot reach
#   MAINTENANCE_VERIFY_SECONDS    how long to wait for right answers (180)
#   MAINTENANCE_VERIFY_IN_A_ROW   right answers in a row that count as proof (3)
#   MAINTENANCE_VERIFY_LIVE       statuses that count as live, as an extended
#                                 regular expression ([23]..); [23]..|401 for an
#                                 API that asks for credentials
#   MAINTENANCE_VERIFY_MARKED     status of the maintenance answer (503)
set -u

if [ "${MAINTENANCE_VERIFY:-}" = skip ]; then
  echo "Not verified: MAINTENANCE_VERIFY=skip."
  exit 0
fi

seconds=${MAINTENANCE_VERIFY_SECONDS:-180}
in_a_row=${MAINTENANCE_VERIFY_IN_A_ROW:-3}
live=${MAINTENANCE_VERIFY_LIVE:-[23]..}
marked=${MAINTENANCE_VERIFY_MARKED:-503}

fail() {
  echo "SWITCHED, NOT CONFIRMED: $1 The apply itself succeeded." >&2
  exit 1
}

for number in "$seconds" "$in_a_row"; do
  case $number in
    '' | *[!0-9]*) fail "MAINTENANCE_VERIFY_SECONDS and MAINTENANCE_VERIFY_IN_A_ROW must be whole numbers, not \"$number\"." ;;
  esac
done

command -v curl >/dev/null 2>&1 ||
  fail "curl is not installed on this runner; install it, or set MAINTENANCE_VERIFY=skip."

# The template's engine is not known here: whichever can read the output is it.
expected=
for engine in terraform tofu; do
  command -v "$engine" >/dev/null 2>&1 || continue
  expected=$("$engine" output -no-color -raw expected_answers 2>/dev/null) && [ -n "$expected" ] && break
  expected=
done
[ -n "$expected" ] ||
  fail "the output expected_answers cannot be read with terraform or tofu."

headers=$(mktemp) || fail "no temporary file can be made."
trap 'rm -f "$headers"' EXIT

# ask URL sets answer to "maintenance", to "live", or to what is wrong with it.
ask() {
  status=$(curl --silent --show-error --max-time 10 --output /dev/null --dump-header "$headers" --write-out '%{http_code}' "$1" 2>&1) || {
    answer="no answer ($(printf '%s' "$status" | tr '\n' ' '))"
    return
  }
  if grep -qi '^x-maintenance-mode:[[:space:]]*on[[:space:]]*$' "$headers"; then
    if [ "$status" = "$marked" ]; then answer=maintenance; else answer="status $status with the maintenance header"; fi
    return
  fi
  if printf '%s\n' "$status" | grep -Eqx "$live"; then answer=live; else answer="status $status without the maintenance header"; fi
}

deadline=$(($(date +%s) + seconds))

# confirm MODE URL waits for enough right answers in a row.
confirm() {
  right=0
  while :; do
    ask "$2"
    if [ "$answer" = "$1" ]; then right=$((right + 1)); else right=0; fi
    [ "$right" -ge "$in_a_row" ] && break
    [ "$(date +%s)" -ge "$deadline" ] &&
      fail "$2 should be $1, but the last answer was: $answer."
    sleep 1
  done
  echo "$1  $2"
}

while read -r mode url; do
  confirm "$mode" "$url"
done <<ANSWERS
$expected
ANSWERS
