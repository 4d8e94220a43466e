package weft.verbs;

/** A posted request and the packets it takes. */
final class SendWork {
  private final WorkRequest request;
  private final long first;
  private final long last;
  private long acknowledged; // packets, from its first
  private long arrived; // packets of data that a read brought back

  SendWork(WorkRequest request, long first, int mtu) {
    int length = request.operation().isAtomic() ? 0 : request.local().length();
    this.request = request;
    this.first = first;
    this.last = first + Math.max(0, (length - 1) / mtu);
  }

  WorkRequest request() {
    return request;
  }

  /** Its first PSN. */
  long first() {
    return first;
  }

  /** Its last; a read uses a PSN for each packet of its answer. */
  long last() {
    return last;
  }

  long acknowledged() {
    return acknowledged;
  }

  void acknowledged(long packets) {
    acknowledged = packets;
  }

  long arrived() {
    return arrived;
  }

  void arrived(long packets) {
    arrived = packets;
  }
}
