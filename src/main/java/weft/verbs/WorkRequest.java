package weft.verbs;

import org.jspecify.annotations.Nullable;
import weft.units.Check;

/**
 * Something for a queue pair to do: {@code struct ibv_send_wr}, with one piece of local memory.
 *
 * @param operation what
 * @param local where from, or where to for reads and atomics
 * @param remote the place in the other device's memory; {@code null} for sends
 * @param immediate goes into the receiver's completion; 0 where there is none
 * @param swapOrAdd an atomic's number to store or to add
 * @param compare what COMPARE AND SWAP must find
 * @param id comes back in the completion
 * @param to the receiver of a datagram; {@code null} on connections
 */
public record WorkRequest(
    Operation operation,
    LocalBuffer local,
    @Nullable RemoteBuffer remote,
    int immediate,
    long swapOrAdd,
    long compare,
    long id,
    @Nullable Datagram to) {
  static final int ATOMIC_BYTES = 8;

  /**
   * @throws IllegalArgumentException if something is missing, or an atomic's buffer does not have 8
   *     bytes
   */
  public WorkRequest {
    Check.notNull("the operation", operation, "write WorkRequest.send(region.all())");
    Check.notNull("the local buffer", local, "write region.all()");
    if (operation.isAtomic() && local.length() != ATOMIC_BYTES) {
      throw new IllegalArgumentException(
          "an atomic brings back 8 bytes, but its buffer has %d: write region.piece(0, 8)"
              .formatted(local.length()));
    }
  }

  private static WorkRequest of(
      Operation operation, LocalBuffer local, @Nullable RemoteBuffer remote) {
    return new WorkRequest(operation, local, remote, 0, 0, 0, 0, null);
  }

  private static RemoteBuffer checked(RemoteBuffer remote) {
    return Check.notNull("the remote buffer", remote, "write other.remote(0)");
  }

  /** A message into whatever receive the other side posted first. */
  public static WorkRequest send(LocalBuffer from) {
    return of(Operation.SEND, from, null);
  }

  /** A message with 32 bits for the receiver's completion. */
  public static WorkRequest sendWithImmediate(LocalBuffer from, int immediate) {
    return new WorkRequest(Operation.SEND_WITH_IMM, from, null, immediate, 0, 0, 0, null);
  }

  /** Into the other side's memory, which does not notice. */
  public static WorkRequest write(LocalBuffer from, RemoteBuffer to) {
    return of(Operation.RDMA_WRITE, from, checked(to));
  }

  /** Into the other side's memory, and then a completion of its first receive. */
  public static WorkRequest writeWithImmediate(LocalBuffer from, RemoteBuffer to, int immediate) {
    return new WorkRequest(
        Operation.RDMA_WRITE_WITH_IMM, from, checked(to), immediate, 0, 0, 0, null);
  }

  /** Out of the other side's memory, which does not notice. */
  public static WorkRequest read(LocalBuffer into, RemoteBuffer from) {
    return of(Operation.RDMA_READ, into, checked(from));
  }

  /** Adds to eight bytes over there and brings back what was there before. */
  public static WorkRequest fetchAndAdd(LocalBuffer into, RemoteBuffer at, long add) {
    return new WorkRequest(Operation.ATOMIC_FETCH_AND_ADD, into, checked(at), 0, add, 0, 0, null);
  }

  /** Stores {@code swap} if {@code compare} is there, and brings back what was there. */
  public static WorkRequest compareAndSwap(
      LocalBuffer into, RemoteBuffer at, long compare, long swap) {
    return new WorkRequest(
        Operation.ATOMIC_CMP_AND_SWP, into, checked(at), 0, swap, compare, 0, null);
  }

  /** With this number in its completion. */
  public WorkRequest id(long number) {
    return new WorkRequest(operation, local, remote, immediate, swapOrAdd, compare, number, to);
  }

  /** As a datagram to this receiver. */
  public WorkRequest to(Datagram receiver) {
    Check.notNull("the receiver", receiver, "write to(other.address())");
    return new WorkRequest(operation, local, remote, immediate, swapOrAdd, compare, id, receiver);
  }

  RemoteBuffer remoteBuffer() {
    if (remote == null) {
      throw new IllegalStateException(operation + " has no remote buffer");
    }
    return remote;
  }
}
