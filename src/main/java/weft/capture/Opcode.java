package weft.capture;

import java.util.List;
import java.util.Locale;

/**
 * What a base transport header announces: the transport in its upper three bits, the operation and
 * the packet's place in its message in the lower five (InfiniBand Architecture volume 1, 9.2.1).
 */
public enum Opcode {
  RC_SEND_FIRST(0x00),
  RC_SEND_MIDDLE(0x01),
  RC_SEND_LAST(0x02),
  RC_SEND_LAST_WITH_IMMEDIATE(0x03, ImmediateData.class),
  RC_SEND_ONLY(0x04),
  RC_SEND_ONLY_WITH_IMMEDIATE(0x05, ImmediateData.class),
  RC_RDMA_WRITE_FIRST(0x06, Reth.class),
  RC_RDMA_WRITE_MIDDLE(0x07),
  RC_RDMA_WRITE_LAST(0x08),
  RC_RDMA_WRITE_LAST_WITH_IMMEDIATE(0x09, ImmediateData.class),
  RC_RDMA_WRITE_ONLY(0x0A, Reth.class),
  RC_RDMA_WRITE_ONLY_WITH_IMMEDIATE(0x0B, Reth.class, ImmediateData.class),
  RC_RDMA_READ_REQUEST(0x0C, Reth.class),
  RC_RDMA_READ_RESPONSE_FIRST(0x0D, Aeth.class),
  RC_RDMA_READ_RESPONSE_MIDDLE(0x0E),
  RC_RDMA_READ_RESPONSE_LAST(0x0F, Aeth.class),
  RC_RDMA_READ_RESPONSE_ONLY(0x10, Aeth.class),
  RC_ACKNOWLEDGE(0x11, Aeth.class),
  RC_ATOMIC_ACKNOWLEDGE(0x12, Aeth.class, AtomicAckEth.class),
  RC_COMPARE_SWAP(0x13, AtomicEth.class),
  RC_FETCH_ADD(0x14, AtomicEth.class),
  UC_SEND_FIRST(0x20),
  UC_SEND_MIDDLE(0x21),
  UC_SEND_LAST(0x22),
  UC_SEND_LAST_WITH_IMMEDIATE(0x23, ImmediateData.class),
  UC_SEND_ONLY(0x24),
  UC_SEND_ONLY_WITH_IMMEDIATE(0x25, ImmediateData.class),
  UC_RDMA_WRITE_FIRST(0x26, Reth.class),
  UC_RDMA_WRITE_MIDDLE(0x27),
  UC_RDMA_WRITE_LAST(0x28),
  UC_RDMA_WRITE_LAST_WITH_IMMEDIATE(0x29, ImmediateData.class),
  UC_RDMA_WRITE_ONLY(0x2A, Reth.class),
  UC_RDMA_WRITE_ONLY_WITH_IMMEDIATE(0x2B, Reth.class, ImmediateData.class),
  UD_SEND_ONLY(0x64, Deth.class),
  UD_SEND_ONLY_WITH_IMMEDIATE(0x65, Deth.class, ImmediateData.class),
  /** RoCEv2's congestion notification packet (Annex A17). */
  CNP(0x81, CnpReserved.class);

  private final int code;

  @SuppressWarnings("ImmutableEnumChecker") // List.of does not change
  private final List<Class<? extends Header>> extensions;

  @SafeVarargs
  @SuppressWarnings("varargs")
  Opcode(int code, Class<? extends Header>... extensions) {
    this.code = code;
    this.extensions = List.of(extensions);
  }

  /** The byte on the wire. */
  public int code() {
    return code;
  }

  /** The extended headers that follow, in their order. */
  public List<Class<? extends Header>> extensions() {
    return extensions;
  }

  /** Whether it answers a request. */
  public boolean isResponse() {
    return code >= RC_RDMA_READ_RESPONSE_FIRST.code && code <= RC_ATOMIC_ACKNOWLEDGE.code;
  }

  /** For example {@code RC RDMA WRITE FIRST}. */
  @Override
  public String toString() {
    return name().replace('_', ' ').toUpperCase(Locale.ROOT);
  }
}
