# shellcheck shell=bash
# The story's namespace and what plays in it.

# Starts afresh: what an earlier run has left goes.
clear_stage() {
  local found
  found=$(kubectl get namespace "$NAMESPACE" --ignore-not-found --show-labels --no-headers)
  [ -n "$found" ] || return 0
  case $found in
    *"$OURS"*) step "what an earlier run left in namespace $NAMESPACE is gone" delete_stage ;;
    *)
      complain "namespace \"$NAMESPACE\" exists and is not the demo's: take another with --namespace NAME"
      exit "$USAGE"
      ;;
  esac
}

# Without waiting for the pods' grace: nothing of value is in them.
delete_stage() {
  kubectl delete namespace "$NAMESPACE" --wait=false
  shop delete pods --all --grace-period=1 --wait=false
  kubectl wait --for=delete "namespace/$NAMESPACE" --timeout=2m
}

# manifest NAME: the manifest as it is applied, in the demo's folder, so that the reader can change it and apply it again
manifest() { printf '%s/%s.yaml' "$STATE" "$1"; }

write_manifests() {
  local source
  for source in "$DEMO"/manifests/*.yaml; do
    sed -e "s|WORKLOAD_IMAGE|$WORKLOAD_IMAGE|" -e "s|NAMESPACE|$NAMESPACE|" "$source" >"$(manifest "$(basename "$source" .yaml)")"
  done
}

set_stage() {
  kubectl apply -f "$(manifest namespace)"
  shop create configmap apps --from-file "$DEMO/apps"
  # The Service first: the client finds it by the environment variables that its pod is made with.
  shop apply -f "$(manifest checkout)"
  shop apply -f "$(manifest ledger)" -f "$(manifest client)"
  shop rollout status deployment/checkout --timeout 3m
  shop rollout status deployment/ledger --timeout 3m
  shop wait --for=condition=Ready pod/client --timeout 3m
  await 30 "the client's first requests are answered" client_gets_answers
}
