# shellcheck shell=bash
# Rollouts, and what the audits say of them.

# Rows of the closing table: WHAT|AUDIT|SENT|LOST|ENDED|FORCED|VERDICT|SETTINGS
ROWS=()

revision() { shop get deployment "$1" -o 'jsonpath={.metadata.annotations.deployment\.kubernetes\.io/revision}'; }

# pods_of APP: names of its pods, as pod/NAME
pods_of() { shop get pods --selector "app=$1" --output name; }

# follow_rollout DEPLOYMENT POD...: until the new pods serve and these old ones are gone
follow_rollout() {
  local deployment=$1
  shift
  shop rollout status "deployment/$deployment" --timeout 3m
  shop wait --for=delete "$@" --timeout 2m
}

follow_both_rollouts() {
  # shellcheck disable=SC2046  # lists of names
  follow_rollout checkout $(cat "$STATE/old-checkout") && follow_rollout ledger $(cat "$STATE/old-ledger")
}

audit_name() { printf 'deploy-%s-%s' "$1" "$(revision "$1")"; }

# wait_for_audits NAME...: until each is there and complete
wait_for_audits() {
  local name
  for name in "$@"; do
    shop wait --for=create "rolloutaudit/$name" --timeout 60s
    shop wait --for=condition=Complete "rolloutaudit/$name" --timeout 2m
  done
}

# read_audit NAME: sets ENDED, FORCED, VERDICT and SETTINGS
read_audit() {
  local answer
  answer=$(shop get rolloutaudit "$1" -o 'jsonpath={.status.ended}|{.status.counts.forced}|{.status.verdict}|{.status.settings}')
  IFS='|' read -r ENDED FORCED VERDICT SETTINGS <<<"$answer"
}

# record WHAT AUDIT [SENT LOST]: a row for the closing table, after read_audit
record() { ROWS+=("$1|$2|${3:--}|${4:--}|$ENDED|$FORCED|$VERDICT|$SETTINGS"); }

# show_event DEPLOYMENT REASON: the newest Event of that reason, when it has come
show_event() {
  step "the Event on deployment/$1" await 30 "an Event $2 on deployment/$1" event_exists "$1" "$2"
  show "$KUBECTL" -n "$NAMESPACE" get events --field-selector "involvedObject.name=$1,reason=$2" \
    -o custom-columns=TYPE:.type,REASON:.reason,MESSAGE:.message
}

event_exists() { shop get events --field-selector "involvedObject.name=$1,reason=$2" --output name | grep -q .; }
