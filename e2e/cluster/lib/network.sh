# shellcheck shell=bash
# The node: a network namespace and a mount namespace, held by one process. Neither has a name: when the last process in them is
# gone, the kernel takes both, with every interface, route, rule and mount of the cluster. Nothing can be left behind.
#
# Each cluster has 10.N.0.0/16 of its own:
#   10.N.0.0/24    the host is .1, the node .2
#   10.N.64.0/18   Services; the API server's is 10.N.64.1
#   10.N.128.0/17  pods
# The host has routes to all three.

readonly FIRST_NETWORK=200 LAST_NETWORK=249

use_network() {
  NETWORK=$1
  LINK=gracekeeper$NETWORK
  HOST_IP=10.$NETWORK.0.1
  NODE_IP=10.$NETWORK.0.2
  SERVICE_CIDR=10.$NETWORK.64.0/18
  SERVICE_IP=10.$NETWORK.64.1
  POD_CIDR=10.$NETWORK.128.0/17
}

# Inside the node, the cluster's folder is /run/cluster: short, so that no socket's path gets too long, and the same for all.
# What kubelet, containerd and the network plugins write elsewhere, by paths that are not all ours to choose, ends there too:
# /run and /var/log are fresh ones, and a write to /var/lib goes to a layer over the machine's.
start_node_namespaces() {
  mkdir -p "$DIR/run" "$DIR/var-log" "$DIR"/var-lib/{written,work}
  # shellcheck disable=SC2016  # for the inner shell
  start node unshare --net --mount --propagation private bash -c '
    set -eu
    mount --no-mtab -t tmpfs tmpfs "$1/run"
    mkdir "$1/run/cluster" "$1/run/netns"
    mount --no-mtab --bind "$1" "$1/run/cluster"
    mount --no-mtab --bind "$1/var-log" /var/log
    mount --no-mtab -t overlay overlay -o "lowerdir=/var/lib,upperdir=$1/var-lib/written,workdir=$1/var-lib/work" /var/lib
    mount --no-mtab --move "$1/run" /run
    mount --no-mtab --make-rshared /
    touch /run/cluster/facts/namespaces
    exec sleep infinity' bash "$DIR"
  wait_until 10 test -e "$DIR/facts/namespaces"
  enter_node
}

# nsenter forgets the working directory.
enter_node() { ENTER=(nsenter --target "$(pid_of node)" --net --mount -- env --chdir /run/cluster); }

in_node() { "${ENTER[@]}" "$@"; }

# Takes the first network that no cluster has and no route of the host touches. `ip link add` is what decides between two
# that try at once.
connect_node() {
  local number
  for ((number = FIRST_NETWORK; number <= LAST_NETWORK; number++)); do
    [ -z "$(ip -4 route show to root "10.$number.0.0/16")" ] || continue
    # A route to the whole of 10.0.0.0/8 (a VPN) loses to ours, which are narrower.
    use_network "$number"
    ! ip link add "$LINK" type veth peer name eth0 netns "$(pid_of node)" 2>/dev/null || break
    NETWORK=''
  done
  [ -n "${NETWORK:-}" ] || {
    complain "no free network between 10.$FIRST_NETWORK.0.0/16 and 10.$LAST_NETWORK.0.0/16"
    return "$FAILURE"
  }
  remember network "$NETWORK"
  ip address add "$HOST_IP/24" dev "$LINK"
  ip link set "$LINK" up
  in_node ip link set lo up
  in_node ip address add "$NODE_IP/24" dev eth0
  in_node ip link set eth0 up
  in_node ip route add default via "$HOST_IP"
  in_node sysctl -qw net.ipv4.ip_forward=1
  ip route add "$SERVICE_CIDR" via "$NODE_IP"
  ip route add "$POD_CIDR" via "$NODE_IP"
}

# The kernel removes the link with the namespace, but a moment after its last process.
disconnect_node() {
  [ -z "$(recall network)" ] || ip link delete "gracekeeper$(recall network)" 2>/dev/null || true
}
