# shellcheck shell=bash
# Which version of what. The only place that names one is each program's go.mod under binaries/.

readonly PROGRAMS="$HERE/binaries"

# pinned_version MODULE GO_MOD: the version without its "v"
pinned_version() {
  local version
  version=$(sed -n "s|^\(require\)\?[[:space:]]*$1 v\([^ ]*\).*|\2|p" "$2" | head -n 1)
  [ -n "$version" ] || fail "no version of $1 in $2"
  printf '%s' "$version"
}

select_version() {
  local pinned
  pinned=$(pinned_version k8s.io/kubernetes "$PROGRAMS/kubernetes/go.mod")
  KUBERNETES_VERSION=${1:-$pinned}
  KUBERNETES_VERSION=${KUBERNETES_VERSION#v}
  [[ $KUBERNETES_VERSION =~ ^1\.[0-9]+\.[0-9]+$ ]] ||
    wrong_usage "\"$KUBERNETES_VERSION\" is no version of Kubernetes, such as $pinned"
  KUBERNETES_IS_PINNED=no
  [ "$KUBERNETES_VERSION" != "$pinned" ] || KUBERNETES_IS_PINNED=yes
  CONTAINERD_VERSION=$(pinned_version github.com/containerd/containerd/v2 "$PROGRAMS/containerd/go.mod")
  ETCD_VERSION=$(pinned_version go.etcd.io/etcd/server/v3 "$PROGRAMS/etcd/go.mod")
  HELM_VERSION=$(pinned_version helm.sh/helm/v3 "$PROGRAMS/helm/go.mod")

  CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/gracekeeper/cluster
  KUBERNETES_BIN=$CACHE/kubernetes-$KUBERNETES_VERSION
  CONTAINERD_BIN=$CACHE/containerd-$CONTAINERD_VERSION
  ETCD_BIN=$CACHE/etcd-$ETCD_VERSION
  HELM_BIN=$CACHE/helm-$HELM_VERSION
}

readonly KUBERNETES_PROGRAMS="kube-apiserver kube-controller-manager kube-scheduler kubelet kube-proxy kubectl"

command_which() {
  local folder path
  for folder in "$KUBERNETES_BIN" "$HELM_BIN" "$CONTAINERD_BIN" "$ETCD_BIN"; do
    path=$folder/$1
    if [ -x "$path" ]; then
      printf '%s\n' "$path"
      return
    fi
  done
  fail "no program \"$1\" in the cache; \"cluster build\" builds what it lacks"
}
