package dev.switchgear.detector;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What encoded names stand for, so that a name that comes again and again is made and checked once.
 * Holds {@value #MOST} and then begins anew: whoever sends other names all the time gains nothing
 * and costs nothing. One thread uses it.
 */
final class KnownBytes<V> {

  /** At some two hundred bytes each three megabytes, at a kilobyte each sixteen. */
  static final int MOST = 16_384;

  /** What is longer is not remembered, so that not even names of a megabyte fill the heap. */
  static final int LONGEST = 1_024;

  /** Half full at the most, so that what is sought is near. */
  private static final int SLOTS = 2 * MOST;

  private static final int FIRST_SLOTS = 64;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private @Nullable Entry<V>[] slots = slots(FIRST_SLOTS);
  private int size;

  @SuppressWarnings("ArrayRecordComponent") // Compared by content, and never handed out.
  private record Entry<V>(int hash, byte[] name, V value) {}

  /** What the bytes from one index to before another stand for; null if that is not known. */
  @Nullable V get(byte[] bytes, int from, int to) {
    int hash = hash(bytes, from, to);
    int slot = hash & (slots.length - 1);
    Entry<V> entry = slots[slot];
    while (entry != null) {
      byte[] name = entry.name;
      if (entry.hash == hash && Arrays.equals(name, 0, name.length, bytes, from, to)) {
        return entry.value;
      }
      slot = (slot + 1) & (slots.length - 1);
      entry = slots[slot];
    }
    return null;
  }

  /** Remembers what is not known yet. */
  V put(byte[] bytes, int from, int to, V value) {
    if (to - from > LONGEST) {
      return value;
    }
    if (size == MOST) {
      slots = slots(FIRST_SLOTS);
      size = 0;
    } else if (2 * size >= slots.length) {
      grow();
    }
    insert(new Entry<>(hash(bytes, from, to), Arrays.copyOfRange(bytes, from, to), value));
    size++;
    return value;
  }

  private void grow() {
    @Nullable Entry<V>[] old = slots;
    slots = slots(Math.min(SLOTS, 2 * old.length));
    for (Entry<V> entry : old) {
      if (entry != null) {
        insert(entry);
      }
    }
  }

  private void insert(Entry<V> entry) {
    int slot = entry.hash & (slots.length - 1);
    while (slots[slot] != null) {
      slot = (slot + 1) & (slots.length - 1);
    }
    slots[slot] = entry;
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // There are no arrays of a type with a parameter.
  private static <V> @Nullable Entry<V>[] slots(int count) {
    return (Entry<V>[]) new Entry[count];
  }

  /** Eight bytes at a time, mixed as by MurmurHash3's finalizer. */
  private static int hash(byte[] bytes, int from, int to) {
    long hash = (long) to - from;
    int at = from;
    for (; at <= to - Long.BYTES; at += Long.BYTES) {
      hash = (hash ^ (long) LONGS.get(bytes, at)) * 0xFF51AFD7ED558CCDL;
      hash ^= hash >>> 33;
    }
    for (; at < to; at++) {
      hash = hash * 31 + bytes[at];
    }
    hash *= 0xC4CEB9FE1A85EC53L;
    return (int) (hash ^ hash >>> 32);
  }
}
