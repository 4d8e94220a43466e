package weft.transport;

import static weft.units.Units.bytes;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import weft.report.Digits;
import weft.transport.Recovery.Repeat;
import weft.units.Check;
import weft.units.DataSize;
import weft.units.Time;

/**
 * RDMA over converged Ethernet, version 2: reliable connections over UDP port 4791, so that routers
 * carry them and set ECN marks.
 *
 * <p>MTU is the payload of one packet; on the wire a packet carries {@link #OVERHEAD} more (IPv4:
 * preamble 8, Ethernet 14, IP 20, UDP 8, BTH 12, ICRC 4, FCS 4, gap 12), its first packet a RETH
 * besides. An acknowledgement takes {@link #ACK_WIRE}, a CNP {@link #CNP_WIRE}.
 *
 * @param mtu payload of a full packet: 256, 512, 1024, 2048 or 4096 bytes
 * @param framing sizes on the wire
 * @param control how queue pairs choose their rate
 * @param marking where switches set the ECN mark
 * @param pfc pause frames, or {@code null} for a network that drops when its buffer is full
 * @param reception what the receiver does with a packet ahead of its turn
 * @param timeoutExponent the verbs attribute {@code timeout}: 4.096 us × 2^timeout without an
 *     acknowledgement and packets are sent again, a queue pair that it happens to again waits up to
 *     twice as long; 1 to 31
 * @param retryCount the verbs attribute {@code retry_cnt}, 0 to 7: timeouts in a row after which a
 *     queue pair gives up with {@code IBV_WC_RETRY_EXC_ERR}
 */
public record RoceV2(
    DataSize mtu,
    Framing framing,
    CongestionControl control,
    Red marking,
    @Nullable Pfc pfc,
    Reception reception,
    int timeoutExponent,
    int retryCount)
    implements Transport {

  /** Bytes a packet adds to its payload on the wire, preamble and inter-frame gap included. */
  public static final int OVERHEAD = 82;

  /** Bytes of the RETH that the first packet of an RDMA WRITE carries besides. */
  public static final int RETH = 16;

  /** An acknowledgement on the wire: 66 B frame, preamble 8, gap 12. */
  public static final int ACK_WIRE = 86;

  /** A congestion notification packet on the wire: 78 B frame, preamble 8, gap 12. */
  public static final int CNP_WIRE = 98;

  /** A pause frame on the wire: 64 B frame, preamble 8, gap 12. */
  public static final int PAUSE_WIRE = 84;

  /** IPv4 without a VLAN tag. */
  public static final Framing IPV4 = new Framing(OVERHEAD, RETH, ACK_WIRE, CNP_WIRE);

  /** IPv6, whose header is 20 bytes longer. */
  public static final Framing IPV6 = new Framing(OVERHEAD + 20, RETH, ACK_WIRE + 20, CNP_WIRE + 20);

  /** IPv4 behind an 802.1Q tag of 4 B, by which switches that look no deeper know the priority. */
  public static final Framing TAGGED = IPV4.with(4);

  /** IPv6 behind an 802.1Q tag. */
  public static final Framing TAGGED_IPV6 = IPV6.with(4);

  private static final Map<Framing, Headers> LAYOUTS =
      Map.of(
          IPV4,
          Headers.ROCE_V2,
          IPV6,
          Headers.ROCE_V2_IPV6,
          TAGGED,
          Headers.ROCE_V2.tagged(),
          TAGGED_IPV6,
          Headers.ROCE_V2_IPV6.tagged());

  private static final int USUAL_TIMEOUT = 14; // 67 ms

  /** What a receiver does with a packet that arrives ahead of its turn. */
  public enum Reception {
    /** Drops it and answers NAK; the sender goes back to the missing packet. */
    IN_ORDER,
    /** Writes it where it belongs; only a timeout makes the sender go back. */
    DIRECT_DATA_PLACEMENT,
    /**
     * Writes it where it belongs and says what has come, so that the sender repeats just what is
     * missing; a packet that was overtaken counts as lost (Mittal et al., Revisiting Network
     * Support for RDMA, SIGCOMM 2018).
     */
    SELECTIVE_REPEAT;

    Recovery recovery(Time timeout, int retries) {
      return switch (this) {
        case IN_ORDER -> Recovery.fixed(Repeat.GO_BACK_N, 1, true, timeout, retries);
        case DIRECT_DATA_PLACEMENT ->
            Recovery.fixed(Repeat.GO_BACK_N_AFTER_TIMEOUT, 1, true, timeout, retries);
        case SELECTIVE_REPEAT -> Recovery.fixed(Repeat.SELECTIVE, 1, true, timeout, retries);
      };
    }

    /** What tells a transport's name from that of the usual. */
    String suffix() {
      return switch (this) {
        case IN_ORDER -> "";
        case DIRECT_DATA_PLACEMENT -> ", direct data placement";
        case SELECTIVE_REPEAT -> ", selective repeat";
      };
    }
  }

  /**
   * @throws IllegalArgumentException if a value is not one that RoCE allows
   */
  public RoceV2 {
    Check.notNull("RoCE's mtu", mtu, "write for example bytes(4096)");
    Check.notNull("RoCE's framing", framing, "write RoceV2.IPV4");
    Check.notNull("RoCE's control", control, "write Dcqcn.defaults() or CongestionControl.none()");
    Check.notNull("RoCE's marking", marking, "write Red.scaled()");
    Check.notNull("RoCE's reception", reception, "write Reception.IN_ORDER");
    Rdma.checkMtu("RoCE", mtu);
    Rdma.checkRetries(timeoutExponent, retryCount);
  }

  /**
   * A lossless network: {@link Pfc#dynamic()}, MTU 4096, marking as the congestion control's source
   * sets it, in-order reception, timeout 14 (67 ms), 7 retries.
   */
  public static RoceV2 lossless(CongestionControl control) {
    return lossy(control).pausing(Pfc.dynamic());
  }

  /** As {@link #lossless}, without pause frames: a full buffer drops. */
  public static RoceV2 lossy(CongestionControl control) {
    Check.notNull("RoCE's control", control, "write Dcqcn.defaults() or CongestionControl.none()");
    return new RoceV2(
        bytes(4096), IPV4, control, control.marking(), null, Reception.IN_ORDER, USUAL_TIMEOUT, 7);
  }

  /** The pause settings, when there are any. */
  public Optional<Pfc> pausing() {
    return Optional.ofNullable(pfc);
  }

  /** With pause frames of these settings. */
  public RoceV2 pausing(Pfc settings) {
    Check.notNull("pausing", settings, "write Pfc.dynamic(), or begin with RoceV2.lossy(...)");
    return new RoceV2(
        mtu, framing, control, marking, settings, reception, timeoutExponent, retryCount);
  }

  /** With another congestion control, and the marking that goes with it. */
  public RoceV2 under(CongestionControl algorithm) {
    Check.notNull("RoCE's control", algorithm, "write under(Dcqcn.defaults())");
    return new RoceV2(
        mtu, framing, algorithm, algorithm.marking(), pfc, reception, timeoutExponent, retryCount);
  }

  /** With another path MTU. */
  public RoceV2 mtu(DataSize payload) {
    Check.notNull("an MTU", payload, "write for example bytes(4096)");
    return new RoceV2(
        payload, framing, control, marking, pfc, reception, timeoutExponent, retryCount);
  }

  /** With other sizes on the wire: {@link #IPV6}, or {@code Framing.of(bytes(64), bytes(64))}. */
  public RoceV2 framing(Framing sizes) {
    return new RoceV2(mtu, sizes, control, marking, pfc, reception, timeoutExponent, retryCount);
  }

  /** With another marking profile. */
  public RoceV2 marking(Red profile) {
    return new RoceV2(mtu, framing, control, profile, pfc, reception, timeoutExponent, retryCount);
  }

  private RoceV2 reception(Reception how) {
    return new RoceV2(mtu, framing, control, marking, pfc, how, timeoutExponent, retryCount);
  }

  /** With receivers that place packets in any order, which packet spraying needs. */
  public RoceV2 directDataPlacement() {
    return reception(Reception.DIRECT_DATA_PLACEMENT);
  }

  /** With senders that repeat just what is missing. */
  public RoceV2 selectiveRepeat() {
    return reception(Reception.SELECTIVE_REPEAT);
  }

  /** With another acknowledgement timeout exponent, 1 to 31. */
  public RoceV2 timeout(int exponent) {
    return new RoceV2(mtu, framing, control, marking, pfc, reception, exponent, retryCount);
  }

  /** The acknowledgement timeout: 4.096 us × 2^timeout. */
  public Time timeout() {
    return Rdma.timeout(timeoutExponent);
  }

  @Override
  public Headers headers() {
    return LAYOUTS.getOrDefault(framing, Headers.given("RoCEv2", framing, Headers.Reach.ROUTED));
  }

  @Override
  public LinkControl link() {
    return pfc == null ? LinkControl.drop() : pfc;
  }

  @Override
  public Recovery recovery() {
    return reception.recovery(timeout(), retryCount);
  }

  @Override
  public Map<String, String> facts() {
    Map<String, String> facts = Rdma.facts(this, reception, timeoutExponent, retryCount);
    facts.remove("full buffers");
    facts.put("PFC", pfc == null ? "none" : "alpha " + Digits.of(pfc.alpha()));
    return facts;
  }

  @Override
  public String toString() {
    return "RoCEv2, %s, MTU %d B, %s%s%s%s%s"
        .formatted(
            pfc == null ? "lossy" : pfc.inName(),
            mtu.bytes(),
            control,
            reception.suffix(),
            timeoutExponent == USUAL_TIMEOUT ? "" : ", timeout " + timeoutExponent,
            Rdma.unusual(marking, control.marking()),
            Rdma.unusual(framing, IPV4));
  }
}
