# shellcheck shell=bash
# What the demo says of Gracekeeper is checked in each run. A claim that doesn't hold is told, and makes the exit code 1.

BROKEN_CLAIMS=()

# claim TEXT COMMAND...: the text says what was seen, the command decides whether it is as told
claim() {
  local text=$1
  shift
  if "$@"; then
    printf '  %strue%s   %s\n' "$GREEN" "$PLAIN" "$text"
  else
    printf '  %sNOT SO%s %s\n' "$RED" "$PLAIN" "$text"
    BROKEN_CLAIMS+=("$text")
  fi
}

equals() { [ "$1" = "$2" ]; }

is_more_than() { [ "$2" -gt "$1" ]; }

contains() { [[ $2 == *"$1"* ]]; }
