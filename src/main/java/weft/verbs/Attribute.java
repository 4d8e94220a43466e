package weft.verbs;

import java.util.EnumSet;
import java.util.Set;

/** What {@code ibv_modify_qp} wants to know of a queue pair. */
public enum Attribute {
  PKEY_INDEX("pkeyIndex(0)"),
  PORT("port(1)"),
  ACCESS_FLAGS("access(REMOTE_READ, REMOTE_WRITE)"),
  QKEY("qkey(0x11111111)"),
  AV("to(lab.b())"),
  PATH_MTU("pathMtu(4096)"),
  DEST_QPN("destination(other.number())"),
  RQ_PSN("receivePsn(0)"),
  MAX_DEST_RD_ATOMIC("maxDestReadAtomic(16)"),
  MIN_RNR_TIMER("minRnrTimer(12)"),
  SQ_PSN("sendPsn(0)"),
  MAX_QP_RD_ATOMIC("maxReadAtomic(16)"),
  RETRY_CNT("retryCount(7)"),
  RNR_RETRY("rnrRetry(7)"),
  TIMEOUT("timeout(14)");

  private final String example;

  Attribute(String example) {
    this.example = example;
  }

  String example() {
    return example;
  }

  /**
   * What a queue pair must be given to enter a state, as {@code ibv_modify_qp(3)} lists it; the
   * state itself, which is always given, is not in the list.
   */
  public static Set<Attribute> required(QpType type, QpState state) {
    return switch (state) {
      case INIT -> EnumSet.of(PKEY_INDEX, PORT, type == QpType.UD ? QKEY : ACCESS_FLAGS);
      case RTR ->
          switch (type) {
            case RC ->
                EnumSet.of(AV, PATH_MTU, DEST_QPN, RQ_PSN, MAX_DEST_RD_ATOMIC, MIN_RNR_TIMER);
            case UC -> EnumSet.of(AV, PATH_MTU, DEST_QPN, RQ_PSN);
            case UD -> EnumSet.noneOf(Attribute.class);
          };
      case RTS ->
          type == QpType.RC
              ? EnumSet.of(SQ_PSN, MAX_QP_RD_ATOMIC, RETRY_CNT, RNR_RETRY, TIMEOUT)
              : EnumSet.of(SQ_PSN);
      case RESET, ERR -> EnumSet.noneOf(Attribute.class);
    };
  }
}
