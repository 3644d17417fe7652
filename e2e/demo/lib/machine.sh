# shellcheck shell=bash
# From a bare machine to a running cluster and its tools.

prepare_machine() {
  local report missing
  [ "$(id -u)" = 0 ] || machine_lacks "the local cluster needs root" "run as root, or use a cluster of your own: ./demo help"
  require_java
  report=$("$CLUSTER" doctor 2>&1) || true
  missing=$(sed -n 's/^missing  Debian package \([^ ]*\)\. .*/\1/p' <<<"$report" | tr '\n' ' ')
  [ -z "$missing" ] || step "Debian packages installed: ${missing% }" "$CLUSTER" install-packages
  report=$("$CLUSTER" doctor 2>&1) || {
    grep '^missing' <<<"$report" | indent >&2
    machine_lacks "this machine can't run the local cluster" "what is said above"
  }
}

# Maven runs on any JDK from 17 on and finds a JDK 25 by itself; it says so late and at length when there is none.
require_java() {
  command -v java >/dev/null || machine_lacks "no Java here" "install a JDK 17 or later, and Temurin 25 (https://adoptium.net)"
  local release
  for release in "${JAVA_HOME:-/nowhere}"/release /usr/lib/jvm/*/release "$HOME"/.sdkman/candidates/java/*/release; do
    if [ -f "$release" ] && grep -q '^JAVA_VERSION="25' "$release"; then return; fi
  done
  [ -f "$HOME/.m2/toolchains.xml" ] ||
    machine_lacks "no JDK 25 in /usr/lib/jvm" "install Temurin 25: https://adoptium.net (package temurin-25-jdk)"
}

start_cluster() {
  if "$CLUSTER" which kubectl >/dev/null 2>&1 && "$CLUSTER" status --name "$CLUSTER_NAME" >/dev/null 2>&1; then
    say "  ok     cluster \"$CLUSTER_NAME\" is already up"
  else
    "$CLUSTER" which helm >/dev/null 2>&1 || say "  The cluster's programs are built from source, once: about 12 minutes on 2 cores."
    step "the cluster's programs are in the cache" "$CLUSTER" build
    step "cluster \"$CLUSTER_NAME\" is up" "$CLUSTER" up --name "$CLUSTER_NAME"
  fi
  KUBECTL=$("$CLUSTER" which kubectl)
  HELM=$("$CLUSTER" which helm)
  KUBECONFIG=$("$CLUSTER" kubeconfig --name "$CLUSTER_NAME")
  export KUBECONFIG
}

use_own_cluster() {
  export KUBECONFIG=$OWN_KUBECONFIG
  KUBECTL=$(find_tool kubectl) || machine_lacks "no kubectl here" "install it, or build one: $CLUSTER build"
  HELM=$(find_tool helm) || machine_lacks "no helm here" "install Helm 3.13 or later, or build one: $CLUSTER build"
  [ "$COMMAND" = down ] || step "the cluster of $KUBECONFIG answers" "$KUBECTL" version --request-timeout 10s
}

# The user's own first: it fits the cluster.
find_tool() {
  type -P "$1" && return
  local built
  built=$("$CLUSTER" which "$1" 2>/dev/null) && [ -x "$built" ] && echo "$built"
}

kubectl() { "$KUBECTL" "$@"; }

# shop COMMAND...: kubectl in the story's namespace
shop() { "$KUBECTL" --namespace "$NAMESPACE" "$@"; }
