package weft.transport;

import static weft.units.Units.bytes;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import weft.fabric.Fabric;
import weft.fabric.Link;
import weft.fabric.Node;
import weft.transport.CongestionControl.Signal;
import weft.units.Check;
import weft.units.DataSize;

/**
 * RDMA over converged Ethernet, version 1: InfiniBand's packets in Ethernet frames of type 0x8915,
 * without IP. So no router forwards them: both ends are in one broadcast domain. And no switch can
 * mark them, since ECN is two bits of the IP header: only pause frames and delay hold a sender
 * back.
 *
 * <p>A packet carries {@link #OVERHEAD} more than its payload: preamble 8, Ethernet 14, GRH 40, BTH
 * 12, ICRC 4, FCS 4, gap 12.
 *
 * <p>A fabric's leaves (tier 1) bridge; what is above them routes, as in any leaf-spine of today,
 * unless the reader says that the whole fabric is {@link #oneBroadcastDomain() one broadcast
 * domain}.
 *
 * @param mtu payload of a full packet: 256, 512, 1024, 2048 or 4096 bytes
 * @param framing sizes on the wire
 * @param control how queue pairs choose their rate; one that needs marks is refused
 * @param pfc pause frames
 * @param bridged whether the switches above the leaves bridge too
 * @param timeoutExponent as of {@link RoceV2}
 * @param retryCount as of {@link RoceV2}
 */
public record RoceV1(
    DataSize mtu,
    Framing framing,
    CongestionControl control,
    Pfc pfc,
    boolean bridged,
    int timeoutExponent,
    int retryCount)
    implements Transport {
  /** Bytes a packet adds to its payload on the wire, preamble and inter-frame gap included. */
  public static final int OVERHEAD = 94;

  /** Without a VLAN tag: a RETH of 16 B, acknowledgements with an AETH of 4 B. */
  public static final Framing ETHERNET =
      new Framing(OVERHEAD, RoceV2.RETH, OVERHEAD + 4, OVERHEAD + 16);

  /** Behind an 802.1Q tag of 4 B, where alone RoCEv1 has a priority that switches see. */
  public static final Framing TAGGED = ETHERNET.with(4);

  /**
   * @throws IllegalArgumentException if a value is not one that RoCE allows, or congestion control
   *     listens to ECN marks alone
   */
  public RoceV1 {
    Check.notNull("RoCE's mtu", mtu, "write for example bytes(4096)");
    Check.notNull("RoCE's framing", framing, "write RoceV1.ETHERNET");
    Check.notNull("RoCE's control", control, "write CongestionControl.none()");
    Check.notNull("RoCEv1's pause frames", pfc, "write Pfc.dynamic()");
    Rdma.checkMtu("RoCE", mtu);
    Rdma.checkRetries(timeoutExponent, retryCount);
    Set<Signal> signals = control.signals();
    if (!signals.isEmpty() && !signals.contains(Signal.DELAY)) {
      throw new IllegalArgumentException(
          "%s needs what switches write into IP headers or INT, but RoCEv1 has no IP header: write CongestionControl.none() or Timely.defaults(), or use RoceV2"
              .formatted(control));
    }
  }

  /** MTU 4096, PFC, no congestion control, timeout 14 (67 ms), 7 retries. */
  public static RoceV1 lossless() {
    return lossless(CongestionControl.none());
  }

  /** The same with this congestion control, which must not need marks. */
  public static RoceV1 lossless(CongestionControl control) {
    return new RoceV1(bytes(4096), ETHERNET, control, Pfc.dynamic(), false, 14, 7);
  }

  /** With switches that bridge in all tiers: the whole fabric is one broadcast domain. */
  public RoceV1 oneBroadcastDomain() {
    return new RoceV1(mtu, framing, control, pfc, true, timeoutExponent, retryCount);
  }

  /** With another path MTU. */
  public RoceV1 mtu(DataSize payload) {
    Check.notNull("an MTU", payload, "write for example bytes(4096)");
    return new RoceV1(payload, framing, control, pfc, bridged, timeoutExponent, retryCount);
  }

  /** With other sizes on the wire. */
  public RoceV1 framing(Framing sizes) {
    return new RoceV1(mtu, sizes, control, pfc, bridged, timeoutExponent, retryCount);
  }

  @Override
  public Headers headers() {
    if (framing.equals(TAGGED)) {
      return Headers.ROCE_V1.tagged();
    }
    return framing.equals(ETHERNET)
        ? Headers.ROCE_V1
        : Headers.given("RoCEv1", framing, Headers.Reach.BROADCAST_DOMAIN);
  }

  /** Nothing is marked. */
  @Override
  public Red marking() {
    return Red.never();
  }

  @Override
  public LinkControl link() {
    return pfc;
  }

  @Override
  public Recovery recovery() {
    return RoceV2.Reception.IN_ORDER.recovery(Rdma.timeout(timeoutExponent), retryCount);
  }

  @Override
  public Map<String, String> facts() {
    Map<String, String> facts =
        Rdma.facts(this, RoceV2.Reception.IN_ORDER, timeoutExponent, retryCount);
    facts.put("broadcast domain", bridged ? "the whole fabric" : "each leaf");
    return facts;
  }

  @Override
  public void check(Fabric fabric, List<int[]> talking) {
    Transport.super.check(fabric, talking);
    if (!bridged) {
      int[] domain = domains(fabric);
      talking.forEach(gpus -> checkReach(fabric, domain, gpus));
    }
  }

  private static void checkReach(Fabric fabric, int[] domain, int[] gpus) {
    for (int gpu : gpus) {
      if (domain[fabric.node(gpu)] != domain[fabric.node(gpus[0])]) {
        throw new IllegalArgumentException(
            "RoCEv1 has no IP header, so no router forwards it, but from GPU %d to GPU %d the way leads over switches above the leaves: use RoceV2, put both under one leaf, or say oneBroadcastDomain() if the fabric is one broadcast domain"
                .formatted(gpus[0], gpu));
      }
    }
  }

  /** Of each node the least node that it reaches without a router. */
  private static int[] domains(Fabric fabric) {
    int[] domain = new int[fabric.nodes().size()];
    Arrays.setAll(domain, n -> n);
    boolean changed = true;
    while (changed) {
      changed = false;
      for (Link link : fabric.links()) {
        boolean routed = routes(fabric, link.a()) || routes(fabric, link.b());
        int least = Math.min(domain[link.a()], domain[link.b()]);
        if (!routed && Math.max(domain[link.a()], domain[link.b()]) != least) {
          domain[link.a()] = least;
          domain[link.b()] = least;
          changed = true;
        }
      }
    }
    return domain;
  }

  private static boolean routes(Fabric fabric, int node) {
    Node at = fabric.nodes().get(node);
    return at.role() == Node.Role.SWITCH && at.tier() > 1;
  }

  @Override
  public String toString() {
    return "RoCEv1, %s, MTU %d B, %s%s"
        .formatted(pfc.inName(), mtu.bytes(), control, Rdma.unusual(framing, ETHERNET));
  }
}
