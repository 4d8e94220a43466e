package weft.collective;

/** A latency by protocol, us. */
record NcclLatency(double ll, double ll128, double simple) {
  double of(NcclProtocol protocol) {
    return switch (protocol) {
      case LL -> ll;
      case LL128 -> ll128;
      case SIMPLE -> simple;
    };
  }
}
