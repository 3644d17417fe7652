# syntax=docker/dockerfile:1
# For people with a container engine: the same steps as `./mvnw -pl image -am package`, which needs none and makes
# image/target/gracekeeper-image.tar. The Maven build lays the whole file system out, trains the JVM on it, and this copies it.
#
#   docker build -t ghcr.io/gracekeeper/gracekeeper:0.1.0 .

FROM eclipse-temurin:25-jdk AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/root/.m2 ./mvnw -B -q -pl image -am package -DskipTests
# Modes as in the tar: nobody may write, and only java can be executed. Times as they were at the training.
RUN chmod -R a-w,a+rX image/target/image/root

FROM scratch
LABEL org.opencontainers.image.title="Gracekeeper" \
      org.opencontainers.image.description="Graceful shutdown as a policy of the Kubernetes cluster" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.vendor="The Gracekeeper authors"
COPY --from=build /src/image/target/image/root/ /
USER 65532:65532
EXPOSE 8443 8081
# Where the flags and the start-up cache of a process are: /app/webhook or /app/operator.
WORKDIR /app/webhook
ENV MALLOC_ARENA_MAX=1
ENTRYPOINT ["/opt/java/bin/java", "@jvm.args", "io.gracekeeper.image.Main"]
