# shellcheck shell=bash
# Builds the programs into the cache, one folder per program and version.
# A folder appears by a rename when it is whole, so what exists can be used. Its file `built-from` holds the checksum of the
# sources (go.mod, go.sum, *.go): a change there builds again.

command_build() {
  require_go
  build_missing "$KUBERNETES_BIN" kubernetes
  build_missing "$ETCD_BIN" etcd
  build_missing "$CONTAINERD_BIN" containerd
  build_missing "$HELM_BIN" helm
  command_images
}

# build_for KIND: only what such a cluster needs
build_for() {
  build_missing "$KUBERNETES_BIN" kubernetes
  build_missing "$ETCD_BIN" etcd
  if [ "$1" = full ]; then
    build_missing "$CONTAINERD_BIN" containerd
    build_missing "$HELM_BIN" helm
    command_images
  fi
}

# build_missing FOLDER WHAT: build_WHAT builds into the folder that it is given
build_missing() {
  local folder=$1 what=$2 label=${1##*/} stamp
  stamp=$(checksum_of_sources "$what")
  is_built "$folder" "$stamp" && return
  require_go
  (
    mkdir -p "$CACHE"
    exec {lock}>"$CACHE/.lock"
    if ! flock --nonblock "$lock"; then
      say "waiting for another build"
      flock "$lock"
    fi
    # The other build may have built this.
    is_built "$folder" "$stamp" && exit
    # What a build that was killed has left: whoever holds the lock is the only one that builds.
    rm -rf "$CACHE"/.new-* "$CACHE"/*.build.log

    local started new log status
    started=$(now)
    log=$CACHE/$label.build.log
    new=$(mktemp -d "$CACHE/.new-XXXXXX")
    # shellcheck disable=SC2064  # the value of now, not of then
    trap "rm -rf '$new' '$log'; end_heartbeat" EXIT
    say "building $label"
    begin_heartbeat "$label" "$lock"
    # Not as a condition: there, bash would go on after a command that failed.
    set +e
    (set -e; "build_$what" "$new") >"$log" 2>&1
    status=$?
    set -e
    if [ "$status" != 0 ]; then
      complain "building $label failed after $(seconds_since "$started") s:"
      tail -n 20 "$log" >&2
      exit "$FAILURE"
    fi
    end_heartbeat
    printf '%s\n' "$stamp" >"$new/built-from"
    chmod 755 "$new"
    rm -rf "$folder"
    mv -T "$new" "$folder"
    say "built $label ($(seconds_since "$started") s)"
  )
}

is_built() { [ -f "$1/built-from" ] && [ "$(<"$1/built-from")" = "$2" ]; }

# A build of minutes says every half minute that it is alive.
begin_heartbeat() {
  local inherited=$2
  (
    trap - EXIT
    begin=$(now)
    # The sleep outlives its killed parent for a while: it may hold neither the lock nor the caller's pipes.
    exec {inherited}>&-
    while sleep 30 >/dev/null 2>&1; do say "building $1 ($(seconds_since "$begin") s so far)"; done
  ) &
  HEARTBEAT=$!
}

end_heartbeat() {
  [ -z "${HEARTBEAT:-}" ] || kill "$HEARTBEAT" 2>/dev/null || true
  HEARTBEAT=''
}

checksum_of_sources() {
  if [ "$1" = images ]; then
    checksum_of_images
    return
  fi
  (cd "$PROGRAMS/$1" && sha256sum go.mod go.sum ./*.go | sha256sum | cut -c1-64)
}

# go_build FOLDER OUTPUT PACKAGE [LDFLAGS]: from the module in FOLDER, with exactly the versions that its go.sum knows.
# Without cgo the result is the same on every machine, and no C compiler is needed.
go_build() {
  local folder=$1 output=$2 package=$3 ldflags=${4:-}
  (cd "$folder" &&
    CGO_ENABLED=0 GOWORK=off GOFLAGS=-mod=readonly go build -trimpath -ldflags "-s -w $ldflags" -o "$output" "$package")
}

build_kubernetes() {
  local new=$1 sources=$PROGRAMS/kubernetes version=k8s.io/component-base/version minor program
  if [ "$KUBERNETES_IS_PINNED" = no ]; then
    sources=$new/sources
    derive_kubernetes_sources "$sources"
  fi
  minor=$(cut -d. -f2 <<<"$KUBERNETES_VERSION")
  go_build "$sources" "$new/kube" . \
    "-X $version.gitVersion=v$KUBERNETES_VERSION -X $version.gitMajor=1 -X $version.gitMinor=$minor"
  for program in $KUBERNETES_PROGRAMS; do ln -s kube "$new/$program"; done
  # Its own copy of the module stays only where it is not the repository's: it says which modules went in.
  [ "$KUBERNETES_IS_PINNED" = yes ] || rm -f "$sources/main.go"
}

# For another version than the pinned one: the same main.go with a go.mod of that version. k8s.io/kubernetes asks for its staging
# modules as v0.0.0; each is published as v0.<minor>.<patch>. Go's checksum database still verifies all that is downloaded.
derive_kubernetes_sources() {
  local sources=$1 go_mod staging
  mkdir -p "$sources"
  cp "$PROGRAMS/kubernetes/main.go" "$sources/"
  cd "$sources" || return
  export GOWORK=off GOFLAGS=
  go mod init gracekeeper.io/cluster/kubernetes
  go_mod=$(go mod download -json "k8s.io/kubernetes@v$KUBERNETES_VERSION" | sed -n 's/^[[:space:]]*"GoMod": "\(.*\)",\?$/\1/p')
  go mod edit -require "k8s.io/kubernetes@v$KUBERNETES_VERSION"
  # Exactly v0.0.0: k8s.io/kube-openapi and k8s.io/utils have versions of their own that begin like it.
  sed -n 's|^[[:space:]]*\(k8s.io/[a-z-]*\) v0\.0\.0\( .*\)\?$|\1|p' "$go_mod" | sort -u | while read -r staging; do
    go mod edit -replace "$staging=$staging@v0.${KUBERNETES_VERSION#1.}"
  done
  go mod tidy
}

build_etcd() { go_build "$PROGRAMS/etcd" "$1/etcd" go.etcd.io/etcd/server/v3; }

build_helm() { go_build "$PROGRAMS/helm" "$1/helm" helm.sh/helm/v3/cmd/helm "-X helm.sh/helm/v3/internal/version.version=v$HELM_VERSION"; }

build_containerd() {
  local program module=github.com/containerd/containerd/v2
  for program in containerd containerd-shim-runc-v2 ctr; do
    go_build "$PROGRAMS/containerd" "$1/$program" "$module/cmd/$program" "-X $module/version.Version=v$CONTAINERD_VERSION"
  done
}
