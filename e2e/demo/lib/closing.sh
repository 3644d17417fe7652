# shellcheck shell=bash
# The end: the table, what can be looked at, and how to end it all.

close_story() {
  local started=$1 row what audit sent lost ended forced verdict settings format='  %-17s %-19s %6s %5s  %-6s %6s  %-13s %s\n'
  close_window story
  local story_sent=$SENT story_lost=$LOST rollouts_lost=0
  heading "What was measured"
  # shellcheck disable=SC2059  # a constant
  printf "$format" ROLLOUT AUDIT SENT LOST ENDED FORCED VERDICT SETTINGS
  for row in "${ROWS[@]}"; do
    IFS='|' read -r what audit sent lost ended forced verdict settings <<<"$row"
    # shellcheck disable=SC2059
    printf "$format" "$what" "$audit" "$sent" "$lost" "$ended" "$forced" "$verdict" "$settings"
    [ "$lost" = - ] || rollouts_lost=$((rollouts_lost + lost))
  done
  say ""
  claim "the client sent $story_sent requests and lost $story_lost: $rollouts_lost in these rollouts, none at any other time" \
    equals "$story_lost" "$rollouts_lost"
  how_to_go_on
  if [ "${#BROKEN_CLAIMS[@]}" -gt 0 ]; then
    heading "The story did not come out as told ($(seconds_since "$started") s). What did not hold:"
    printf '  %s\n' "${BROKEN_CLAIMS[@]}" >&2
    exit "$UNTRUE"
  fi
  heading "Told in $(seconds_since "$started") s; all of it was so."
}

how_to_go_on() {
  heading "Look around: everything goes on running"
  say "    export KUBECONFIG=$KUBECONFIG"
  say "    export PATH=$(dirname "$KUBECTL"):$(dirname "$HELM"):\$PATH"
  say "    kubectl -n $NAMESPACE get gsp,rolloutaudits,deployments"
  say "    kubectl -n $NAMESPACE describe rolloutaudit $(cut -d'|' -f2 <<<"${ROWS[1]}")"
  say "    kubectl -n $NAMESPACE apply -f $(manifest ledger-with-hook)      # is refused"
  say "    kubectl -n $NAMESPACE logs client --follow                       # every request that is lost"
  say "    kubectl -n $RELEASE_NAMESPACE logs deployment/$RELEASE-operator"
  heading "End it, without a trace"
  if [ "$OWN_CLUSTER" = yes ]; then
    say "    ./demo down --kubeconfig $KUBECONFIG$([ "$NAMESPACE" = shop ] || echo " --namespace $NAMESPACE")"
  else
    say "    ./demo down"
  fi
}

take_down() {
  open_state
  if [ "$OWN_CLUSTER" = yes ]; then
    use_own_cluster
    step "Gracekeeper and namespace $NAMESPACE are gone" uninstall_gracekeeper
    say "The chart keeps its CRDs, and with them every policy and audit. To remove them too:"
    say "    kubectl delete crd gracefulshutdownpolicies.gracekeeper.io rolloutaudits.gracekeeper.io"
  else
    step "cluster \"$CLUSTER_NAME\" is gone: processes, namespaces, mounts, interfaces" "$CLUSTER" down --name "$CLUSTER_NAME"
  fi
  remove_state
}
