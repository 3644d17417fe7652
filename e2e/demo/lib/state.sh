# shellcheck shell=bash
# The demo's own folder: manifests as they were applied, the log of the step that runs, the lock.

readonly CLUSTER_NAME=demo
readonly STATE=${XDG_STATE_HOME:-$HOME/.local/state}/gracekeeper/demo

open_state() {
  mkdir -p "$STATE"
  exec {LOCK}>"$STATE/lock"
  flock --nonblock "$LOCK" || {
    complain "another ./demo is running"
    exit "$UNTRUE"
  }
}

remove_state() {
  rm -rf "$STATE"
  rmdir --ignore-fail-on-non-empty "$(dirname "$STATE")" 2>/dev/null || true
}
