#!/bin/sh
# Says whether the plan does nothing but switch maintenance on or off. It only
# reports, so that a first deploy and ordinary changes go through, unless
# MAINTENANCE_SWITCH_ONLY is true: then anything but a pure switch fails.
set -u

plan=${1:-.tf-plan}

# As Terraform and the command take booleans. Anything else is refused: a guard
# that a typing error turns off is none.
case ${MAINTENANCE_SWITCH_ONLY:-false} in
  true | True | TRUE | t | T | 1) switch_only=true ;;
  false | False | FALSE | f | F | 0) switch_only=false ;;
  *)
    echo "NOT DEPLOYED: MAINTENANCE_SWITCH_ONLY must be true or false." >&2
    exit 1
    ;;
esac

fail_if_switch_only() {
  if [ "$switch_only" = true ]; then
    echo "NOT DEPLOYED: $1. MAINTENANCE_SWITCH_ONLY is true, so only a pure switch may be deployed." >&2
    exit 1
  fi
  echo "Note: $1."
  exit 0
}

command -v maintenance >/dev/null 2>&1 ||
  fail_if_switch_only "the plan was not checked, as the command \"maintenance\" is not installed on this runner"
[ -f "$plan" ] ||
  fail_if_switch_only "the plan was not checked, as there is no plan file $plan"

maintenance guard "$plan"
code=$?

case $code in
  0) echo "The plan does nothing but switch." ;;
  3) fail_if_switch_only "the plan does more than switch (above)" ;;
  *) fail_if_switch_only "the plan could not be checked (maintenance guard ended with $code)" ;;
esac
