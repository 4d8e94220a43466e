package weft.transport;

import static weft.units.Units.bytes;

import java.util.Map;
import weft.units.Check;
import weft.units.DataSize;

/**
 * InfiniBand within one subnet: links that send only what the next buffer has room for, so nothing
 * is dropped and no switch need mark; congestion spreads backwards instead.
 *
 * <p>A packet carries {@link #OVERHEAD} more than its payload: LRH 8, BTH 12, ICRC 4, VCRC 2; there
 * is no preamble and no gap. An acknowledgement adds an AETH of 4. Switches route adaptively where
 * the experiment says so (the load balancing {@code Adaptive}), and receivers place packets in
 * whatever order they come.
 *
 * @param mtu payload of a full packet: 256, 512, 1024, 2048 or 4096 bytes
 * @param framing sizes on the wire
 * @param control how queue pairs choose their rate
 * @param credits room at each input
 * @param timeoutExponent as of {@link RoceV2}
 * @param retryCount as of {@link RoceV2}
 */
public record InfiniBand(
    DataSize mtu,
    Framing framing,
    CongestionControl control,
    Credits credits,
    int timeoutExponent,
    int retryCount)
    implements Transport {
  /** Bytes a packet adds to its payload on the wire. */
  public static final int OVERHEAD = 26;

  /** Local routing: a RETH of 16 B, acknowledgements with an AETH of 4 B. */
  public static final Framing LOCAL =
      new Framing(OVERHEAD, RoceV2.RETH, OVERHEAD + 4, OVERHEAD + 16);

  /** Between subnets: a GRH of 40 B more. */
  public static final Framing GLOBAL =
      new Framing(OVERHEAD + 40, RoceV2.RETH, OVERHEAD + 44, OVERHEAD + 56);

  /**
   * @throws IllegalArgumentException if a value is not one that InfiniBand allows
   */
  public InfiniBand {
    Check.notNull("InfiniBand's mtu", mtu, "write for example bytes(4096)");
    Check.notNull("InfiniBand's framing", framing, "write InfiniBand.LOCAL");
    Check.notNull("InfiniBand's control", control, "write CongestionControl.none()");
    Check.notNull("InfiniBand's credits", credits, "write Credits.enough()");
    Rdma.checkMtu("InfiniBand", mtu);
    Rdma.checkRetries(timeoutExponent, retryCount);
  }

  /**
   * MTU 4096, credits that keep cables busy, no congestion control besides them, timeout 14 (67
   * ms), 7 retries.
   */
  public static InfiniBand defaults() {
    return new InfiniBand(bytes(4096), LOCAL, CongestionControl.none(), Credits.enough(), 14, 7);
  }

  /** With another path MTU. */
  public InfiniBand mtu(DataSize payload) {
    Check.notNull("an MTU", payload, "write for example bytes(4096)");
    return new InfiniBand(payload, framing, control, credits, timeoutExponent, retryCount);
  }

  /** With other sizes on the wire: {@link #GLOBAL}, or {@link Framing#of}. */
  public InfiniBand framing(Framing sizes) {
    return new InfiniBand(mtu, sizes, control, credits, timeoutExponent, retryCount);
  }

  /** With congestion control besides credits; switches still mark nothing. */
  public InfiniBand control(CongestionControl what) {
    return new InfiniBand(mtu, framing, what, credits, timeoutExponent, retryCount);
  }

  /** With other room at each input. */
  public InfiniBand credits(Credits room) {
    return new InfiniBand(mtu, framing, control, room, timeoutExponent, retryCount);
  }

  @Override
  public Headers headers() {
    if (framing.equals(GLOBAL)) {
      return Headers.INFINIBAND_GLOBAL;
    }
    return framing.equals(LOCAL)
        ? Headers.INFINIBAND
        : Headers.given("InfiniBand", framing, Headers.Reach.SUBNET);
  }

  /** Nothing is marked. */
  @Override
  public Red marking() {
    return Red.never();
  }

  @Override
  public LinkControl link() {
    return credits;
  }

  @Override
  public Recovery recovery() {
    return RoceV2.Reception.DIRECT_DATA_PLACEMENT.recovery(
        Rdma.timeout(timeoutExponent), retryCount);
  }

  @Override
  public Map<String, String> facts() {
    return Rdma.facts(this, RoceV2.Reception.DIRECT_DATA_PLACEMENT, timeoutExponent, retryCount);
  }

  @Override
  public String toString() {
    boolean alone = control.signals().isEmpty();
    return "InfiniBand, MTU %d B%s%s%s"
        .formatted(
            mtu.bytes(),
            alone ? "" : ", " + control,
            Rdma.unusual(credits, Credits.enough()),
            Rdma.unusual(framing, LOCAL));
  }
}
