# shellcheck shell=bash
# etcd, the API server and the controllers.

# On a socket in the cluster's folder, named from within it: no port to find, and no path that gets too long.
readonly ETCD_URL=unix://etcd:0

start_etcd() {
  # What a test writes need not survive the machine.
  start etcd "$ETCD_BIN/etcd" --data-dir etcd-data --unsafe-no-fsync --log-level warn \
    --listen-client-urls "$ETCD_URL" --advertise-client-urls "$ETCD_URL" \
    --listen-peer-urls unix://etcd-peer:0 --initial-advertise-peer-urls unix://etcd-peer:0 --initial-cluster default=unix://etcd-peer:0
}

# start_apiserver ADDRESS PORT FLAG...
start_apiserver() {
  local address=$1 port=$2
  shift 2
  start kube-apiserver "$KUBERNETES_BIN/kube-apiserver" --etcd-servers "$ETCD_URL" \
    --bind-address "$address" --advertise-address "$address" --secure-port "$port" \
    --tls-cert-file pki/apiserver.crt --tls-private-key-file pki/apiserver.key --client-ca-file pki/ca.crt \
    --token-auth-file pki/tokens.csv --authorization-mode Node,RBAC --allow-privileged \
    --service-account-key-file pki/service-accounts.key --service-account-signing-key-file pki/service-accounts.key \
    --service-account-issuer https://kubernetes.default.svc "$@"
}

# The default of 20 requests/s is meant for a shared API server, and costs 5 s at the start.
start_controllers() {
  start kube-controller-manager "$KUBERNETES_BIN/kube-controller-manager" \
    --kubeconfig controller-manager.kubeconfig --use-service-account-credentials --leader-elect=false --secure-port 0 \
    --kube-api-qps 500 --kube-api-burst 1000 --flex-volume-plugin-dir volume-plugins \
    --service-account-private-key-file pki/service-accounts.key --root-ca-file pki/ca.crt \
    --cluster-signing-cert-file pki/ca.crt --cluster-signing-key-file pki/ca.key
}
