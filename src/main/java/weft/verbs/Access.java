package weft.verbs;

/**
 * What a memory region, or a queue pair, permits. Reading locally is always permitted ({@code enum
 * ibv_access_flags}).
 */
public enum Access {
  /** This device may write: what it receives, what it reads from the other side. */
  LOCAL_WRITE,
  /** The other side may write. */
  REMOTE_WRITE,
  /** The other side may read. */
  REMOTE_READ,
  /** The other side may compare and swap, fetch and add. */
  REMOTE_ATOMIC;

  /** As libibverbs calls it: {@code IBV_ACCESS_REMOTE_WRITE}. */
  @Override
  public String toString() {
    return "IBV_ACCESS_" + name();
  }
}
