package dev.switchgear.console.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * The rules of the house, for the packages below one root.
 *
 * @param root package that holds the packages of all modules
 */
record House(String root) {

  /** Whoever speaks Kafka by name; every other package is free of it, new ones included. */
  private static final List<String> SPEAKING_KAFKA =
      List.of(
          "schemas",
          "schemas.embedded",
          "schemas.testing",
          "schemas.streams",
          "guard",
          "ingest.sdk",
          "ingest.outlet",
          "ingest.gateway",
          "detector",
          "recovery",
          "recovery.replay",
          "gamedays.drill",
          "benchmarks.detector",
          "benchmarks.guard",
          "console",
          "console.backtest",
          "console.settings");

  private static final List<String> SPEAKING_STREAMS =
      List.of("schemas.streams", "detector", "recovery", "recovery.replay");

  private static final List<String> SERVING_HTTP =
      List.of("ingest.gateway", "gamedays.http", "console");

  /** Clients and servers of gRPC are in one package: who only calls uses it as well. */
  private static final String CALLING_GRPC = "adapters.grpc";

  /** Where the time of day comes in; from here on it is a value. Streams has its own clock. */
  private static final List<String> READING_THE_CLOCK =
      List.of("guard..", "ingest..", "gamedays..", "benchmarks..", "console");

  /** Runs beside the topology, on a thread of its own. */
  private static final String HEARTBEATS = "Heartbeats";

  /** Asks whether the machine has slept, which no other clock tells. */
  private static final String FETCH_GAPS = "FetchGaps";

  private static final String[] KAFKA = {"org.apache.kafka..", "kafka.."};

  private static final String[] WEB_SERVERS = {
    "com.sun.net.httpserver..",
    "jdk.httpserver..",
    "io.netty..",
    "org.eclipse.jetty..",
    "io.undertow..",
    "org.apache.catalina..",
    "io.grpc.."
  };

  private static final Set<String> CLOCKS =
      Set.of(
          "java.util.Date",
          "java.util.Calendar",
          "java.time.Clock",
          "java.time.Instant",
          "java.time.LocalDate",
          "java.time.LocalTime",
          "java.time.LocalDateTime",
          "java.time.OffsetDateTime",
          "java.time.ZonedDateTime");

  /** How one asks them for the time of day; the constructor is that of Date. */
  private static final Set<String> READING =
      Set.of(
          "now",
          "getInstance",
          "system",
          "systemUTC",
          "systemDefaultZone",
          "tick",
          "tickMillis",
          "tickSeconds",
          "tickMinutes",
          "<init>");

  /** What a pure function has no use for. */
  private static final String[] IMPURE = {
    "java.io..",
    "java.net..",
    "java.nio..",
    "java.sql..",
    "java.util.concurrent..",
    "java.util.logging..",
    "java.lang.reflect..",
    "java.util.random.."
  };

  private static final Set<String> IMPURE_CLASSES =
      Set.of(
          "java.lang.Thread",
          "java.lang.ThreadLocal",
          "java.lang.System$Logger",
          "java.lang.Process",
          "java.lang.Runtime",
          "java.security.SecureRandom",
          "java.time.Clock",
          "java.util.Random",
          "java.util.SplittableRandom",
          "java.util.Timer");

  /** All rules. */
  List<ArchRule> rules() {
    return List.of(
        arrows(),
        cycles(),
        breakerNeedsOnlyTheJdk(),
        breakerIsPure(),
        kafka(),
        streams(),
        webServers(),
        wallClocks());
  }

  ArchRule arrows() {
    LayeredArchitecture modules =
        Architectures.layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .withOptionalLayers(true);
    for (Module module : Module.values()) {
      modules = modules.layer(module.name()).definedBy(resideIn(module));
    }
    for (Module module : Module.values()) {
      String[] used = module.used().stream().map(Module::name).sorted().toArray(String[]::new);
      modules =
          used.length == 0
              ? modules.whereLayer(module.name()).mayNotAccessAnyLayer()
              : modules.whereLayer(module.name()).mayOnlyAccessLayers(used);
    }
    return modules
        .ensureAllClassesAreContainedInArchitecture()
        .because("arrows between modules point only downwards (DESIGN: Modules)");
  }

  ArchRule cycles() {
    return SlicesRuleDefinition.slices()
        .matching(root + ".(**)")
        .should()
        .beFreeOfCycles()
        .because("packages that need each other are one package");
  }

  ArchRule breakerNeedsOnlyTheJdk() {
    return classes()
        .that()
        .resideInAnyPackage(below("breaker.."))
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(root + ".breaker..", "java..", "org.jspecify.annotations.."))
        .because("the brain runs in the detector, in guards and over history alike");
  }

  ArchRule breakerIsPure() {
    return noClasses()
        .that()
        .resideInAnyPackage(below("breaker.."))
        .should()
        .dependOnClassesThat(resideInAnyPackage(IMPURE).or(named(IMPURE_CLASSES)))
        .orShould()
        .accessTargetWhere(readsTheTime().or(isRandom()))
        .because("in the brain there is no I/O, clock, random or thread; time arrives as data");
  }

  ArchRule kafka() {
    return noClasses()
        .that()
        .resideOutsideOfPackages(below(SPEAKING_KAFKA))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(KAFKA)
        .because("Kafka is only in shells; a new one has to be named in " + House.class.getName());
  }

  ArchRule streams() {
    return noClasses()
        .that()
        .resideOutsideOfPackages(below(SPEAKING_STREAMS))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.kafka.streams..", "org.rocksdb..")
        .because("Kafka Streams is heavy, and is not for what lives in other people's services");
  }

  ArchRule webServers() {
    return noClasses()
        .that()
        .resideOutsideOfPackages(below(SERVING_HTTP))
        .and()
        .resideOutsideOfPackage(root + "." + CALLING_GRPC)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(WEB_SERVERS)
        .because("only the gateway, the demo's services and the board serve HTTP");
  }

  ArchRule wallClocks() {
    return noClasses()
        .that()
        .resideOutsideOfPackages(below(READING_THE_CLOCK))
        .and(DescribedPredicate.not(simpleName(HEARTBEATS).or(simpleName(FETCH_GAPS))))
        .should()
        .accessTargetWhere(readsTheTimeOfDay())
        .because("the time of day comes in at the edges only, and arrives as data elsewhere");
  }

  DescribedPredicate<JavaClass> resideIn(Module module) {
    return resideInAnyPackage(below(module.packages()));
  }

  private String[] below(String... packages) {
    return below(Arrays.asList(packages));
  }

  private String[] below(List<String> packages) {
    return packages.stream().map(each -> root + "." + each).toArray(String[]::new);
  }

  private static DescribedPredicate<JavaClass> named(Set<String> names) {
    return DescribedPredicate.describe(
        "are one of " + names.stream().sorted().toList(), type -> names.contains(type.getName()));
  }

  private static DescribedPredicate<JavaAccess<?>> readsTheTimeOfDay() {
    return DescribedPredicate.describe(
        "it reads the time of day",
        access -> {
          String owner = access.getTargetOwner().getName();
          return owner.equals("java.lang.System")
              ? access.getName().equals("currentTimeMillis")
              : CLOCKS.contains(owner) && READING.contains(access.getName());
        });
  }

  private static DescribedPredicate<JavaAccess<?>> readsTheTime() {
    return readsTheTimeOfDay().or(calls("java.lang.System", "nanoTime"));
  }

  private static DescribedPredicate<JavaAccess<?>> isRandom() {
    return calls("java.lang.Math", "random")
        .or(calls("java.util.UUID", "randomUUID"))
        .or(calls("java.util.Collections", "shuffle"));
  }

  private static DescribedPredicate<JavaAccess<?>> calls(String owner, String method) {
    return DescribedPredicate.describe(
        "it calls " + owner + "." + method,
        access ->
            access.getTargetOwner().getName().equals(owner) && access.getName().equals(method));
  }
}
