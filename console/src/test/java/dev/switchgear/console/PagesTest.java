package dev.switchgear.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.gamedays.shop.Shop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The code on pages for those who guard calls, but for introductions, is part of what runs: of a
 * test, or of the demo shop.
 */
class PagesTest {

  private static final Path HOME = Path.of("..");

  /** By page, and for some of its sections by these; a file, or all of a directory. */
  private static final Map<String, String> SOURCES =
      Map.of(
          "guard-a-call.md",
          "guard/src/test/java/dev/switchgear/guard/GuardACallTest.java",
          "guard-a-call.md## Spring Boot",
          "spring-boot/src/test/java/dev/switchgear/spring/SpringBootPageTest.java",
          "guard-a-call.md## With the libraries you have",
          "adapters/src/test/java/dev/switchgear/adapters/GuardACallTest.java",
          "degrade.md",
          "game-days/src/main/java/dev/switchgear/gamedays/shop",
          "degrade.md## By feature flags",
          "adapters/src/test/java/dev/switchgear/adapters/openfeature/FlagsPageTest.java");

  /** What the page says in numbers and letters, and the shop by name. */
  private static final Map<String, String> CONSTANTS =
      Map.of(
          "Service.PAYMENTS.breaker()", "\"payments/charge\"",
          "callee.breaker()", "\"payments/charge\"",
          "replay(QUEUE", "replay(\"" + Shop.QUEUE + '"');

  /** Some code on a page, under a heading. */
  private record Block(String page, String heading, String code) {

    boolean isPartOfItsSource() {
      String place = SOURCES.getOrDefault(page + heading, SOURCES.get(page));
      return source(HOME.resolve(place)).contains(bare(code).replaceAll(";$", ""));
    }
  }

  @Test
  void codeOnPages_isPartOfWhatRuns() {
    List<Block> blocks = new ArrayList<>();
    blocks.addAll(blocks("guard-a-call.md"));
    blocks.addAll(blocks("degrade.md"));

    assertThat(blocks).hasSizeGreaterThan(38);
    assertThat(blocks).filteredOn(block -> !block.isPartOfItsSource()).isEmpty();
  }

  /** Without those of the introduction. */
  private static List<Block> blocks(String page) {
    List<Block> blocks = new ArrayList<>();
    String heading = "";
    StringBuilder code = null;
    for (String line : lines(HOME.resolve("docs").resolve(page))) {
      if (line.strip().equals("```java")) {
        code = new StringBuilder();
      } else if (code == null) {
        heading = line.startsWith("## ") ? line : heading;
      } else if (!line.strip().equals("```")) {
        code.append(line).append('\n');
      } else {
        blocks.add(new Block(page, heading, code.toString()));
        code = null;
      }
    }
    blocks.removeIf(block -> block.heading().isEmpty());
    return blocks;
  }

  private static String source(Path place) {
    try (Stream<Path> files = Files.walk(place)) {
      return files
          .filter(Files::isRegularFile)
          .flatMap(file -> lines(file).stream())
          .map(PagesTest::withoutConstants)
          .map(PagesTest::bare)
          .collect(Collectors.joining());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String withoutConstants(String line) {
    String told = line;
    for (Map.Entry<String, String> each : CONSTANTS.entrySet()) {
      told = told.replace(each.getKey(), each.getValue());
    }
    return told;
  }

  /** The formatter breaks lines where it likes. */
  private static String bare(String text) {
    return text.replaceAll("\\s+", "");
  }
}
