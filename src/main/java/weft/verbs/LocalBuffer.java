package weft.verbs;

import weft.units.Check;

/**
 * A piece of this device's memory: {@code struct ibv_sge}.
 *
 * @param address where it begins
 * @param length bytes, not negative
 * @param lkey the key of the memory region it lies in; nothing checks it before it is used
 */
public record LocalBuffer(long address, int length, int lkey) {
  /**
   * @throws IllegalArgumentException if the length is negative
   */
  public LocalBuffer {
    Check.atLeast(0, "the length of a buffer", length, "take region.all()");
  }

  /** The same piece under another key. */
  public LocalBuffer lkey(int key) {
    return new LocalBuffer(address, length, key);
  }
}
