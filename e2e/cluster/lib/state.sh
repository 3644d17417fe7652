# shellcheck shell=bash
# The folder of a cluster: CLUSTERS/NAME. Everything that the cluster writes is in it; `down` removes it whole.
#   facts/    one file per fact, written by `up`: kind, version, network, started, ready
#   pids/     one file per program: see process.sh
#   log/      standard output and error of each program
#   kubeconfig

# Where an `up` has failed, its logs are kept in failed/NAME until the next `up` or `down` of that name.

readonly STATE=${XDG_STATE_HOME:-$HOME/.local/state}/gracekeeper
readonly CLUSTERS=$STATE/clusters

select_cluster() {
  [[ $1 =~ ^[a-z0-9]([-a-z0-9]{0,30}[a-z0-9])?$ ]] ||
    wrong_usage "\"$1\" can't name a cluster: at most 32 of a-z, 0-9 and \"-\", neither first nor last"
  DIR=$CLUSTERS/$1
  NODE=$1-node
  FAILED=$STATE/failed/$1
}

remember() { printf '%s\n' "$2" >"$DIR/facts/$1"; }

# recall FACT: empty if unknown
recall() { cat "$DIR/facts/$1" 2>/dev/null || true; }

# lock_cluster: one `up` or `down` of a name at a time. The lock ends with this process.
# The file goes with the folder, so one that waited for it may hold a file that is gone: it tries again.
lock_cluster() {
  local path=$CLUSTERS/.$NAME.lock
  while true; do
    mkdir -p "$CLUSTERS"
    exec {CLUSTER_LOCK}>"$path"
    if ! flock --nonblock "$CLUSTER_LOCK"; then
      say "waiting for another command on cluster \"$NAME\""
      flock "$CLUSTER_LOCK"
    fi
    [ "$path" -ef "/proc/$$/fd/$CLUSTER_LOCK" ] && return
    exec {CLUSTER_LOCK}>&-
  done
}

is_locked() { [ -e "$CLUSTERS/.$NAME.lock" ] && ! flock --nonblock "$CLUSTERS/.$NAME.lock" true; }

forget_cluster() {
  rm -rf "$DIR"
  rm -f "$CLUSTERS/.$NAME.lock"
  rmdir --ignore-fail-on-non-empty "$CLUSTERS" "$STATE" 2>/dev/null || true
}

forget_failure() {
  rm -rf "$FAILED"
  rmdir --ignore-fail-on-non-empty "$(dirname "$FAILED")" 2>/dev/null || true
}
