# shellcheck shell=bash
# Looking at a cluster, and using it.

require_up() { cluster_is_up || fail "cluster \"$NAME\" is not up; \"cluster up --name $NAME\" starts it"; }

command_kubeconfig() {
  require_up
  printf '%s\n' "$DIR/kubeconfig"
}

command_env() {
  require_up
  # shellcheck disable=SC2016  # for the shell that reads this
  printf 'export KUBECONFIG=%q\nexport PATH=%q:"$PATH"\n' "$DIR/kubeconfig" "$CACHE/kubernetes-$(recall version):$HELM_BIN"
}

command_status() {
  local names folder
  if [ "$NAME_GIVEN" = yes ]; then
    print_status "$NAME"
    cluster_is_up || exit "$FAILURE"
    return
  fi
  names=$(for folder in "$CLUSTERS"/*/; do [ ! -d "$folder" ] || basename "$folder"; done)
  if [ -z "$names" ]; then
    say "no clusters"
    return
  fi
  # shellcheck disable=SC2086  # a list of words
  print_status $names
}

print_status() {
  local format='%-20s %-11s %-9s %-8s %-6s %s\n' state
  # shellcheck disable=SC2059  # a constant
  printf "$format" NAME KIND STATE VERSION AGE KUBECONFIG
  for NAME in "$@"; do
    select_cluster "$NAME"
    state=$(cluster_state)
    # shellcheck disable=SC2059
    printf "$format" "$NAME" "$(recall kind)" "$state" "$(recall version)" "$(age)" "$([ "$state" = Down ] || echo "$DIR/kubeconfig")"
    [ "$state" != Broken ] || say "  cluster \"$NAME\": $(why_broken); up repairs it, down removes it"
  done
}

cluster_state() {
  if [ ! -d "$DIR" ]; then
    echo Down
  elif cluster_is_up; then
    echo Up
  elif is_locked; then
    echo Starting
  else
    echo Broken
  fi
}

why_broken() {
  local dead
  dead=$(dead_programs)
  if [ -n "$dead" ]; then echo "these have ended: $dead"; else echo "its start was not finished"; fi
}

age() {
  local started seconds
  started=$(recall started)
  [ -n "$started" ] || return 0
  seconds=$(($(date +%s) - started))
  if [ "$seconds" -lt 120 ]; then
    echo "${seconds}s"
  elif [ "$seconds" -lt 7200 ]; then
    echo "$((seconds / 60))m"
  else
    echo "$((seconds / 3600))h"
  fi
}

require_node() {
  require_up
  [ "$(recall kind)" = full ] || fail "cluster \"$NAME\" is an API server alone: it has no node"
  [ "$(id -u)" = 0 ] || machine_lacks "the node of cluster \"$NAME\" is root's" "run as root"
  enter_node
}

command_load() {
  local tar
  require_node
  for tar in "$@"; do import_images "$tar"; done
}

command_exec() {
  require_node
  in_node "$@"
}

command_logs() {
  local target=$1 kind
  [ -d "$DIR" ] || fail "there is no cluster \"$NAME\""
  mkdir -p "$target"
  cp "$DIR/log"/*.log "$target"
  if [ -d "$DIR/var-log/pods" ]; then cp -r "$DIR/var-log/pods" "$target/"; fi
  for kind in events pods deployments,replicasets,services nodes; do
    cluster_kubectl --request-timeout 10s get "$kind" --all-namespaces -o yaml >"$target/$kind.yaml" 2>"$target/$kind.error" || true
    [ -s "$target/$kind.error" ] || rm -f "$target/$kind.error"
  done
  say "logs of cluster \"$NAME\" are in $target"
}
