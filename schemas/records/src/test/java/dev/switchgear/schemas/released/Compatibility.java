package dev.switchgear.schemas.released;

import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.Incompatibility;
import org.apache.avro.SchemaCompatibility.SchemaIncompatibilityType;
import org.jspecify.annotations.Nullable;

/**
 * Compares the schemas of this build with a released set, both ways: today's programs must read the
 * records of then, and the programs of then must read the records of today, because a fleet is
 * upgraded one program at a time and a compacted topic keeps records for years.
 *
 * <p>Avro's own check decides, and two things are refused that it lets pass: an enum symbol that
 * has gone (records that hold it would read as UNKNOWN), and text that became bytes or the reverse
 * (bytes that are not UTF-8 would not survive).
 */
final class Compatibility {

  /** The symbol that a reader takes for one it does not know. */
  private static final String UNKNOWN = "UNKNOWN";

  private static final String ADD_ANOTHER =
      "leave the field as it was and add another, with a default";

  private final String version;

  private Compatibility(String version) {
    this.version = version;
  }

  /**
   * What of today's schemas would break with the released ones; empty where nothing does.
   *
   * @param version name of the released set, for the messages
   */
  static List<Breach> breaches(
      String version, Collection<Schema> released, Collection<Schema> today) {
    Compatibility compatibility = new Compatibility(version);
    Map<String, Schema> todayByName =
        today.stream().collect(Collectors.toMap(Schema::getFullName, Function.identity()));
    return released.stream()
        .flatMap(old -> compatibility.compare(old, todayByName.get(old.getFullName())))
        .distinct()
        .toList();
  }

  /** What of today's schemas would stand in the way of later ones; empty where nothing does. */
  static List<Breach> brokenRules(Collection<Schema> today) {
    return today.stream()
        .flatMap(schema -> enums(schema).values().stream())
        .filter(each -> !UNKNOWN.equals(each.getEnumDefault()))
        .map(Compatibility::withoutUnknown)
        .distinct()
        .toList();
  }

  private static Breach withoutUnknown(Schema each) {
    return new Breach(
        each.getName(),
        "the default of the enum is "
            + each.getEnumDefault()
            + " (expected: UNKNOWN), so programs of this build could not read symbols to come",
        "declare the symbol UNKNOWN and end the enum with \"= UNKNOWN;\"");
  }

  private Stream<Breach> compare(Schema old, @Nullable Schema now) {
    if (now == null) {
      return Stream.of(
          new Breach(
              old.getName(),
              "the record is gone, and topics may hold records of " + version,
              "put it back"));
    }
    return Stream.of(
            incompatibilities(now, old).map(each -> unreadableToday(now, each)),
            incompatibilities(old, now).map(each -> unreadableThen(old, each)),
            lostSymbols(old, now),
            recodedFields(old, now))
        .flatMap(Function.identity());
  }

  private static Stream<Incompatibility> incompatibilities(Schema reader, Schema writer) {
    return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
        .getResult()
        .getIncompatibilities()
        .stream();
  }

  private Breach unreadableToday(Schema reader, Incompatibility found) {
    String where = where(reader, found);
    return lacksDefault(found)
        ? new Breach(
            where,
            "records of " + version + " lack the field and it has no default",
            "give it a default")
        : new Breach(
            where,
            "today's programs cannot read records of " + version + " (" + found.getMessage() + ")",
            remedy(found));
  }

  private Breach unreadableThen(Schema reader, Incompatibility found) {
    String where = where(reader, found);
    return lacksDefault(found)
        ? new Breach(
            where,
            "the field is gone, and programs of " + version + " cannot do without it",
            "put it back")
        : new Breach(
            where,
            "programs of " + version + " cannot read today's records (" + found.getMessage() + ")",
            remedy(found));
  }

  private static boolean lacksDefault(Incompatibility found) {
    return found.getType() == SchemaIncompatibilityType.READER_FIELD_MISSING_DEFAULT_VALUE;
  }

  private static String remedy(Incompatibility found) {
    return switch (found.getType()) {
      case NAME_MISMATCH -> "give the type its old name again";
      case MISSING_ENUM_SYMBOLS -> "put the symbols back, with UNKNOWN as the default of the enum";
      default -> ADD_ANOTHER;
    };
  }

  /** Avro points into the reader's schema ({@code /fields/3/type/items}); people read names. */
  private static String where(Schema reader, Incompatibility found) {
    String name = reader.getName();
    Schema at = reader;
    String[] steps = found.getLocation().split("/", -1);
    for (int i = 1; i < steps.length; i++) {
      switch (steps[i]) {
        case "fields" -> {
          i++;
          Schema.Field field = at.getFields().get(Integer.parseInt(steps[i]));
          name = at.getName() + "." + field.name();
          at = field.schema();
        }
        case "items" -> at = at.getElementType();
        case "values" -> at = at.getValueType();
        default -> {}
      }
    }
    return name;
  }

  private Stream<Breach> lostSymbols(Schema old, Schema now) {
    Map<String, Schema> enumsNow = enums(now);
    return enums(old).values().stream()
        .flatMap(each -> lostSymbolsOfEnum(each, enumsNow.get(each.getFullName())));
  }

  private Stream<Breach> lostSymbolsOfEnum(Schema old, @Nullable Schema now) {
    if (now == null) {
      return Stream.empty();
    }
    return old.getEnumSymbols().stream()
        .filter(symbol -> !now.hasEnumSymbol(symbol))
        .map(
            symbol ->
                new Breach(
                    old.getName() + "." + symbol,
                    "the symbol is gone, and records of " + version + " would read as UNKNOWN",
                    "put it back"));
  }

  private Stream<Breach> recodedFields(Schema old, Schema now) {
    return old.getFields().stream()
        .filter(field -> now.getField(field.name()) != null)
        .filter(field -> isRecoded(field.schema(), now.getField(field.name()).schema()))
        .map(
            field ->
                new Breach(
                    old.getName() + "." + field.name(),
                    "text became bytes since " + version + ", or bytes text",
                    ADD_ANOTHER));
  }

  private static boolean isRecoded(Schema old, Schema now) {
    return !textOrBytes(old).equals(textOrBytes(now));
  }

  private static Set<Schema.Type> textOrBytes(Schema schema) {
    Set<Schema.Type> types = EnumSet.noneOf(Schema.Type.class);
    parts(schema).map(Schema::getType).forEach(types::add);
    types.retainAll(EnumSet.of(Schema.Type.STRING, Schema.Type.BYTES));
    return types;
  }

  /** Enums that the fields of a record use. */
  private static Map<String, Schema> enums(Schema record) {
    Map<String, Schema> found = new TreeMap<>();
    record.getFields().stream()
        .flatMap(field -> parts(field.schema()))
        .filter(part -> part.getType() == Schema.Type.ENUM)
        .forEach(part -> found.put(part.getFullName(), part));
    return found;
  }

  /**
   * The types that a field is made of, without those inside other records, which come by
   * themselves.
   */
  private static Stream<Schema> parts(Schema schema) {
    return switch (schema.getType()) {
      case UNION -> schema.getTypes().stream().flatMap(Compatibility::parts);
      case ARRAY -> parts(schema.getElementType());
      case MAP -> parts(schema.getValueType());
      default -> Stream.of(schema);
    };
  }
}
