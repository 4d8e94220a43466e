package weft.capture;

/** IPv4 or IPv6. */
public sealed interface InternetHeader extends Header permits Ipv4, Ipv6 {
  /** The sender. */
  Ip source();

  /** The receiver. */
  Ip destination();

  /** The differentiated services code point, 0 to 63. */
  int dscp();

  /** The congestion mark. */
  Ecn ecn();
}
