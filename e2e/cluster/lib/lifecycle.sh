# shellcheck shell=bash
# up and down.

command_up() {
  require_machine_for "$KIND"
  case $(cd / && readlink -m "$CLUSTERS")/ in
    /run/* | /var/run/* | /var/log/*) wrong_usage "clusters can't be kept in $CLUSTERS, which the node hides; set XDG_STATE_HOME" ;;
  esac
  build_for "$KIND"
  lock_cluster
  if cluster_is_up; then
    accept_running_cluster
    return
  fi
  if cluster_left_something; then
    say "cluster \"$NAME\" was left unfinished or has died: removing it first"
    remove_cluster
    lock_cluster
  fi

  UP_STARTED=$(now)
  trap 'give_up $?' EXIT
  # A signal ends the shell; what was started goes in the trap above.
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  mkdir -p "$DIR"/{facts,pids,log}
  chmod 700 "$DIR"
  remember kind "$KIND"
  remember version "$KUBERNETES_VERSION"
  remember started "$(date +%s)"
  if [ "$KIND" = full ]; then
    start_full_cluster
  else
    start_api_server_alone
  fi
  forget_failure
  remember ready "$(seconds_since "$UP_STARTED")"
  trap - EXIT INT TERM HUP
  say "${GREEN}cluster \"$NAME\" is ready${PLAIN} (Kubernetes $KUBERNETES_VERSION, $(recall ready) s)"
  printf '%s\n' "$DIR/kubeconfig"
}

accept_running_cluster() {
  [ "$(recall kind)" = "$KIND" ] || fail "cluster \"$NAME\" is up, as $(recall kind): end it first (down), or take another --name"
  [ "$(recall version)" = "$KUBERNETES_VERSION" ] ||
    fail "cluster \"$NAME\" is up with Kubernetes $(recall version): end it first (down), or take another --name"
  say "cluster \"$NAME\" is already up"
  printf '%s\n' "$DIR/kubeconfig"
}

start_full_cluster() {
  make_cgroups
  start_node_namespaces
  connect_node
  SERVER=https://$NODE_IP:6443
  make_pki 127.0.0.1 "$NODE_IP" "$SERVICE_IP"
  make_kubeconfigs
  start_etcd
  start_apiserver "$NODE_IP" 6443 --service-cluster-ip-range "$SERVICE_CIDR" --enable-admission-plugins NodeRestriction \
    --kubelet-client-certificate pki/kubelet-client.crt --kubelet-client-key pki/kubelet-client.key \
    --kubelet-preferred-address-types InternalIP # nothing here could resolve the node's name
  start_containerd
  await "containerd answers" 20 containerd_answers
  import_images "$CACHE/images"/{pause,busybox,node}.tar
  await "API server is ready" 60 api_answers /readyz
  start_controllers
  start_scheduler
  start_kubelet
  start_proxy
  await "node is Ready" 60 node_is_ready
  await "default ServiceAccount exists" 30 default_service_account_exists
}

start_api_server_alone() {
  local port attempt
  make_pki 127.0.0.1
  start_etcd
  # No endpoint for the Service "kubernetes": there is nobody to route to it, and a loopback address is refused for it.
  local flags=(--service-cluster-ip-range 10.0.0.0/24 --endpoint-reconciler-type none)
  # Without controllers nobody makes ServiceAccounts, and every pod would be refused for want of one.
  [ "$WITH_CONTROLLERS" = yes ] || flags+=(--disable-admission-plugins ServiceAccount)
  [ -z "$FEATURE_GATES" ] || flags+=(--feature-gates "$FEATURE_GATES")
  for attempt in 1 2 3; do
    port=$(free_port)
    SERVER=https://127.0.0.1:$port
    make_kubeconfigs
    start_apiserver 127.0.0.1 "$port" "${flags[@]}"
    # Another program may take the port between the look and the use.
    [ "$attempt" -lt 3 ] || break
    wait_until 60 api_server_is_ready_or_dead || break
    [ -z "$(pid_of kube-apiserver)" ] || break
    grep -q 'address already in use' "$DIR/log/kube-apiserver.log" || break
  done
  await "API server is ready" 60 api_answers /readyz
  if [ "$WITH_CONTROLLERS" = yes ]; then
    start_controllers
    await "default ServiceAccount exists" 30 default_service_account_exists
  fi
}

api_server_is_ready_or_dead() { [ -z "$(pid_of kube-apiserver)" ] || api_answers /readyz >/dev/null 2>&1; }

# Below the range from which the kernel gives ports to connections.
free_port() {
  local port
  while true; do
    port=$((20000 + RANDOM % 12000))
    (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
  done
  printf '%s' "$port"
}

# give_up STATUS: what `up` does when it ends before its time
give_up() {
  trap '' INT TERM HUP
  rm -rf "$FAILED"
  mkdir -p "$(dirname "$FAILED")"
  mv "$DIR/log" "$FAILED" 2>/dev/null || true
  remove_cluster
  complain "cluster \"$NAME\" did not come up; nothing of it is left but its logs in $FAILED"
  exit "$1"
}

cluster_is_up() { [ -n "$(recall ready)" ] && [ -z "$(dead_programs)" ]; }

cluster_left_something() { [ -d "$DIR" ] || [ -n "$(cgroup_processes)" ]; }

command_down() {
  lock_cluster
  forget_failure
  if cluster_left_something; then
    [ "$(recall kind)" != full ] || [ "$(id -u)" = 0 ] || machine_lacks "cluster \"$NAME\" is root's" "run as root"
    local started
    started=$(now)
    remove_cluster
    say "cluster \"$NAME\" is down ($(seconds_since "$started") s)"
  else
    forget_cluster
    say "cluster \"$NAME\" is not up"
  fi
}

# Removes all there is of a cluster, however much or little that may be.
remove_cluster() {
  if [ "$(recall kind)" = api-server ]; then
    # In the end only the folder's files are left, so nobody needs to wait for an orderly stop.
    end_programs KILL
    wait_until 10 no_program_runs || fail "a program of cluster \"$NAME\" does not end: $(recorded_programs)"
  else
    # Everything that was started is in the cluster's cgroups, and so is everything that it started: shims, containers.
    end_programs KILL
    wait_until 20 kill_cgroup_processes || fail "these processes of cluster \"$NAME\" do not end: $(cgroup_processes)"
    disconnect_node
    wait_until 10 remove_cgroups || fail "the cgroups $(cgroup_name) of cluster \"$NAME\" can't be removed"
  fi
  forget_cluster
}
