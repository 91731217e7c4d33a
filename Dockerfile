# One image for every role of a fleet: docker run IMAGE run detector --kafka ...

FROM debian:bookworm-slim AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates curl openjdk-17-jdk-headless unzip \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/root/.m2 \
    ./mvnw -q -B -ntp -Dmaven.test.skip=true -pl console -am package \
 && cp console/target/switchgear-console-*.jar console/target/lib/

FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends openjdk-17-jre-headless \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --no-create-home switchgear \
 && install -d -o switchgear /var/lib/switchgear
COPY --from=build /src/console/target/lib /opt/switchgear/lib

ENV LANG=C.UTF-8
USER switchgear
VOLUME /var/lib/switchgear
EXPOSE 4318

# A role that is told to (--ready) touches this file every five seconds while it works.
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
  CMD ["sh", "-c", "test -n \"$(find /tmp/switchgear-ready -newermt '20 seconds ago')\""]

ENTRYPOINT ["java", "-XX:+UseSerialGC", "-XX:MaxRAMPercentage=60", "-cp", "/opt/switchgear/lib/*", "dev.switchgear.console.Main"]
CMD ["--help"]
