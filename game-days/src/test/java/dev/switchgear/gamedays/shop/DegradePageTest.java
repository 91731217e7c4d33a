package dev.switchgear.gamedays.shop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The code of docs/degrade.md is the shop's, with the values of its constants. Not so the first
 * lines, which are those of the page about guards, and what is about feature flags.
 */
class DegradePageTest {

  private static final Path PAGE = Path.of("../docs/degrade.md");
  private static final Path SHOP = Path.of("src/main/java/dev/switchgear/gamedays/shop");
  private static final String PAYMENTS = quoted(Service.PAYMENTS.breaker());
  private static final Pattern FLAGS =
      Pattern.compile("\n## By feature flags\n.*?(?=\n## )", Pattern.DOTALL);
  private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  @Test
  void everyBlockOfThePage_isPartOfTheShop() throws IOException {
    String page = FLAGS.matcher(Files.readString(PAGE)).replaceAll("");
    List<String> blocks = BLOCK.matcher(page).results().map(r -> bare(r.group(1))).skip(1).toList();
    String shop = shop();

    assertThat(blocks).hasSize(7);
    assertThat(blocks).filteredOn(block -> !shop.contains(block.replaceAll(";$", ""))).isEmpty();
  }

  private static String shop() {
    try (Stream<Path> sources = Files.list(SHOP)) {
      return sources
          .map(DegradePageTest::read)
          .map(source -> source.replace("QUEUE,", quoted(Shop.QUEUE) + ","))
          .map(source -> source.replaceAll("(Service\\.PAYMENTS|callee)\\.breaker\\(\\)", PAYMENTS))
          .map(DegradePageTest::bare)
          .collect(Collectors.joining());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }

  private static String read(Path source) {
    try {
      return Files.readString(source);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The formatter breaks lines where it likes. */
  private static String bare(String text) {
    return text.replaceAll("\\s+", "");
  }
}
