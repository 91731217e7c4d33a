package dev.switchgear.guard;

import java.util.Base64;
import java.util.BitSet;
import java.util.Collection;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Offsets finished beyond the committed one, as text in the metadata of the commit: a version, then
 * one bit for each offset from the committed one on, in Base64. Confluent's parallel consumer keeps
 * its progress the same way.
 */
final class FinishedAhead {

  /** How far ahead may be finished: 1 KiB of bits, a third of what brokers take by default. */
  static final int REACH = 8_192;

  private static final String VERSION = "1:";

  private FinishedAhead() {}

  static String encode(long committed, Collection<Long> finished) {
    if (finished.isEmpty()) {
      return "";
    }
    BitSet bits = new BitSet();
    finished.forEach(offset -> bits.set(Math.toIntExact(offset - committed)));
    return VERSION + Base64.getEncoder().encodeToString(bits.toByteArray());
  }

  /** Reads what {@link #encode} wrote; what somebody else wrote means that nothing is ahead. */
  static NavigableSet<Long> decode(long committed, String metadata) {
    NavigableSet<Long> finished = new TreeSet<>();
    if (metadata.startsWith(VERSION)) {
      byte[] bytes = bytes(metadata.substring(VERSION.length()));
      BitSet.valueOf(bytes).stream().forEach(bit -> finished.add(committed + bit));
    }
    return finished;
  }

  private static byte[] bytes(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }
}
