package weft.experiment;

import java.util.ArrayList;
import java.util.List;
import weft.capture.Ecn;
import weft.capture.Ethernet;
import weft.capture.Frame;
import weft.capture.Grh;
import weft.capture.Header;
import weft.capture.Ipv4;
import weft.capture.Ipv6;
import weft.capture.Station;
import weft.capture.Udp;
import weft.capture.Vlan;
import weft.transport.Headers;
import weft.transport.RoceV1;
import weft.transport.RoceV2;
import weft.transport.Transport;

/**
 * What a transport of RDMA over Ethernet puts around its BTH.
 *
 * @param network what routes a packet
 * @param tagged whether frames have an 802.1Q tag, which tells their priority to switches that look
 *     no deeper
 */
record Envelope(Network network, boolean tagged) {
  /** What stands between Ethernet and the BTH. */
  enum Network {
    GRH,
    IPV4,
    IPV6
  }

  /**
   * Of one packet on one link.
   *
   * @param ethernet the two ends of the link
   * @param from the sender
   * @param to the receiver
   * @param priority 0 to 7
   * @param dscp 0 to 63
   * @param ecn the mark
   * @param ttl links that it may still cross
   * @param sourcePort of UDP
   */
  record Address(
      Ethernet ethernet,
      Station from,
      Station to,
      int priority,
      int dscp,
      Ecn ecn,
      int ttl,
      int sourcePort) {}

  /**
   * That of this transport; IPv4 without a tag if its sizes are only given as numbers.
   *
   * @throws IllegalArgumentException if it is not RoCE, or packets carry more than captures show
   */
  static Envelope of(Transport transport) {
    boolean plain = transport.onTheWire().equals(transport.framing());
    if (plain && transport instanceof RoceV1) {
      return new Envelope(Network.GRH, has(transport, "802.1Q"));
    }
    if (plain && transport instanceof RoceV2) {
      return new Envelope(
          has(transport, "IPv6") ? Network.IPV6 : Network.IPV4, has(transport, "802.1Q"));
    }
    throw new IllegalArgumentException(
        "captures are made of RoCEv1 and RoCEv2 frames without in-band telemetry, but the transport is %s: leave capturing(...) out, or run over RoceV2 with for example Dcqcn.defaults()"
            .formatted(transport));
  }

  private static boolean has(Transport transport, String header) {
    return transport.headers().parts().stream().map(Headers.Part::name).anyMatch(header::equals);
  }

  /** A frame with these headers inside. */
  Frame around(Address address, Header... inside) {
    var headers = new ArrayList<Header>(List.of(address.ethernet));
    if (tagged) {
      headers.add(new Vlan(address.priority, 0));
    }
    switch (network) {
      case GRH -> headers.add(Grh.between(address.from, address.to));
      case IPV4 -> {
        var ip = Ipv4.between(address.from, address.to);
        headers.add(ip.dscp(address.dscp).ecn(address.ecn).ttl(address.ttl));
        headers.add(Udp.roce(address.sourcePort));
      }
      case IPV6 -> {
        var ip = Ipv6.between(address.from, address.to);
        headers.add(ip.dscp(address.dscp).ecn(address.ecn).hopLimit(address.ttl));
        headers.add(Udp.roce(address.sourcePort));
      }
    }
    headers.addAll(List.of(inside));
    return Frame.of(headers.toArray(Header[]::new));
  }
}
