package weft.verbs;

import java.util.EnumSet;
import java.util.Set;

/** What a work request asks for ({@code enum ibv_wr_opcode}), and what a receive turned out as. */
public enum Operation {
  SEND(EnumSet.allOf(QpType.class)),
  SEND_WITH_IMM(EnumSet.allOf(QpType.class)),
  RDMA_WRITE(EnumSet.of(QpType.UC, QpType.RC)),
  RDMA_WRITE_WITH_IMM(EnumSet.of(QpType.UC, QpType.RC)),
  RDMA_READ(EnumSet.of(QpType.RC)),
  ATOMIC_CMP_AND_SWP(EnumSet.of(QpType.RC)),
  ATOMIC_FETCH_AND_ADD(EnumSet.of(QpType.RC)),
  /** A receive that a SEND filled. */
  RECV(EnumSet.noneOf(QpType.class)),
  /** A receive that a WRITE with immediate data took; its buffer stays as it was. */
  RECV_RDMA_WITH_IMM(EnumSet.noneOf(QpType.class));

  @SuppressWarnings("ImmutableEnumChecker") // never changed, never handed out
  private final Set<QpType> types;

  Operation(Set<QpType> types) {
    this.types = types;
  }

  /** Whether a queue pair of this type may ask for it. */
  public boolean isSupportedBy(QpType type) {
    return types.contains(type);
  }

  /** Whether an answer with data comes back. */
  boolean reads() {
    return this == RDMA_READ || isAtomic();
  }

  boolean isAtomic() {
    return this == ATOMIC_CMP_AND_SWP || this == ATOMIC_FETCH_AND_ADD;
  }

  boolean isWrite() {
    return this == RDMA_WRITE || this == RDMA_WRITE_WITH_IMM;
  }

  boolean hasImmediate() {
    return this == SEND_WITH_IMM || this == RDMA_WRITE_WITH_IMM;
  }

  String types() {
    return types.toString();
  }
}
