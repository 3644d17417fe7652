# shellcheck shell=bash
# What the machine has and lacks.

# Debian packages by what they are needed for: a file that the package brings, then the package.
# nodejs is only for a machine that has no `node`: see images.sh.
readonly PACKAGES_BY_FILE="
openssl=openssl
curl=curl
flock=util-linux
runc=runc
nft=nftables
ip=iproute2
ptp=containernetworking-plugins
busybox=busybox-static
node=nodejs
"

missing_packages() {
  local line file package
  for line in $PACKAGES_BY_FILE; do
    file=${line%=*} package=${line#*=}
    case $file in
      ptp) [ -n "$(cni_folder)" ] || echo "$package" ;;
      busybox) is_static_busybox || echo "$package" ;;
      *) command -v "$file" >/dev/null || echo "$package" ;;
    esac
  done
}

# Debian and Fedora keep the network plugins in different places.
cni_folder() {
  local folder
  for folder in /usr/lib/cni /opt/cni/bin /usr/libexec/cni; do
    if [ -x "$folder/ptp" ] && [ -x "$folder/host-local" ] && [ -x "$folder/loopback" ]; then
      printf '%s' "$folder"
      return
    fi
  done
}

is_static_busybox() { [ -x /bin/busybox ] && ! ldd /bin/busybox >/dev/null 2>&1; }

command_install_packages() {
  local missing
  missing=$(missing_packages | tr '\n' ' ')
  if [ -z "$missing" ]; then
    say "no package is missing"
    return
  fi
  command -v apt-get >/dev/null || machine_lacks "no apt-get here" "install what these Debian packages hold: $missing"
  [ "$(id -u)" = 0 ] || machine_lacks "packages are missing, and only root can install them" "sudo apt-get install $missing"
  say "installing $missing"
  export DEBIAN_FRONTEND=noninteractive
  # shellcheck disable=SC2086  # a list of words
  apt-get install -y -q --no-install-recommends $missing >&2 || {
    apt-get update -q >&2
    apt-get install -y -q --no-install-recommends $missing >&2
  }
}

require_go() {
  command -v go >/dev/null ||
    machine_lacks "no Go here; the cluster's programs are built from source" "install Go 1.26 or later from https://go.dev/dl"
}

# require_machine_for KIND: stops at the first thing that is missing; `doctor` lists all.
require_machine_for() {
  local missing
  if [ "$1" = api-server ]; then
    missing=$(missing_packages | grep -xE 'openssl|curl|util-linux' | tr '\n' ' ' || true)
  else
    missing=$(missing_packages | tr '\n' ' ')
    [ "$(id -u)" = 0 ] || machine_lacks "a whole cluster needs root" "run as root, or use --api-server-only"
  fi
  [ -z "$missing" ] || machine_lacks "Debian packages are missing: $missing" "cluster install-packages"
  [ "$1" = api-server ] || {
    can_make_namespaces || machine_lacks "this root may not make network and mount namespaces" "$NAMESPACE_FIX"
    can_filter_packets || machine_lacks "no nftables in this kernel" "$NFTABLES_FIX"
    can_mount_overlay || machine_lacks "no overlay file system in $CLUSTERS" "$OVERLAY_FIX"
    [ -n "$(cgroup_hierarchies)" ] || machine_lacks "no writable cgroups" "$CGROUP_FIX"
  }
}

readonly NAMESPACE_FIX="in a container: run it privileged; else a kernel with CONFIG_NET_NS"
readonly NFTABLES_FIX="a kernel with CONFIG_NF_TABLES and CONFIG_NFT_NAT; modprobe nf_tables"
readonly OVERLAY_FIX="set XDG_STATE_HOME to a folder on ext4 or xfs"
readonly CGROUP_FIX="mount /sys/fs/cgroup writable; in a container: run it privileged"

can_make_namespaces() { unshare --net --mount true 2>/dev/null; }

can_filter_packets() { unshare --net nft add table ip gracekeeper 2>/dev/null; }

can_mount_overlay() {
  local folder status=0
  mkdir -p "$CLUSTERS"
  folder=$(mktemp -d "$CLUSTERS/.overlay-XXXXXX")
  # shellcheck disable=SC2016  # for the inner shell
  unshare --mount sh -c '
    mkdir "$1/lower" "$1/upper" "$1/work" "$1/merged" &&
    mount -t overlay overlay -o "lowerdir=$1/lower,upperdir=$1/upper,workdir=$1/work" "$1/merged"' sh "$folder" 2>/dev/null || status=$?
  rm -rf "$folder"
  return "$status"
}

command_doctor() {
  local lacking=0 package
  check() { # check WHAT FIX COMMAND...
    local what=$1 fix=$2
    shift 2
    if "$@" >/dev/null 2>&1; then
      printf '%s\n' "ok       $what"
    else
      printf '%s\n' "missing  $what. To fix: $fix"
      lacking=1
    fi
  }
  check "Go, or all programs in the cache" "install Go 1.26 or later from https://go.dev/dl" has_go_or_needs_none
  check "root (not for --api-server-only)" "run as root" test "$(id -u)" = 0
  if [ "$(id -u)" = 0 ]; then
    check "network and mount namespaces" "$NAMESPACE_FIX" can_make_namespaces
    check "nftables in the kernel" "$NFTABLES_FIX" can_filter_packets
    check "cgroups" "$CGROUP_FIX" test -n "$(cgroup_hierarchies)"
    check "overlay file systems in $CLUSTERS" "$OVERLAY_FIX" can_mount_overlay
  fi
  for package in $PACKAGES_BY_FILE; do
    package=${package#*=}
    check "Debian package $package" "cluster install-packages" is_not_missing "$package"
  done
  check "6 GB free for the build in $(existing_parent "$CACHE")" "free some, or set XDG_CACHE_HOME and GOCACHE to another disk" \
    has_free_kilobytes 6000000 "$(existing_parent "$CACHE")"
  [ "$lacking" = 0 ] || exit "$LACKING"
}

has_go_or_needs_none() {
  command -v go || {
    is_built "$KUBERNETES_BIN" "$(checksum_of_sources kubernetes)" && is_built "$ETCD_BIN" "$(checksum_of_sources etcd)" &&
      is_built "$CONTAINERD_BIN" "$(checksum_of_sources containerd)" && is_built "$HELM_BIN" "$(checksum_of_sources helm)"
  }
}

is_not_missing() { ! missing_packages | grep -qx "$1"; }

existing_parent() {
  local folder=$1
  until [ -d "$folder" ]; do folder=$(dirname "$folder"); done
  printf '%s' "$folder"
}

has_free_kilobytes() { [ -d "$KUBERNETES_BIN" ] || [ "$(df -kP "$2" | awk 'NR == 2 {print $4}')" -gt "$1" ]; }
