# shellcheck shell=bash
# Keys, certificates and tokens of one cluster. Programs and people authenticate with random tokens, which every client library
# reads (some need an extra library for EC client keys); only the API server shows a certificate to kubelet.

# make_pki ADDRESS...: of the API server
make_pki() {
  local names=DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local
  local address
  for address in "$@"; do names+=,IP:$address; done
  mkdir -m 700 "$DIR/pki"
  make_certificate ca "/CN=$NAME-ca" basicConstraints=critical,CA:TRUE keyUsage=critical,keyCertSign,cRLSign
  make_certificate apiserver /CN=kube-apiserver "subjectAltName=$names" extendedKeyUsage=serverAuth
  make_certificate kubelet-client "/O=system:masters/CN=kube-apiserver-kubelet-client" extendedKeyUsage=clientAuth
  # The API server reads this one in the older form only (SEC 1).
  openssl ecparam -name prime256v1 -genkey -noout -out "$DIR/pki/service-accounts.key"
}

# make_certificate FILE SUBJECT EXTENSION...: signed by the CA, or by itself if it is the CA
make_certificate() {
  local file=$1 subject=$2 extension arguments=()
  shift 2
  for extension in "$@"; do arguments+=(-addext "$extension"); done
  [ "$file" = ca ] || arguments+=(-CA "$DIR/pki/ca.crt" -CAkey "$DIR/pki/ca.key" -addext basicConstraints=CA:FALSE)
  # A configuration of our own: what the machine's adds to a certificate differs.
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 365 -subj "$subject" \
    -config <(printf '[req]\ndistinguished_name = name\n[name]\n') "${arguments[@]}" \
    -keyout "$DIR/pki/$file.key" -out "$DIR/pki/$file.crt" 2>/dev/null
}

new_token() { openssl rand -hex 16; }

# add_user TOKEN USER [GROUP]
add_user() { printf '%s,%s,%s%s\n' "$1" "$2" "$2" "${3:+,\"$3\"}" >>"$DIR/pki/tokens.csv"; }
