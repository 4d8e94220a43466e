package weft.capture;

import java.util.List;

/** What carries a base transport header. */
enum Networks {
  IPV4 {
    @Override
    List<Header> headers() {
      return List.of(
          Ethernet.between(Frames.A, Frames.B),
          Ipv4.between(Frames.A, Frames.B).ecn(Ecn.CE).dscp(26).identification(0x1234),
          Udp.roce(49_153));
    }
  },
  IPV4_WITH_VLAN {
    @Override
    List<Header> headers() {
      return List.of(
          Ethernet.between(Frames.A, Frames.B),
          new Vlan(3, 100),
          Ipv4.between(Frames.A, Frames.B).dscp(24),
          Udp.roce(50_000));
    }
  },
  IPV6 {
    @Override
    List<Header> headers() {
      return List.of(
          Ethernet.between(Frames.A, Frames.B),
          Ipv6.between(Frames.A, Frames.B).dscp(26),
          Udp.roce(65_535));
    }
  },
  ROCE_V1 {
    @Override
    List<Header> headers() {
      return List.of(Ethernet.between(Frames.A, Frames.B), Grh.between(Frames.A, Frames.B));
    }
  };

  abstract List<Header> headers();
}
