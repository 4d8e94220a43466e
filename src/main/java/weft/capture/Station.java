package weft.capture;

import weft.units.Check;

/**
 * The addresses of a port, by a plan that needs no table: a reader can tell from an address who it
 * is.
 *
 * <p>GPU g of server s has the MAC address {@code 02:00:00:SS:SS:GG} and the IPv4 address {@code
 * 10.S.S.G}, both with g + 1, because .0 names a network, and {@code fd00:0:0:s::g+1}. Port p of
 * switch n has the MAC address {@code 06:NN:NN:NN:PP:PP}. Both kinds of MAC are locally
 * administered.
 *
 * @param mac its Ethernet address
 * @param v4 its IPv4 address
 * @param v6 its IPv6 address, which is also its GID in RoCEv1
 */
public record Station(Mac mac, Ip v4, Ip v6) {
  private static final int SERVERS = 1 << 16;
  private static final int GPUS = 254;
  private static final long UNIQUE_LOCAL = 0xFD00L << 48;

  /**
   * @throws IllegalArgumentException if an address is missing or of the other IP version
   */
  public Station {
    Check.notNull("a station's MAC", mac, "write new Mac(0x020000000001L)");
    Check.notNull("a station's IPv4 address", v4, "write Ip.v4(10, 0, 0, 1)");
    Check.notNull("a station's IPv6 address", v6, "write Ip.v6(high, low)");
    if (v4.isV6() || !v6.isV6()) {
      throw new IllegalArgumentException(
          "a station has an IPv4 and then an IPv6 address, but was given %s and %s: swap them"
              .formatted(v4, v6));
    }
  }

  /**
   * The NIC of a GPU.
   *
   * @param server from 0, below 65,536
   * @param gpu its place in the server, from 0, below 254
   */
  public static Station gpu(int server, int gpu) {
    Check.index("server", server, SERVERS);
    Check.index("GPU in a server", gpu, GPUS);
    int host = gpu + 1;
    return new Station(
        new Mac(0x02L << 40 | (long) server << 8 | host),
        Ip.v4(10, server >> 8, server & 255, host),
        Ip.v6(UNIQUE_LOCAL | server, host));
  }

  /**
   * A port of a switch, which has addresses of its own only for pause frames.
   *
   * @param node the switch's number in its fabric, below 2^24
   * @param port below 2^16
   */
  public static Mac switchPort(int node, int port) {
    Check.index("switch", node, 1 << 24);
    Check.index("port of a switch", port, 1 << 16);
    return new Mac(0x06L << 40 | (long) node << 16 | port);
  }

  /** The address of the version asked for. */
  public Ip ip(boolean version6) {
    return version6 ? v6 : v4;
  }
}
