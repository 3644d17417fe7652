# shellcheck shell=bash
# Starting programs and ending exactly those. A record (pids/PROGRAM) is "pid start-time boot-id": a pid alone may by now belong to
# something else.

# identity PID: its start time and the machine's boot, or nothing if there is no such process
identity() {
  local stat fields
  # Not $(<file): where the file is missing, that ends a shell with "set -e", whatever follows.
  { IFS= read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 0
  # The second field is the name in brackets, and may hold anything; the start time is the 22nd, the 20th after the name.
  read -ra fields <<<"${stat##*) }"
  [ "${fields[0]}" = Z ] || printf '%s %s' "${fields[19]}" "$(</proc/sys/kernel/random/boot_id)"
}

# start PROGRAM COMMAND...: in the background, in a session of its own (a Ctrl-C is for `up`, which then cleans up), in the
# cluster's folder, with its output in log/PROGRAM.log
start() {
  local program=$1
  shift
  (
    # A lock that the program inherited would be held as long as it runs.
    [ -z "${CLUSTER_LOCK:-}" ] || exec {CLUSTER_LOCK}>&-
    # A proxy is for the world outside; all that these programs talk to is inside.
    unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY KUBECONFIG
    join_cgroup
    cd "$DIR"
    # A shell's background command ignores SIGINT and SIGQUIT, and so would all that it starts, down to the containers.
    exec env --default-signal setsid "${ENTER[@]}" "$@" >>"$DIR/log/$program.log" 2>&1 </dev/null
  ) &
  local pid=$!
  disown "$pid"
  printf '%s %s\n' "$pid" "$(identity "$pid")" >"$DIR/pids/$program"
}

# What runs a command inside the namespaces of the node, in the cluster's folder; empty outside. Set by network.sh.
ENTER=()

# pid_of PROGRAM: if it runs, and is the one that was started
pid_of() {
  local pid birth
  { read -r pid birth <"$DIR/pids/$1"; } 2>/dev/null || return 0
  [ -z "$birth" ] || [ "$(identity "$pid")" != "$birth" ] || printf '%s' "$pid"
}

recorded_programs() { (cd "$DIR/pids" 2>/dev/null && ls) || true; }

dead_programs() {
  local program
  for program in $(recorded_programs); do
    [ -n "$(pid_of "$program")" ] || printf '%s ' "$program"
  done
}

# end_programs SIGNAL
end_programs() {
  local program pid
  for program in $(recorded_programs); do
    pid=$(pid_of "$program")
    [ -z "$pid" ] || kill -s "$1" "$pid" 2>/dev/null || true
  done
}

# wait_until SECONDS COMMAND...: false if it did not come true in time
wait_until() {
  local deadline=$(($(now) + $1 * 1000000))
  shift
  until "$@"; do
    [ "$(now)" -lt "$deadline" ] || return 1
    sleep 0.05
  done
}

no_program_runs() {
  local program
  for program in $(recorded_programs); do
    [ -z "$(pid_of "$program")" ] || return 1
  done
}

# await WHAT SECONDS COMMAND...: for `up`: says when it came true, and fails with the last words of a program that died before
await() {
  local what=$1 seconds=$2 deadline program
  shift 2
  deadline=$(($(now) + seconds * 1000000))
  until "$@" >/dev/null 2>&1; do
    for program in $(dead_programs); do
      complain "$program ended before: $what. Its last words:"
      tail -n 5 "$DIR/log/$program.log" >&2
      return "$FAILURE"
    done
    if [ "$(now)" -ge "$deadline" ]; then
      complain "not within $seconds s: $what"
      return "$FAILURE"
    fi
    sleep 0.1
  done
  say "$what ($(seconds_since "$UP_STARTED") s)"
}

# --- cgroups: the second way to find a cluster's processes, and the only one to find its containers' ---

# cgroup_hierarchies: the root of each that can be written (one for cgroup v2, one per controller for v1)
cgroup_hierarchies() {
  local folder
  if [ -w /sys/fs/cgroup/cgroup.procs ]; then
    echo /sys/fs/cgroup
  else
    for folder in /sys/fs/cgroup/*; do
      [ -L "$folder" ] || [ ! -w "$folder/cgroup.procs" ] || echo "$folder"
    done
  fi
}

# The name is the cluster's and its folder's, so that two users' clusters of one name stay apart.
cgroup_name() { printf 'gracekeeper-%s-%s' "$NAME" "$(cksum <<<"$DIR" | cut -d' ' -f1)"; }

make_cgroups() {
  local root controller folder
  for root in $(cgroup_hierarchies); do
    folder=$root/$(cgroup_name)
    if [ -f "$root/cgroup.subtree_control" ]; then # v2: children have only the controllers that are handed down
      mkdir -p "$folder/programs"
      for controller in $(<"$root/cgroup.controllers"); do
        echo "+$controller" >"$root/cgroup.subtree_control" 2>/dev/null || true
        echo "+$controller" >"$folder/cgroup.subtree_control" 2>/dev/null || true
      done
    else
      mkdir -p "$folder"
      if [ -f "$root/cpuset.cpus" ]; then # v1: a new cpuset is empty, and an empty one takes no process
        cat "$root/cpuset.cpus" >"$folder/cpuset.cpus"
        cat "$root/cpuset.mems" >"$folder/cpuset.mems"
      fi
      mkdir -p "$folder/programs"
    fi
  done
  # One hierarchy is enough to find the programs again, and "pids" limits nothing by itself.
  for root in /sys/fs/cgroup /sys/fs/cgroup/pids $(cgroup_hierarchies); do
    [ -w "$root/$(cgroup_name)/programs/cgroup.procs" ] || continue
    PROGRAMS_CGROUP=$root/$(cgroup_name)/programs
    return
  done
  return "$FAILURE"
}

PROGRAMS_CGROUP=''

join_cgroup() { [ -z "$PROGRAMS_CGROUP" ] || echo "$BASHPID" >"$PROGRAMS_CGROUP/cgroup.procs"; }

cgroup_processes() {
  local root
  for root in $(cgroup_hierarchies); do
    [ ! -d "$root/$(cgroup_name)" ] || find "$root/$(cgroup_name)" -name cgroup.procs -exec cat {} + 2>/dev/null || true
  done | sort -un
}

kill_cgroup_processes() {
  local pids
  pids=$(cgroup_processes)
  [ -n "$pids" ] || return 0
  # shellcheck disable=SC2086  # a list of numbers
  kill -s KILL $pids 2>/dev/null || true
  return 1
}

remove_cgroups() {
  local root
  for root in $(cgroup_hierarchies); do
    [ ! -d "$root/$(cgroup_name)" ] || find "$root/$(cgroup_name)" -depth -type d -exec rmdir {} + 2>/dev/null || true
  done
  for root in $(cgroup_hierarchies); do
    [ ! -d "$root/$(cgroup_name)" ] || return 1
  done
}
