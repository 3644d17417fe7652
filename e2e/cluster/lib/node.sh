# shellcheck shell=bash
# What makes the node a node: containerd, kubelet, kube-proxy, and the scheduler that gives it pods.
# Paths under /run/cluster are the cluster's folder, as the node sees it (network.sh).

write_containerd_config() {
  cat >"$DIR/containerd.toml" <<TOML
version = 3
root = "/run/cluster/containerd"
state = "/run/containerd"
disabled_plugins = ["io.containerd.nri.v1.nri"]
[grpc]
  address = "/run/containerd/containerd.sock"
[plugins."io.containerd.internal.v1.opt"]
  path = "/run/cluster/containerd/opt"
[plugins."io.containerd.cri.v1.images".pinned_images]
  sandbox = "$PAUSE_IMAGE"
[plugins."io.containerd.cri.v1.runtime"]
  # Without CAP_SYS_RESOURCE (as in many containers and small VMs) runc can't lower a score below its own.
  restrict_oom_score_adj = true
  [plugins."io.containerd.cri.v1.runtime".cni]
    bin_dirs = ["$(cni_folder)"]
    conf_dir = "/run/cluster/cni"
TOML
}

# ptp and not bridge: every packet between pods is routed, so that a Service's reply always passes the node and is translated
# back, on machines without br_netfilter too.
write_cni_config() {
  mkdir -p "$DIR/cni"
  cat >"$DIR/cni/10-pods.conflist" <<JSON
{
  "cniVersion": "0.4.0",
  "name": "pods",
  "plugins": [{
    "type": "ptp",
    "ipMasq": false,
    "ipam": {
      "type": "host-local",
      "dataDir": "/run/cni-addresses",
      "ranges": [[{"subnet": "$POD_CIDR"}]],
      "routes": [{"dst": "0.0.0.0/0"}]
    }
  }]
}
JSON
}

write_kubelet_config() {
  cat >"$DIR/kubelet.yaml" <<YAML
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: $NODE_IP
authentication:
  anonymous: {enabled: false}
  webhook: {enabled: true}
  x509: {clientCAFile: /run/cluster/pki/ca.crt}
authorization: {mode: Webhook}
cgroupDriver: cgroupfs
# Its own: kubelet ends whatever it finds below its root and doesn't know, such as another cluster's pods.
cgroupRoot: /$(cgroup_name)
failCgroupV1: false
failSwapOn: false
makeIPTablesUtilChains: false
containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
volumePluginDir: /run/cluster/kubelet/volume-plugins
# No DNS server here. The machine's own may be one on its loopback, which no pod could reach.
resolvConf: ""
# A test must not fail because the machine's disk is nearly full, and an image that was loaded must stay.
evictionHard: {memory.available: 100Mi, nodefs.available: 1%, nodefs.inodesFree: 1%, imagefs.available: 1%}
imageGCHighThresholdPercent: 100
imageGCLowThresholdPercent: 99
YAML
}

start_containerd() {
  write_containerd_config
  write_cni_config
  start containerd env PATH="$CONTAINERD_BIN:$PATH" "$CONTAINERD_BIN/containerd" --config containerd.toml
}

containerd_answers() { in_node "$CONTAINERD_BIN/ctr" version; }

# import_images TAR...: says which images each brought
import_images() {
  local tar output
  for tar in "$@"; do
    output=$(in_node "$CONTAINERD_BIN/ctr" --namespace k8s.io images import --local - <"$tar" 2>&1) || fail "cannot import $tar: $output"
    sed -n 's/^unpacking \([^ ]*\) .*/loaded \1/p' <<<"$output" >&2
  done
}

start_kubelet() {
  write_kubelet_config
  # kubelet trusts nothing in --root-dir that another kubelet left: it is new for each cluster.
  start kubelet "$KUBERNETES_BIN/kubelet" --config kubelet.yaml --kubeconfig kubelet.kubeconfig --root-dir /run/cluster/kubelet \
    --cert-dir /run/cluster/kubelet/pki --hostname-override "$NODE" --node-ip "$NODE_IP" \
    --node-labels topology.kubernetes.io/region=local,topology.kubernetes.io/zone=local
}

# The conntrack settings are the machine's, and not always ours to change: leave them.
start_proxy() {
  start kube-proxy "$KUBERNETES_BIN/kube-proxy" --kubeconfig proxy.kubeconfig --proxy-mode nftables \
    --cluster-cidr "$POD_CIDR" --hostname-override "$NODE" --bind-address "$NODE_IP" \
    --conntrack-max-per-core 0 --conntrack-tcp-timeout-established 0 --conntrack-tcp-timeout-close-wait 0
}

start_scheduler() {
  start kube-scheduler "$KUBERNETES_BIN/kube-scheduler" --kubeconfig scheduler.kubeconfig --leader-elect=false --secure-port 0
}

node_is_ready() {
  [ "$(cluster_kubectl get node "$NODE" -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}' 2>/dev/null)" = True ]
}

# A pod that is created before this is refused.
default_service_account_exists() { api_answers /api/v1/namespaces/default/serviceaccounts/default; }
