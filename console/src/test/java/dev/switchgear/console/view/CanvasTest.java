package dev.switchgear.console.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class CanvasTest {

  private final List<String> writes = new ArrayList<>();
  private final AtomicReference<Terminal.Size> size =
      new AtomicReference<>(new Terminal.Size(80, 5));
  private final Terminal terminal = Terminal.interactive(out(), new Style(true, true), size::get);

  private PrintStream out() {
    OutputStream recording =
        new ByteArrayOutputStream() {
          @Override
          public synchronized void write(byte[] bytes, int offset, int length) {
            writes.add(new String(bytes, offset, length, StandardCharsets.UTF_8));
          }
        };
    return new PrintStream(
        new BufferedOutputStream(recording, 1 << 16), false, StandardCharsets.UTF_8);
  }

  @Test
  void aFrameIsOneWrite_overTheOneBefore() {
    try (Canvas canvas = new Canvas(terminal)) {
      canvas.draw(List.of("one", "two"));
      canvas.draw(List.of("three", "four"));
    }

    assertThat(writes)
        .containsExactly(
            "\u001b[?25l",
            "one\u001b[K\ntwo\u001b[K\n\u001b[J",
            "\u001b[2A\rthree\u001b[K\nfour\u001b[K\n\u001b[J",
            "\u001b[?25h");
  }

  @Test
  void aLargeFrameIsOneWriteToo() {
    size.set(new Terminal.Size(200, 61));
    terminal.resized();
    try (Canvas canvas = new Canvas(terminal)) {
      canvas.draw(Collections.nCopies(60, "━".repeat(200)));
    }

    assertThat(writes).hasSize(3);
  }

  @Test
  void rowsThatTheWindowHasNotAreLeftOut() {
    try (Canvas canvas = new Canvas(terminal)) {
      canvas.draw(Collections.nCopies(9, "x"));
      canvas.draw(List.of("y"));
    }

    assertThat(writes.get(1)).containsOnlyOnce("\u001b[J").matches("(x\u001b\\[K\n){4}\u001b\\[J");
    assertThat(writes.get(2)).startsWith("\u001b[4A\r");
  }

  @Test
  void afterAChangeOfSizeTheWindowIsCleared() {
    try (Canvas canvas = new Canvas(terminal)) {
      canvas.draw(List.of("one"));
      size.set(new Terminal.Size(60, 5));
      terminal.resized();
      canvas.draw(List.of("two"));
      canvas.draw(List.of("three"));
    }

    assertThat(writes.get(2)).startsWith("\u001b[H\u001b[2Jtwo");
    assertThat(writes.get(3)).startsWith("\u001b[1A\rthree");
  }
}
