package weft.transport;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.report.Numbers;
import weft.report.Tabular;
import weft.units.Check;
import weft.units.DataSize;

/**
 * What a transport adds to the payload of a packet in the middle of its message, from the outside
 * in, and which devices can forward it: {@code RoceV2.lossless(Dcqcn.defaults()).headers()}.
 *
 * @param name the transport and what it runs over
 * @param parts from the outside in, each side of the payload
 * @param reach who can forward it
 */
public record Headers(String name, List<Part> parts, Reach reach) implements Tabular {

  /** Who reads a header. */
  public enum Layer {
    /** The two ends of a cable. */
    LINK,
    /**
     * Whoever forwards beyond one link's network. UDP is here: routers hash its source port, and
     * its destination port only says that RDMA is inside.
     */
    NETWORK,
    /** The receiving adapter. */
    TRANSPORT;

    @Override
    public String toString() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** What can forward a packet. */
  public enum Reach {
    /** Ethernet switches that bridge; it ends at the first router. */
    BROADCAST_DOMAIN("Ethernet switches, no router"),
    /** Any IP router. */
    ROUTED("IP routers"),
    /** InfiniBand switches, up to the subnet's edge. */
    SUBNET("InfiniBand switches, no router"),
    /** InfiniBand routers too. */
    SUBNETS("InfiniBand routers");

    private final String words;

    Reach(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }
  }

  /**
   * A header or a trailer.
   *
   * @param name what the field calls it
   * @param bytes its size on the wire
   * @param layer who reads it
   * @param tells what it is for
   */
  public record Part(String name, int bytes, Layer layer, String tells) {
    /**
     * @throws IllegalArgumentException if its size is not above 0
     */
    public Part {
      Check.notNull("a header's name", name, "write for example \"BTH\"");
      Check.atLeast(1, "a header's bytes", bytes, "a BTH has 12 B");
      Check.notNull("a header's layer", layer, "write Headers.Layer.TRANSPORT");
      Check.notNull("what a header tells", tells, "write \"\" for nothing");
    }
  }

  private static final Part PREAMBLE = link("preamble", 8, "a frame begins");
  private static final Part ETHERNET = link("Ethernet", 14, "MAC addresses of this link, type");
  private static final Part TAG = link("802.1Q", 4, "priority, VLAN");
  private static final Part FCS = link("FCS", 4, "check of the frame, new on each link");
  private static final Part GAP = link("inter-frame gap", 12, "silence");
  private static final Part IPV4 = network("IPv4", 20, "addresses, DSCP, ECN, time to live");
  private static final Part IPV6 = network("IPv6", 40, "addresses, DSCP, ECN, hop limit");
  private static final Part UDP = network("UDP", 8, "source port to hash, destination port");
  private static final Part GRH = network("GRH", 40, "GIDs, which only InfiniBand routers read");
  private static final Part BTH = end("BTH", 12, "operation, queue pair, PSN");
  private static final Part ICRC = end("ICRC", 4, "check of all that no router changes");

  static final Headers ROCE_V1 =
      ethernet("RoCEv1", Reach.BROADCAST_DOMAIN, List.of(GRH, BTH), List.of(ICRC));
  static final Headers ROCE_V2 =
      ethernet("RoCEv2, IPv4", Reach.ROUTED, List.of(IPV4, UDP, BTH), List.of(ICRC));
  static final Headers ROCE_V2_IPV6 =
      ethernet("RoCEv2, IPv6", Reach.ROUTED, List.of(IPV6, UDP, BTH), List.of(ICRC));
  static final Headers UET =
      ethernet(
          "UET, IPv4",
          Reach.ROUTED,
          List.of(
              IPV4,
              UDP,
              end("PDS", 12, "kind, PSN, delivery context"),
              end("SES", 44, "operation, message, job, buffer")),
          List.of());
  static final Headers TCP =
      ethernet(
          "TCP, IPv4",
          Reach.ROUTED,
          List.of(
              IPV4,
              end("TCP", 20, "ports, sequence, acknowledgement"),
              end("timestamps", 12, "round trip times")),
          List.of());
  static final Headers INFINIBAND = infiniBand("InfiniBand", Reach.SUBNET, List.of(BTH));
  static final Headers INFINIBAND_GLOBAL =
      infiniBand("InfiniBand with GRH", Reach.SUBNETS, List.of(GRH, BTH));

  /** Copies the list. */
  public Headers {
    Check.notNull("headers' name", name, "write for example \"RoCEv2\"");
    Check.notNull("who forwards it", reach, "write Headers.Reach.ROUTED");
    parts = List.copyOf(Check.notNull("the headers", parts, "use transport.headers()"));
  }

  private static Part link(String name, int bytes, String tells) {
    return new Part(name, bytes, Layer.LINK, tells);
  }

  private static Part network(String name, int bytes, String tells) {
    return new Part(name, bytes, Layer.NETWORK, tells);
  }

  private static Part end(String name, int bytes, String tells) {
    return new Part(name, bytes, Layer.TRANSPORT, tells);
  }

  private static Headers ethernet(String name, Reach reach, List<Part> inner, List<Part> trailer) {
    var parts = new ArrayList<>(List.of(PREAMBLE, ETHERNET));
    parts.addAll(inner);
    parts.addAll(trailer);
    parts.addAll(List.of(FCS, GAP));
    return new Headers(name, parts, reach);
  }

  /** Those of Ethernet, with a tag behind the MAC addresses. */
  Headers tagged() {
    var tagged = new ArrayList<>(parts);
    tagged.add(parts.indexOf(ETHERNET) + 1, TAG);
    return new Headers(name + ", tagged", tagged, reach);
  }

  private static Headers infiniBand(String name, Reach reach, List<Part> inner) {
    var parts = new ArrayList<>(List.of(link("LRH", 8, "local identifiers, virtual lane")));
    parts.addAll(inner);
    parts.addAll(List.of(ICRC, link("VCRC", 2, "check of the packet, new on each link")));
    return new Headers(name, parts, reach);
  }

  /** Those of sizes that were only given as numbers. */
  static Headers given(String name, Framing framing, Reach reach) {
    List<Part> all =
        framing.data() == 0
            ? List.of()
            : List.of(end("all headers", framing.data(), "given as one number"));
    return new Headers(name, all, reach);
  }

  /** All headers together, bytes. */
  public int bytes() {
    return parts.stream().mapToInt(Part::bytes).sum();
  }

  /** Headers that this layer reads, bytes. */
  public int bytes(Layer layer) {
    return parts.stream().filter(part -> part.layer() == layer).mapToInt(Part::bytes).sum();
  }

  /** The payload's share of a packet on the wire, from 0 to 1. */
  public double payloadShare(DataSize payload) {
    Check.notNull("a payload", payload, "write for example bytes(4096)");
    return (double) payload.bytes() / (payload.bytes() + bytes());
  }

  /** A row a header. */
  @Override
  public Table table() {
    return Table.create(
        "%s: %d B of headers a packet".formatted(name, bytes()),
        StringColumn.create("header", parts.stream().map(Part::name).toList()),
        IntColumn.create("size (B)", parts.stream().mapToInt(Part::bytes).toArray()),
        StringColumn.create("layer", parts.stream().map(p -> p.layer().toString()).toList()),
        StringColumn.create("tells", parts.stream().map(Part::tells).toList()));
  }

  /**
   * Transports beside each other, a row each: bytes of headers by layer, an acknowledgement, the
   * payload's share of a full packet, and who forwards it.
   */
  public static Table compare(Transport... transports) {
    Check.noneNull("transports", transports, "write Uet.defaults() or Tcp.cubic()");
    List<Headers> rows = Arrays.stream(transports).map(Transport::headers).toList();
    return Table.create(
        "Headers of a packet",
        StringColumn.create("transport", rows.stream().map(Headers::name).toList()),
        LongColumn.create(
            "payload (B)", Arrays.stream(transports).mapToLong(t -> t.mtu().bytes()).toArray()),
        ints("link (B)", rows, h -> h.bytes(Layer.LINK)),
        ints("network (B)", rows, h -> h.bytes(Layer.NETWORK)),
        ints("transport (B)", rows, h -> h.bytes(Layer.TRANSPORT)),
        ints("together (B)", rows, Headers::bytes),
        IntColumn.create(
            "ACK (B)",
            Arrays.stream(transports).mapToInt(t -> t.framing().acknowledgement()).toArray()),
        Numbers.column(
            "goodput (%)",
            Arrays.stream(transports)
                .mapToDouble(t -> 100 * t.headers().payloadShare(t.mtu()))
                .toArray()),
        StringColumn.create("forwarded by", rows.stream().map(h -> h.reach().toString()).toList()));
  }

  private static IntColumn ints(String title, List<Headers> rows, ToIntFunction<Headers> value) {
    return IntColumn.create(title, rows.stream().mapToInt(value).toArray());
  }

  @Override
  public String toString() {
    return "%s: %d B of headers a packet, forwarded by %s".formatted(name, bytes(), reach);
  }
}
