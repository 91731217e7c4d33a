package dev.switchgear.schemas;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Names of breakers: {@code dependency[/operation]}, and of their parts {@code
 * dependency[/operation]@region}, {@code dependency[/operation]~caller} and {@code
 * dependency[/operation]~caller#instance}. A part is judged with its whole, so all that concerns
 * either lies on the partition of the whole.
 */
public final class BreakerId {

  private static final char REGION = '@';
  private static final char CALLER = '~';
  private static final char INSTANCE = '#';
  private static final int LONGEST = 255;

  /** What a region or a service must look like to be part of an id. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

  /** An instance may be a host and a process or a hash of 64 digits. */
  private static final Pattern INSTANCE_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.:_-]{0,127}");

  private static final Pattern PART =
      Pattern.compile("@%1$s|~%1$s(#%2$s)?".formatted(NAME, INSTANCE_NAME));

  private BreakerId() {}

  /** The part of one region; empty where the region cannot be part of an id. */
  public static Optional<String> inRegion(String whole, @Nullable String region) {
    return part(whole, REGION, NAME, region);
  }

  /** The part of one calling service; empty where the service cannot be part of an id. */
  public static Optional<String> ofCaller(String whole, @Nullable String service) {
    return part(whole, CALLER, NAME, service);
  }

  /**
   * The part of one instance of a calling service; empty where either cannot be part of an id.
   * Instances of two services may have the same name, so it holds both.
   */
  public static Optional<String> ofInstance(
      String whole, @Nullable String service, @Nullable String instance) {
    return ofCaller(whole, service)
        .flatMap(caller -> part(caller, INSTANCE, INSTANCE_NAME, instance));
  }

  /** Whether it names a part. */
  public static boolean isPart(String id) {
    return mark(id) >= 0;
  }

  /** Whether it names the part of one instance. */
  public static boolean isInstance(String id) {
    return isPart(id) && id.indexOf(INSTANCE, mark(id)) > 0;
  }

  /** What it is a part of; itself where it is none. */
  public static String whole(String id) {
    int mark = mark(id);
    return mark < 0 ? id : id.substring(0, mark);
  }

  /** The dependency, of which all operations are. */
  public static String dependency(String id) {
    String whole = whole(id);
    int slash = whole.indexOf('/');
    return slash <= 0 ? whole : whole.substring(0, slash);
  }

  /**
   * Partition of all records that concern the breaker: that of Kafka's default partitioner for the
   * id of the whole.
   *
   * @param partitions number of partitions of the topic, at least 1
   */
  public static int partition(String id, int partitions) {
    byte[] bytes = whole(id).getBytes(StandardCharsets.UTF_8);
    return Utils.toPositive(Utils.murmur2(bytes)) % partitions;
  }

  private static Optional<String> part(
      String whole, char mark, Pattern names, @Nullable String name) {
    boolean usable =
        name != null
            && whole.length() + 1 + name.length() <= LONGEST
            && names.matcher(name).matches();
    return usable ? Optional.of(whole + mark + name) : Optional.empty();
  }

  /** Where the last mark is, if what follows it can be a name; else -1. */
  private static int mark(String id) {
    int mark = Math.max(id.lastIndexOf(REGION), id.lastIndexOf(CALLER));
    boolean part = mark > 0 && PART.matcher(id).region(mark, id.length()).matches();
    return part ? mark : -1;
  }
}
