# shellcheck shell=bash
# The story, from beginning to end. Every figure is measured in the run that tells it.

tell_story() {
  write_manifests
  scene_the_shop
  scene_a_rollout_that_hurts
  scene_the_policy
  scene_the_same_rollout
  scene_a_refusal
  scene_the_fix
}

scene_the_shop() {
  heading "1. A shop, and 50 requests a second"
  say "  checkout: 3 replicas of a Node server; an order takes 2 s, and on SIGTERM it closes its server. No preStop hook, grace left unset."
  say "  ledger:   2 replicas of a worker that needs 8 s to finish its job. Its author gave it a grace of 5."
  step "both run in namespace $NAMESPACE, and the client gets its answers" set_stage
  open_window story
}

scene_a_rollout_that_hurts() {
  local attempt checkout ledger
  heading "2. A rollout, as on any other day. A policy without requirements only watches"
  show "$KUBECTL" -n "$NAMESPACE" apply -f "$(manifest policy-audit)"
  step "the policy is accepted" shop wait --for=condition=Accepted gsp/shop --timeout 60s
  for attempt in 1 2 3; do
    roll_both
    if [ "$LOST" -gt 0 ] || [ "$attempt" = 3 ]; then break; fi
    say "  This time every request got through: luck, which doesn't last. Rolling again ($((attempt + 1)) of 3)."
  done
  checkout=$(audit_name checkout) ledger=$(audit_name ledger)
  step "their audits are complete" wait_for_audits "$checkout" "$ledger"
  show "$KUBECTL" -n "$NAMESPACE" get rolloutaudits
  say ""
  claim "checkout lost $LOST of $SENT requests ($HOW)" is_more_than 0 "$LOST"
  read_audit "$checkout"
  record "as it was" "$checkout" "$SENT" "$LOST"
  read_audit "$ledger"
  record "as it was" "$ledger"
  claim "$FORCED of ledger's old pods were killed in the middle of their job: verdict $VERDICT" equals "$VERDICT" ForcedKill
  show_event ledger ForcedKill
}

roll_both() {
  open_window rollout
  pods_of checkout >"$STATE/old-checkout"
  pods_of ledger >"$STATE/old-ledger"
  show "$KUBECTL" -n "$NAMESPACE" rollout restart deployment/checkout deployment/ledger
  step "both have rolled, and their old pods are gone" follow_both_rollouts
  close_window rollout
}

scene_the_policy() {
  local audit columns=$STATE/columns
  heading "3. One kubectl apply: requirements, Deny and Apply"
  cp "$DEMO/columns" "$columns"
  show "$KUBECTL" -n "$NAMESPACE" get deployments -o "custom-columns-file=$columns"
  open_window turn
  pods_of checkout >"$STATE/old-checkout"
  show cat "$(manifest policy-enforce)"
  show "$KUBECTL" -n "$NAMESPACE" apply -f "$(manifest policy-enforce)"
  step "the operator gives checkout its turn: its template has a hook" await 60 "checkout has a preStop hook" has_hook
  # shellcheck disable=SC2046  # a list of names
  step "checkout has rolled, and its old pods are gone" follow_rollout checkout $(cat "$STATE/old-checkout")
  close_window turn
  audit=$(audit_name checkout)
  step "the audit of that rollout is complete" wait_for_audits "$audit"
  step "the refusal of a bad Deployment is proven" shop wait --for=condition=Enforced gsp/shop --timeout 2m
  step "the policy counts ledger as violating" await 60 "the policy's status counts one violating Deployment" violating_is 1
  read_audit "$audit"
  record "the hook arrives" "$audit" "$SENT" "$LOST"
  show_event checkout InjectionApplied
  show "$KUBECTL" -n "$NAMESPACE" get deployments -o "custom-columns-file=$columns"
  show "$KUBECTL" -n "$NAMESPACE" get gracefulshutdownpolicies
  show "$KUBECTL" -n "$NAMESPACE" get gsp shop -o 'jsonpath={range .status.violations[*]}{.workload}: {.message}{"\n"}{end}'
  say ""
  claim "checkout has a preStop sleep of 5 now" equals "$(hook_seconds checkout)" 5
  claim "and a grace of $(grace_seconds checkout), which has room for it" is_more_than 30 "$(grace_seconds checkout)"
  claim "ledger's author wrote 5: it is reported, and still 5" equals "$(grace_seconds ledger)" 5
  claim "that rollout still ended pods without the hook: settings $SETTINGS, $LOST of $SENT requests lost" equals "$SETTINGS" Old
}

grace_seconds() { shop get deployment "$1" -o 'jsonpath={.spec.template.spec.terminationGracePeriodSeconds}'; }

hook_seconds() { shop get deployment "$1" -o 'jsonpath={.spec.template.spec.containers[0].lifecycle.preStop.sleep.seconds}'; }

has_hook() { [ -n "$(hook_seconds checkout)" ]; }

violating_is() { [ "$(shop get gsp shop -o 'jsonpath={.status.violating}')" = "$1" ]; }

scene_the_same_rollout() {
  local audit
  heading "4. The same rollout again. Now the old pods are those with a hook"
  open_window rollout
  pods_of checkout >"$STATE/old-checkout"
  show "$KUBECTL" -n "$NAMESPACE" rollout restart deployment/checkout
  # shellcheck disable=SC2046  # a list of names
  step "checkout has rolled, and its old pods are gone" follow_rollout checkout $(cat "$STATE/old-checkout")
  close_window rollout
  audit=$(audit_name checkout)
  step "the audit is complete" wait_for_audits "$audit"
  read_audit "$audit"
  record "with the hook" "$audit" "$SENT" "$LOST"
  claim "checkout lost $LOST of $SENT requests" equals "$LOST" 0
  claim "the audit's verdict: $VERDICT, settings $SETTINGS" equals "$VERDICT $SETTINGS" "NoForcedKill Current"
}

scene_a_refusal() {
  heading "5. ledger's author applies another change: a hook that takes 3 s of the 5"
  write_ledger_with_hook
  show_difference ledger ledger-with-hook
  show "$KUBECTL" -n "$NAMESPACE" apply -f "$(manifest ledger-with-hook)"
  say ""
  claim "it is refused (kubectl's exit code $SHOWN_STATUS), and the message has the fix" contains terminationGracePeriodSeconds: "$SHOWN"
  # The line as it stands in the message, to be pasted as it is.
  FIX=$(sed -n 's/^ *\(terminationGracePeriodSeconds: [0-9]*\)$/\1/p' <<<"$SHOWN" | head -n 1)
  [ -n "$FIX" ] || {
    complain "the refusal has no line \"terminationGracePeriodSeconds: N\" to paste, so the story can't go on"
    exit "$UNTRUE"
  }
}

show_difference() {
  show_command diff "$1.yaml" "$2.yaml"
  { diff -U0 "$(manifest "$1")" "$(manifest "$2")" || true; } | sed '/^[-+][-+]/d; /^@@/d' | indent
}

# The author's edit: three lines more.
write_ledger_with_hook() {
  sed '/command: \[node/a\        lifecycle:\n          preStop:\n            sleep: {seconds: 3}' "$(manifest ledger)" >"$(manifest ledger-with-hook)"
}

scene_the_fix() {
  local first second
  heading "6. The line from the message is pasted in"
  sed "s/terminationGracePeriodSeconds: .*/$FIX/" "$(manifest ledger-with-hook)" >"$(manifest ledger-fixed)"
  show_difference ledger-with-hook ledger-fixed
  pods_of ledger >"$STATE/old-ledger"
  show "$KUBECTL" -n "$NAMESPACE" apply -f "$(manifest ledger-fixed)"
  claim "it is accepted" equals "$SHOWN_STATUS" 0
  # shellcheck disable=SC2046  # a list of names
  step "ledger has rolled, and its old pods are gone" follow_rollout ledger $(cat "$STATE/old-ledger")
  first=$(audit_name ledger)
  pods_of ledger >"$STATE/old-ledger"
  show "$KUBECTL" -n "$NAMESPACE" rollout restart deployment/ledger
  # shellcheck disable=SC2046  # a list of names
  step "ledger has rolled once more, and its old pods are gone" follow_rollout ledger $(cat "$STATE/old-ledger")
  second=$(audit_name ledger)
  step "both audits are complete" wait_for_audits "$first" "$second"
  read_audit "$first"
  record "the fix arrives" "$first"
  claim "the first rollout still ended pods with their old settings: $SETTINGS, $VERDICT" equals "$SETTINGS" Old
  read_audit "$second"
  record "with the fix" "$second"
  claim "the second ended pods that had the fix: $SETTINGS, $VERDICT" equals "$SETTINGS $VERDICT" "Current NoForcedKill"
}
