package weft.verbs;

/**
 * A place in the other device's memory, as its owner told it.
 *
 * @param address where
 * @param rkey the key of the memory region there; the other device checks it
 */
public record RemoteBuffer(long address, int rkey) {
  /** The same place under another key. */
  public RemoteBuffer rkey(int key) {
    return new RemoteBuffer(address, key);
  }

  /** So many bytes further on. */
  public RemoteBuffer plus(long bytes) {
    return new RemoteBuffer(address + bytes, rkey);
  }
}
