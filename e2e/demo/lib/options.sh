# shellcheck shell=bash
# The command line.

usage() {
  cat <<'HELP'
Gracekeeper on a real Kubernetes, with real traffic and real SIGKILLs, in about two minutes.

Usage: ./demo [COMMAND] [FLAGS]

Commands:
  (none)   prepare all that is missing, tell the story, leave everything running
  down     end it; nothing of it is left
  help     this text

Flags, for a cluster of your own:
  --kubeconfig FILE        the cluster; your rights there must suffice to install the chart
  --image REF              Gracekeeper's image, where that cluster can pull it from
  --workload-image REF     an image with `node`, for the demo's own pods
                           (default: docker.io/library/node:22-alpine; on the local cluster gracekeeper.local/node:1)
  --namespace NAME         where the story is told (default: shop); made by the demo, and deleted by the next run and by "down"

Without flags a local cluster named "demo" is built from source and started, which needs root on Debian 12, a JDK 17, Temurin 25
and Go, takes about 15 minutes the first time, and seconds after that. Interrupted at any point, it can be run again.

Exit codes: 0 the story came out as told, 1 something did not hold or failed (it says what), 2 wrong usage, 3 this machine lacks
something (it says what, and the fix).
HELP
}

read_options() {
  COMMAND=up OWN_CLUSTER=no OWN_KUBECONFIG='' IMAGE='' WORKLOAD_IMAGE='' NAMESPACE=shop
  local command_given=no
  while [ $# -gt 0 ]; do
    case $1 in
      --*=*) set -- "${1%%=*}" "${1#*=}" "${@:2}" ;;
    esac
    case $1 in
      --kubeconfig | --image | --workload-image | --namespace)
        [ -n "${2:-}" ] || wrong_usage "$1 needs a value"
        ;;&
      --kubeconfig) OWN_KUBECONFIG=$2 OWN_CLUSTER=yes; shift 2 ;;
      --image) IMAGE=$2; shift 2 ;;
      --workload-image) WORKLOAD_IMAGE=$2; shift 2 ;;
      --namespace) NAMESPACE=$2; shift 2 ;;
      -h | --help | help) COMMAND=help; return ;;
      -*) wrong_usage "unknown flag \"$1\"" ;;
      down)
        [ "$command_given" = no ] || wrong_usage "one command is enough"
        COMMAND=down command_given=yes
        shift
        ;;
      *) wrong_usage "unknown command \"$1\"" ;;
    esac
  done
  check_options
}

check_options() {
  [[ $NAMESPACE =~ ^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$ ]] || wrong_usage "\"$NAMESPACE\" can't name a namespace"
  if [ "$OWN_CLUSTER" = no ]; then
    [ -z "$IMAGE" ] || wrong_usage "--image belongs to --kubeconfig; on the local cluster the image is built from this repository"
    WORKLOAD_IMAGE=${WORKLOAD_IMAGE:-gracekeeper.local/node:1}
    return
  fi
  [ -r "$OWN_KUBECONFIG" ] || wrong_usage "the kubeconfig $OWN_KUBECONFIG can't be read"
  OWN_KUBECONFIG=$(readlink -f "$OWN_KUBECONFIG")
  WORKLOAD_IMAGE=${WORKLOAD_IMAGE:-docker.io/library/node:22-alpine}
  [ "$COMMAND" = down ] || [ -n "$IMAGE" ] || wrong_usage "--kubeconfig needs --image: where that cluster can pull Gracekeeper from"
}
