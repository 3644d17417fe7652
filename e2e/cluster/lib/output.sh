# shellcheck shell=bash
# What the user sees. Results go to standard output, everything else to standard error.

# Colours are for people: where they look is a terminal, and they haven't asked for none.
if [ -t 2 ] && [ -z "${NO_COLOR:-}" ]; then
  readonly RED=$'\e[31m' GREEN=$'\e[32m' PLAIN=$'\e[0m'
else
  readonly RED='' GREEN='' PLAIN=''
fi

readonly FAILURE=1 USAGE=2 LACKING=3

say() { printf '%s\n' "$*" >&2; }

complain() { printf '%serror:%s %s\n' "$RED" "$PLAIN" "$*" >&2; }

fail() {
  complain "$@"
  exit "$FAILURE"
}

wrong_usage() {
  complain "$1. See \"cluster help\"."
  exit "$USAGE"
}

# machine_lacks WHAT FIX
machine_lacks() {
  complain "$1. To fix: $2"
  exit "$LACKING"
}

# Microseconds of a clock with a fixed width, so that times can be subtracted without a decimal point.
now() { printf '%s' "${EPOCHREALTIME/[.,]/}"; }

# seconds_since MICROSECONDS: "4.2"
seconds_since() {
  local tenths=$((($(now) - $1) / 100000))
  printf '%d.%d' $((tenths / 10)) $((tenths % 10))
}
