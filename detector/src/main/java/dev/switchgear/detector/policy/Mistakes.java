package dev.switchgear.detector.policy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with policies, each mistake once: whoever reads on tells all of them at the end.
 */
final class Mistakes {

  /** More than that are one mistake, made again and again. */
  private static final int MOST_TOLD = 50;

  private final Set<Mistake> found = new LinkedHashSet<>();
  private final boolean inheritedCount;
  private @Nullable Throwable cause;

  private record Mistake(String file, int line, String problem) {
    @Override
    public String toString() {
      return file + ":" + line + ": " + problem;
    }
  }

  /** None yet. */
  Mistakes() {
    this(true);
  }

  private Mistakes(boolean inheritedCount) {
    this.inheritedCount = inheritedCount;
  }

  /** None yet of something that is looked at without what it inherits. */
  static Mistakes ofOneAlone() {
    return new Mistakes(false);
  }

  /** Something is wrong on this line. */
  void add(String file, int line, String problem) {
    found.add(new Mistake(file, line, problem));
  }

  /** The same, as a constructor complained. */
  void add(String file, int line, String problem, Throwable why) {
    add(file, line, problem);
    cause = why;
  }

  /** What is written does not go together with a value that is not written here. */
  void addOfInherited(String file, int line, String problem, Throwable why) {
    if (inheritedCount) {
      add(file, line, problem, why);
    }
  }

  /** Throws if anything is wrong; all of it, by line. */
  void check() {
    if (found.isEmpty()) {
      return;
    }
    List<String> lines = new ArrayList<>();
    found.stream()
        .sorted(Comparator.comparing(Mistake::file).thenComparingInt(Mistake::line))
        .limit(MOST_TOLD)
        .forEach(mistake -> lines.add(mistake.toString()));
    if (found.size() > MOST_TOLD) {
      lines.add("and " + (found.size() - MOST_TOLD) + " more");
    }
    throw new PolicyException(lines, cause);
  }
}
