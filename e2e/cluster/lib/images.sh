# shellcheck shell=bash
# The images that every cluster has, as docker-archive tars made without a container engine:
#   gracekeeper.local/pause:1     holds a pod's namespaces
#   gracekeeper.local/busybox:1   a shell and small tools (Debian's static busybox)
#   gracekeeper.local/node:1      Node.js, user 65532: `node /app/x.js` with the app mounted from a ConfigMap

readonly PAUSE_IMAGE=gracekeeper.local/pause:1 BUSYBOX_IMAGE=gracekeeper.local/busybox:1 NODE_IMAGE=gracekeeper.local/node:1
readonly IMAGE_SOURCES="$HERE/images"
# The tools that have a name of their own; `busybox TOOL` reaches the rest.
readonly BUSYBOX_TOOLS="sh ash cat chmod cp date echo env false grep head hostname httpd id kill ls mkdir mv nc ps rm sed sleep stat tail \
test timeout touch tr true vi wget"

command_images() {
  local missing
  missing=$(missing_packages | grep -xE 'busybox-static|nodejs' | tr '\n' ' ' || true)
  [ -z "$missing" ] || machine_lacks "Debian packages are missing for the images: $missing" "cluster install-packages"
  build_missing "$CACHE/images" images
}

node_program() { readlink -f "$(command -v node)"; }

# Size and time instead of the contents: Node has 100 MB, and `up` asks this each time.
checksum_of_images() {
  {
    cat "$HERE/lib/images.sh" "$IMAGE_SOURCES"/go.mod "$IMAGE_SOURCES"/*/*.go
    stat -c '%n %s %Y' /bin/busybox "$(node_program)"
  } | sha256sum | cut -c1-64
}

build_images() {
  local new=$1 node library tool links=()
  go_build "$IMAGE_SOURCES" "$new/mkimage" ./mkimage
  go_build "$IMAGE_SOURCES" "$new/pause" ./pause
  "$new/mkimage" -output "$new/pause.tar" -tag "$PAUSE_IMAGE" -user 65532 -entrypoint /pause "/pause=$new/pause"

  for tool in $BUSYBOX_TOOLS; do links+=("/bin/$tool:busybox"); done
  "$new/mkimage" -output "$new/busybox.tar" -tag "$BUSYBOX_IMAGE" -cmd /bin/sh /bin/busybox=/bin/busybox "${links[@]}"

  local files=()
  node=$(node_program)
  for library in $(ldd "$node" | grep -o '/[^ ]*'); do files+=("$library=$library"); done
  for library in $(external_builtins "$node"); do files+=("$library=$library"); done
  printf 'root:x:0:0::/:/bin/false\nnonroot:x:65532:65532::/tmp:/bin/false\n' >"$new/passwd"
  "$new/mkimage" -output "$new/node.tar" -tag "$NODE_IMAGE" -user 65532 -env HOME=/tmp -cmd node \
    "/usr/bin/node=$node" "/etc/passwd=$new/passwd" "${files[@]}"
}

# Debian's Node keeps some of its built-in modules as files, and aborts without them; their paths are in its library.
external_builtins() {
  local path
  # shellcheck disable=SC2046  # a list of paths
  grep -aohE '/usr/share/nodejs/[A-Za-z0-9_./-]+\.js' "$1" $(ldd "$1" | grep -o '/[^ ]*/libnode[^ ]*') | sort -u |
    while read -r path; do [ ! -f "$path" ] || echo "$path"; done
}
