# shellcheck shell=bash
# Gracekeeper's own image: built from this repository, loaded into the node.

readonly IMAGE_TAR=$REPOSITORY/image/target/gracekeeper-image.tar
# Beside the image, so that `mvn clean` takes both.
readonly IMAGE_BUILT_FROM=$REPOSITORY/image/target/built-from

build_image() {
  IMAGE_SOURCES=$(checksum_of_image_sources)
  if [ -f "$IMAGE_TAR" ] && [ "$(cat "$IMAGE_BUILT_FROM" 2>/dev/null)" = "$IMAGE_SOURCES $(stat -c %Y "$IMAGE_TAR")" ]; then
    say "  ok     the image is built from these very sources"
  else
    say "  The image is built by Maven: a minute or two, and a few more when its libraries have to be fetched."
    step "the image is built" run_image_build
  fi
}

# The size and contents of all that goes into it, in an order that doesn't depend on the machine.
checksum_of_image_sources() {
  (cd "$REPOSITORY" && find pom.xml mvnw .mvn ./*/pom.xml {crds,policy,runtime,webhook,operator,image}/src/main -type f -print0 |
    LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c1-40)
}

run_image_build() {
  cd "$REPOSITORY" || return
  rm -f "$IMAGE_BUILT_FROM"
  ./mvnw -B -q -pl image -am package -DskipTests
  printf '%s %s\n' "$IMAGE_SOURCES" "$(stat -c %Y "$IMAGE_TAR")" >"$IMAGE_BUILT_FROM"
}
