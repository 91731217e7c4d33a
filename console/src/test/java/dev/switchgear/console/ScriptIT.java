package dev.switchgear.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launching script, in a project so small that its build only copies a jar: when it builds,
 * what it builds with, and how it starts Java.
 */
class ScriptIT {

  private static final List<String> MODULES = List.of("console", "benchmarks");

  private static final String PROGRAM =
      """
      package dev.switchgear.%s;
      public class Main {
        public static void main(String[] arguments) throws Exception {
          System.out.println(String.join("|", arguments));
          if (arguments[0].equals("wait")) {
            System.out.println(ProcessHandle.current().pid());
            Thread.sleep(60_000);
          }
          System.exit(Integer.parseInt(arguments[0]));
        }
      }
      """;

  /** Counts its calls; fails where a file says so. */
  private static final String BUILD =
      """
      #!/bin/sh
      echo "$@" >> builds.log
      [ ! -e broken ] || { echo "compiler says no" >&2; exit 1; }
      case "$*" in
        *"-pl benchmarks "*) module=benchmarks ;;
        *) module=console ;;
      esac
      mkdir -p $module/target/lib
      cp $module.jar $module/target/switchgear-$module-1.jar
      """;

  @TempDir private static Path jars = Path.of("");
  @TempDir private Path temporary = Path.of("");
  private Path home = Path.of("");
  private Path sources = Path.of("");
  private Path source = Path.of("");

  record Result(int exitCode, String out, String err) {}

  @BeforeAll
  static void makeJars() throws IOException {
    for (String module : MODULES) {
      Path code = Files.createDirectories(jars.resolve(module));
      Path program = Files.writeString(code.resolve("Main.java"), PROGRAM.formatted(module));
      Path classes = code.resolve("classes");
      tool("javac", "-d", classes.toString(), program.toString());
      String jar = jars.resolve(module + ".jar").toString();
      tool("jar", "-cf", jar, "-C", classes.toString(), ".");
    }
  }

  @BeforeEach
  void makeProject() throws IOException {
    home = Files.createDirectory(temporary.resolve("a project"));
    sources = Files.createDirectories(home.resolve("breaker/src/main/java"));
    source = Files.writeString(sources.resolve("A.java"), "class A {}");
    Files.createDirectories(home.resolve("breaker/src/test/java"));
    Files.writeString(home.resolve("pom.xml"), "<project/>");
    Files.copy(Path.of("../switchgear"), home.resolve("switchgear"));
    executable(Files.writeString(home.resolve("mvnw"), BUILD));
    executable(home.resolve("switchgear"));
    for (String module : MODULES) {
      Files.copy(jars.resolve(module + ".jar"), home.resolve(module + ".jar"));
    }
  }

  private static void tool(String name, String... arguments) {
    PrintStream out = System.out;
    int code = ToolProvider.findFirst(name).orElseThrow().run(out, out, arguments);
    assertThat(code).as(name + " " + Arrays.toString(arguments)).isZero();
  }

  private static void executable(Path file) {
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private Process start(Path script, Map<String, String> environment, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(script.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(temporary.toFile());
    builder.environment().putAll(environment);
    return builder.start();
  }

  private static Result end(Process process) {
    try {
      String out = new String(process.getInputStream().readAllBytes(), UTF_8);
      String err = new String(process.getErrorStream().readAllBytes(), UTF_8);
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      return new Result(process.exitValue(), out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private Result call(String... arguments) throws IOException {
    return end(start(home.resolve("switchgear"), Map.of(), arguments));
  }

  private long builds() throws IOException {
    Path log = home.resolve("builds.log");
    return Files.exists(log) ? Files.readAllLines(log).size() : 0;
  }

  /** A change a moment from now: file systems tell times apart no finer than that. */
  private static void touch(Path file) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(1)));
  }

  @Test
  void theFirstCallBuilds_theSecondDoesNot_argumentsAndExitCodePass() throws IOException {
    Result first = call("7", "two words", "*");
    Result second = call("0");

    assertThat(first.err()).isEqualTo("building Switchgear (once, and after changes) ...\n");
    assertThat(first.out()).isEqualTo("7|two words|*\n");
    assertThat(first.exitCode()).isEqualTo(7);
    assertThat(second).isEqualTo(new Result(0, "0\n", ""));
    assertThat(builds()).isEqualTo(1);
  }

  @Test
  void aChangedSourceOrPomBuildsAgain_aTestDoesNot() throws IOException {
    call("0");

    touch(Files.writeString(home.resolve("breaker/src/test/java/ATest.java"), "class ATest {}"));
    call("0");
    assertThat(builds()).isEqualTo(1);

    touch(source);
    call("0");
    assertThat(builds()).isEqualTo(2);
  }

  @Test
  void benchmarksAreBuiltWhenTheyAreFirstCalled_andApart() throws IOException {
    call("0");
    Path benchmarks = Files.createDirectories(home.resolve("benchmarks/src/main/java"));
    Path benchmark = Files.writeString(benchmarks.resolve("B.java"), "class B {}");
    touch(benchmark);
    call("0");
    assertThat(builds()).isEqualTo(1);

    Files.setLastModifiedTime(benchmark, FileTime.from(Instant.EPOCH));
    assertThat(call("bench", "7", "two words").out()).isEqualTo("7|two words\n");
    assertThat(call("bench", "0").err()).isEmpty();
    assertThat(Files.readAllLines(home.resolve("builds.log")))
        .satisfiesExactly(
            first -> assertThat(first).contains("-pl console -am"),
            second -> assertThat(second).contains("-pl benchmarks -am"));
  }

  @Test
  void aDeletedSourceBuildsAgain() throws IOException {
    call("0");

    Files.delete(source);
    touch(sources);
    call("0");

    assertThat(builds()).isEqualTo(2);
  }

  @Test
  void itWorksThroughLinks() throws IOException {
    Path link = Files.createSymbolicLink(temporary.resolve("sg"), Path.of("a project/switchgear"));
    Path deeper = Files.createDirectory(temporary.resolve("bin")).resolve("switchgear");
    Files.createSymbolicLink(deeper, Path.of("../sg"));

    assertThat(end(start(link, Map.of(), "0")).out()).isEqualTo("0\n");
    assertThat(end(start(deeper, Map.of(), "0")).out()).isEqualTo("0\n");
    assertThat(builds()).isEqualTo(1);
  }

  @Test
  void firstCallsAtOnce_buildOnce() throws IOException {
    List<Process> calls = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      calls.add(start(home.resolve("switchgear"), Map.of(), "0"));
    }

    assertThat(calls.stream().map(ScriptIT::end)).allMatch(result -> result.exitCode() == 0);
    assertThat(builds()).isEqualTo(1);
  }

  @Test
  void aBuildThatFailsIsTold_andTriedAgain() throws IOException {
    Path broken = Files.createFile(home.resolve("broken"));

    Result failed = call("0");
    Files.delete(broken);

    assertThat(failed.exitCode()).isEqualTo(1);
    assertThat(failed.err()).contains("compiler says no", "switchgear: the build failed");
    assertThat(failed.out()).isEmpty();
    assertThat(call("0").exitCode()).isZero();
  }

  @Test
  void aRunningProgramKeepsItsJars_whenTheNextCallBuilds() throws Exception {
    Process running = start(home.resolve("switchgear"), Map.of(), "wait");
    try (var out = running.inputReader()) {
      assertThat(out.readLine()).isEqualTo("wait");
      touch(source);
      call("0");

      String classPath = running.info().arguments().map(a -> String.join(" ", a)).orElse("");
      Path lib = Path.of(classPath.replaceAll(".*-cp (.*)/\\* .*", "$1"));
      try (Stream<Path> jars = Files.list(lib)) {
        assertThat(jars).isNotEmpty();
      }
    } finally {
      running.destroyForcibly().waitFor();
    }
    assertThat(builds()).isEqualTo(2);
  }

  @Test
  void javaTakesThePlaceOfTheScript_soThatSignalsReachIt() throws Exception {
    Process running = start(home.resolve("switchgear"), Map.of(), "wait");
    try (var out = running.inputReader()) {
      assertThat(out.readLine()).isEqualTo("wait");
      assertThat(out.readLine()).isEqualTo(Long.toString(running.pid()));
    } finally {
      running.destroyForcibly().waitFor();
    }
  }

  @Test
  void anOldJavaIsRefused() throws IOException {
    Path bin = Files.createDirectories(temporary.resolve("old/bin"));
    executable(
        Files.writeString(
            bin.resolve("java"), "#!/bin/sh\necho 'openjdk version \"1.8.0_402\"' >&2\n"));

    Map<String, String> environment = Map.of("JAVA_HOME", temporary.resolve("old").toString());
    Result refused = end(start(home.resolve("switchgear"), environment, "0"));

    assertThat(refused.err())
        .contains("old/bin/java is Java 8 (expected: 17 or newer)")
        .contains("JAVA_HOME");
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(builds()).isZero();
  }

  @Test
  void aWrongJavaHomeIsRefused() throws IOException {
    Result refused = end(start(home.resolve("switchgear"), Map.of("JAVA_HOME", "/nowhere"), "0"));

    assertThat(refused.err()).contains("JAVA_HOME is /nowhere, but has no bin/java");
    assertThat(refused.exitCode()).isEqualTo(1);
  }
}
