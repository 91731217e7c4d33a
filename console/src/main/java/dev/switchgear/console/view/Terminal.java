package dev.switchgear.console.view;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the output goes, and what can be shown there. */
public final class Terminal {

  /** Columns and rows of a window. */
  public record Size(int columns, int rows) {

    static final Size USUAL = new Size(80, 24);

    public Size {
      if (columns < 1 || rows < 1) {
        throw new IllegalArgumentException(
            "size: " + columns + "x" + rows + " (expected: at least 1x1)");
      }
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(Terminal.class);

  /**
   * A window of 200 x 60 with three bytes a character and colours: what is flushed is one write.
   */
  private static final int FRAME_LIMIT_BYTES = 1 << 16;

  private static final String SHOW_CURSOR = "\u001b[?25h";
  private static final Pattern STTY_SIZE = Pattern.compile("(\\d{1,5}) (\\d{1,5})\\s*");

  private final PrintStream out;
  private final Charset charset;
  private final boolean interactive;
  private final Style style;
  private final Supplier<Size> measure;
  private volatile Size size;

  private Terminal(
      PrintStream out, Charset charset, boolean interactive, Style style, Supplier<Size> measure) {
    this.out = out;
    this.charset = charset;
    this.interactive = interactive;
    this.style = style;
    this.measure = measure;
    this.size = measure.get();
  }

  /** Standard output of this process. */
  public static Terminal ofProcess(Map<String, String> environment) {
    Charset charset = Charset.forName(System.getProperty("native.encoding", "UTF-8"));
    OutputStream buffered =
        new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), FRAME_LIMIT_BYTES);
    PrintStream out = new PrintStream(buffered, false, charset);
    boolean interactive = stty().isPresent() && !"dumb".equals(environment.get("TERM"));
    boolean colour = interactive && environment.getOrDefault("NO_COLOR", "").isEmpty();
    Style style = new Style(colour, charset.newEncoder().canEncode('━'));
    return new Terminal(out, charset, interactive, style, () -> stty().orElse(Size.USUAL));
  }

  /** A window of the given size that takes UTF-8 and is redrawn in place. */
  public static Terminal interactive(PrintStream out, Style style, Supplier<Size> size) {
    return new Terminal(out, StandardCharsets.UTF_8, true, style, size);
  }

  /** A file or pipe that takes UTF-8. */
  public static Terminal plain(PrintStream out) {
    return new Terminal(
        out, StandardCharsets.UTF_8, false, new Style(false, true), () -> Size.USUAL);
  }

  /**
   * Asks {@code stty}, which knows every kind of Unix terminal; {@code test -t 1} says whether
   * standard output is one at all. Java 17 can say neither.
   */
  private static Optional<Size> stty() {
    try {
      Process process =
          new ProcessBuilder("sh", "-c", "if [ -t 1 ]; then stty size <&1 >&2; fi")
              .redirectOutput(ProcessBuilder.Redirect.INHERIT)
              .start();
      process.getOutputStream().close();
      String answer =
          new String(process.getErrorStream().readAllBytes(), StandardCharsets.US_ASCII);
      return parse(answer);
    } catch (IOException e) {
      LOG.debug("No sh or stty: standard output counts as a file", e);
      return Optional.empty();
    }
  }

  /** A terminal that does not know its size says {@code 0 0}. */
  private static Optional<Size> parse(String answer) {
    Matcher matcher = STTY_SIZE.matcher(answer);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int rows = Integer.parseInt(matcher.group(1));
    int columns = Integer.parseInt(matcher.group(2));
    return Optional.of(rows == 0 || columns == 0 ? Size.USUAL : new Size(columns, rows));
  }

  public PrintStream out() {
    return out;
  }

  /** How characters become bytes here. */
  public Charset charset() {
    return charset;
  }

  /** True where somebody looks at a window, false for a file or pipe. */
  public boolean interactive() {
    return interactive;
  }

  public Style style() {
    return style;
  }

  public Size size() {
    return size;
  }

  /** Undoes whatever drawing did to the window. */
  public void restore() {
    if (interactive) {
      out.print(SHOW_CURSOR);
      out.flush();
    }
  }

  /** Measures again; to be called when the window changed. */
  public void resized() {
    size = measure.get();
  }
}
