# shellcheck shell=bash
# Helm: the chart, installed or upgraded.

readonly RELEASE=gracekeeper RELEASE_NAMESPACE=gracekeeper-system
# Tells the demo's objects from a user's own of the same name: only what has it is ever deleted.
readonly OURS=app.kubernetes.io/managed-by=gracekeeper-demo

install_gracekeeper() {
  local image_flags
  if [ "$OWN_CLUSTER" = yes ]; then
    read_image_reference "$IMAGE"
  else
    # The tag stays, so the pods have to be told that what is behind it has changed.
    image_flags=(--set-string "podAnnotations.demo\.gracekeeper\.io/image=$IMAGE_SOURCES")
    [ "$(loaded_image)" = "$IMAGE_SOURCES" ] || step "the image is in the node" "$CLUSTER" load "$IMAGE_TAR" --name "$CLUSTER_NAME"
  fi
  step "namespace $RELEASE_NAMESPACE, Pod Security level restricted" make_release_namespace
  step "Gracekeeper is installed with Helm" helm_upgrade "${image_flags[@]}"
  step "its webhook answers: it refuses a wrong policy" await 60 "the webhook refuses a wrong policy" webhook_refuses_nonsense
}

# What the installed pods were made from; empty where nothing is installed.
loaded_image() {
  kubectl -n "$RELEASE_NAMESPACE" get deployment "$RELEASE-webhook" --ignore-not-found \
    -o 'jsonpath={.spec.template.metadata.annotations.demo\.gracekeeper\.io/image}'
}

# repository[:tag][@digest]; a colon before the last slash is a port.
read_image_reference() {
  local reference=$1 digest='' tag=''
  case $reference in *@*) digest=${reference#*@} reference=${reference%%@*} ;; esac
  case ${reference##*/} in *:*) tag=${reference##*:} reference=${reference%:*} ;; esac
  image_flags=(--set-string "image.repository=$reference" --set-string "image.tag=$tag" --set-string "image.digest=$digest")
}

make_release_namespace() {
  kubectl get namespace "$RELEASE_NAMESPACE" >/dev/null 2>&1 && return
  kubectl create namespace "$RELEASE_NAMESPACE"
  kubectl label namespace "$RELEASE_NAMESPACE" "$OURS" pod-security.kubernetes.io/enforce=restricted
}

# A Helm that was interrupted leaves the release pending, and every later one refuses to touch it.
helm_upgrade() {
  case $("$HELM" -n "$RELEASE_NAMESPACE" status "$RELEASE" 2>/dev/null | sed -n 's/^STATUS: //p') in
    pending-install | uninstalling) "$HELM" -n "$RELEASE_NAMESPACE" uninstall "$RELEASE" --wait ;;
    pending-*) "$HELM" -n "$RELEASE_NAMESPACE" rollback "$RELEASE" ;;
  esac
  "$HELM" upgrade --install "$RELEASE" "$REPOSITORY/helm/gracekeeper" -n "$RELEASE_NAMESPACE" --wait --timeout 5m "$@"
}

# A dry run of a policy whose selector only the webhook knows to be wrong: refused means that it answers.
webhook_refuses_nonsense() {
  ! kubectl -n default apply --dry-run=server -f - <<'YAML' 2>"$STATE/refusal"
apiVersion: gracekeeper.io/v1alpha1
kind: GracefulShutdownPolicy
metadata: {name: gracekeeper-demo-probe}
spec:
  match: {selector: {matchExpressions: [{key: app, operator: In, values: []}]}}
YAML
  grep -q 'matchExpressions' "$STATE/refusal"
}

uninstall_gracekeeper() {
  "$HELM" -n "$RELEASE_NAMESPACE" uninstall "$RELEASE" --ignore-not-found --wait
  kubectl delete namespace --selector "$OURS" --ignore-not-found --timeout 2m
}
