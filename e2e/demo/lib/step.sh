# shellcheck shell=bash
# Steps: what takes more than a moment. Each shows that it is alive, and its time.

STEP_JOB=''

# step TEXT COMMAND...: runs the command (a function too) beside us, its output in a log. If it fails, so does the demo, with
# the end of that output; it runs in a subshell, so what it assigns is lost. A command's 3 (the machine lacks something) stays 3.
step() {
  local text=$1
  try_step "$@"
  [ "$STEP_STATUS" != 0 ] || return 0
  printf '  %sfailed%s %s\n' "$RED" "$PLAIN" "$text"
  tail -n 25 "$STATE/step.log" | indent >&2
  complain "$text: failed with exit code $STEP_STATUS"
  [ "$OWN_CLUSTER" = yes ] || say "  the cluster's logs: e2e/cluster/cluster logs DIRECTORY --name $CLUSTER_NAME" >&2
  [ "$STEP_STATUS" = "$LACKING" ] || STEP_STATUS=$UNTRUE
  exit "$STEP_STATUS"
}

# try_step TEXT COMMAND...: the same, but its exit code goes to STEP_STATUS. (Not by `||`: that would switch off `set -e` in the
# command, even in a subshell.)
try_step() {
  local text=$1 started
  shift
  started=$(now)
  # A process group of its own, so that all of it can be interrupted; the story's lock is not for what outlives us.
  set -m
  (
    set +m
    trap - INT TERM HUP ERR
    "$@"
  ) >"$STATE/step.log" 2>&1 </dev/null {LOCK}>&- &
  STEP_JOB=$!
  set +m
  watch_step "$text" "$started"
  STEP_STATUS=0
  wait "$STEP_JOB" || STEP_STATUS=$?
  STEP_JOB=''
  [ "$TERMINAL" = no ] || printf '\r\e[K'
  [ "$STEP_STATUS" != 0 ] || done_line "$text" "$(seconds_since "$started")"
}

# On a terminal one line that changes: the time, and the last that the command has said. Elsewhere a line now and then.
watch_step() {
  local text=$1 started=$2 next=15 elapsed last
  while kill -0 "$STEP_JOB" 2>/dev/null; do
    sleep 0.1
    elapsed=$((($(now) - started) / 1000000))
    if [ "$TERMINAL" = yes ]; then
      last=$(tail -n 1 "$STATE/step.log" | tr -cd '[:print:]')
      printf '\r\e[K%s' "$(cut -c "1-$((${COLUMNS:-$(tput cols 2>/dev/null || echo 100)} - 1))" <<<"  ...    $text ($elapsed s)  $last")"
    elif [ "$elapsed" -ge "$next" ]; then
      say "  ...    $text ($elapsed s so far)"
      next=$((next * 2 > next + 60 ? next + 60 : next * 2))
    fi
  done
}

# interrupted SIGNAL STATUS: hands the signal on to the step that runs, lets it tidy up, and ends.
interrupted() {
  trap '' INT TERM HUP
  if [ -n "$STEP_JOB" ]; then
    kill "-$1" -- "-$STEP_JOB" 2>/dev/null || true
    wait "$STEP_JOB" 2>/dev/null || true
  fi
  [ "$TERMINAL" = no ] || printf '\r\e[K'
  complain "interrupted; \"./demo\" can be run again, \"./demo down\" removes what is there"
  exit "$2"
}

# For what may fail and shouldn't, outside of steps.
unexpected() {
  complain "the demo itself failed: $1"
  exit "$UNTRUE"
}

# await SECONDS WHAT COMMAND...: asks again until the command succeeds. For use in steps.
await() {
  local limit=$1 what=$2 deadline
  shift 2
  deadline=$((SECONDS + limit))
  until "$@"; do
    if [ "$SECONDS" -ge "$deadline" ]; then
      echo "not in $limit s: $what"
      return 1
    fi
    sleep 0.25
  done
}
