# shellcheck shell=bash
# What the user sees. The story goes to standard output, complaints to standard error.

# Colours and lines that change are for people: where they look is a terminal. NO_COLOR is https://no-color.org.
TERMINAL=no
[ ! -t 1 ] || TERMINAL=yes
if [ "$TERMINAL" = yes ] && [ -z "${NO_COLOR:-}" ]; then
  readonly RED=$'\e[31m' GREEN=$'\e[32m' BOLD=$'\e[1m' DIM=$'\e[2m' PLAIN=$'\e[0m'
else
  readonly RED='' GREEN='' BOLD='' DIM='' PLAIN=''
fi
readonly TERMINAL

readonly UNTRUE=1 USAGE=2 LACKING=3

say() { printf '%s\n' "$*"; }

heading() { printf '\n%s%s%s\n' "$BOLD" "$*" "$PLAIN"; }

# done_line TEXT SECONDS
done_line() { printf '  %sok%s     %s %s(%s s)%s\n' "$GREEN" "$PLAIN" "$1" "$DIM" "$2" "$PLAIN"; }

complain() { printf '%serror:%s %s\n' "$RED" "$PLAIN" "$*" >&2; }

wrong_usage() {
  complain "$1. See \"./demo help\"."
  exit "$USAGE"
}

# machine_lacks WHAT FIX
machine_lacks() {
  complain "$1. To fix: $2"
  exit "$LACKING"
}

# show COMMAND...: prints the command as one would type it, runs it, and prints what it says; never fails, since a refusal is
# part of the story. SHOWN is the output, SHOWN_STATUS the exit code.
show() {
  show_command "$@"
  SHOWN_STATUS=0
  SHOWN=$("$@" 2>&1) || SHOWN_STATUS=$?
  indent <<<"$SHOWN"
}

# The words that a reader would have to quote are shown quoted.
show_command() {
  local word line=''
  for word in "$@"; do
    [[ $word =~ ^[A-Za-z0-9_./:=,@%+-]+$ ]] || word="'$word'"
    word=${word/#"$KUBECTL"/kubectl}
    line+=" ${word//"$HOME"\//\~/}"
  done
  printf '\n    %s$%s%s\n' "$DIM" "$line" "$PLAIN"
}

indent() { sed 's/^/    /'; }

# Microseconds of a clock with a fixed width, so that times can be subtracted without a decimal point.
now() { printf '%s' "${EPOCHREALTIME/[.,]/}"; }

# seconds_since MICROSECONDS: "4.2"
seconds_since() {
  local tenths=$((($(now) - $1) / 100000))
  printf '%d.%d' $((tenths / 10)) $((tenths % 10))
}
