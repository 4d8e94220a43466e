package weft.verbs;

import java.util.Arrays;
import java.util.EnumSet;
import weft.units.Check;
import weft.units.DataSize;

/**
 * What may be used together: a queue pair reaches the memory regions of its own protection domain
 * and no others ({@code struct ibv_pd}).
 */
public final class ProtectionDomain {
  private static final int MOST = 16 << 20;
  private static final int DEPTH = 128;

  private final Device device;
  private final int number;

  ProtectionDomain(Device device, int number) {
    this.device = device;
    this.number = number;
  }

  /** The device it is of. */
  public Device device() {
    return device;
  }

  /**
   * Registers new memory, all zeros: {@code ibv_reg_mr}.
   *
   * @param size 1 byte to 16 MiB
   * @param access what may be done to it
   * @throws IllegalArgumentException if the other side may write what this side may not
   */
  public MemoryRegion register(DataSize size, Access... access) {
    Check.notNull("a size", size, "write register(kib(64), Access.LOCAL_WRITE)");
    Check.noneNull("access flags", access, "write Access.LOCAL_WRITE");
    if (size.bytes() < 1 || size.bytes() > MOST) {
      throw new IllegalArgumentException(
          "a memory region of the lab has 1 B to 16 MiB, but was given %s: register several"
              .formatted(size));
    }
    var flags = EnumSet.noneOf(Access.class);
    flags.addAll(Arrays.asList(access));
    for (Access remote : EnumSet.of(Access.REMOTE_WRITE, Access.REMOTE_ATOMIC)) {
      if (flags.contains(remote) && !flags.contains(Access.LOCAL_WRITE)) {
        throw new IllegalArgumentException(
            "%s needs LOCAL_WRITE, but only %s was given (ibv_reg_mr fails with EINVAL): add Access.LOCAL_WRITE"
                .formatted(remote.name(), flags));
      }
    }
    return device.register(this, (int) size.bytes(), flags);
  }

  /** A queue pair with one completion queue, 128 work requests deep each way. */
  public QueuePair queuePair(QpType type, CompletionQueue completions) {
    return queuePair(type, completions, completions, DEPTH);
  }

  /**
   * A queue pair in the state RESET: {@code ibv_create_qp}. Every work request completes ({@code
   * sq_sig_all}).
   *
   * @param depth how many work requests it holds each way
   */
  public QueuePair queuePair(
      QpType type, CompletionQueue sends, CompletionQueue receives, int depth) {
    Check.notNull("the type", type, "write QpType.RC");
    Check.notNull("the completion queue of sends", sends, "write device.completionQueue()");
    Check.notNull("the completion queue of receives", receives, "write device.completionQueue()");
    Check.atLeast(1, "the depth", depth, "128 is usual");
    return device.create(this, type, sends, receives, depth);
  }

  @Override
  public String toString() {
    return "protection domain %d of device %s".formatted(number, device.name());
  }
}
