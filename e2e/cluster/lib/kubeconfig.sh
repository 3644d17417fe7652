# shellcheck shell=bash
# The files with which programs and people reach the API server.

# make_kubeconfigs: all of them before the API server starts, which reads the tokens once
make_kubeconfigs() {
  rm -f "$DIR/pki/tokens.csv"
  make_kubeconfig "$DIR/kubeconfig" admin system:masters
  make_kubeconfig "$DIR/controller-manager.kubeconfig" system:kube-controller-manager
  make_kubeconfig "$DIR/scheduler.kubeconfig" system:kube-scheduler
  make_kubeconfig "$DIR/proxy.kubeconfig" system:kube-proxy
  make_kubeconfig "$DIR/kubelet.kubeconfig" "system:node:$NODE" system:nodes
}

# make_kubeconfig FILE USER [GROUP]: complete in itself, so that it can be copied
make_kubeconfig() {
  local token
  token=$(new_token)
  add_user "$token" "$2" "${3:-}"
  (
    umask 077
    cat >"$1" <<YAML
apiVersion: v1
kind: Config
clusters:
- name: $NAME
  cluster:
    server: $SERVER
    certificate-authority-data: $(base64 -w0 "$DIR/pki/ca.crt")
users:
- name: $2
  user:
    token: $token
contexts:
- name: $NAME
  context:
    cluster: $NAME
    user: $2
current-context: $NAME
YAML
  )
}

cluster_kubectl() {
  env -u http_proxy -u https_proxy -u HTTP_PROXY -u HTTPS_PROXY "$KUBERNETES_BIN/kubectl" --kubeconfig "$DIR/kubeconfig" "$@"
}

# api_answers PATH: cheaper than kubectl, whose start takes longer than the answer
api_answers() {
  local token
  token=$(sed -n 's/^ *token: //p' "$DIR/kubeconfig")
  curl --silent --fail --noproxy '*' --max-time 5 --cacert "$DIR/pki/ca.crt" --header "Authorization: Bearer $token" \
    "$(sed -n 's/^ *server: //p' "$DIR/kubeconfig")$1"
}
