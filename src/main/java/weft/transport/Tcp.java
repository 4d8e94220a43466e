package weft.transport;

import static weft.units.Units.bytes;
import static weft.units.Units.ms;
import static weft.units.Units.seconds;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import weft.transport.Recovery.Repeat;
import weft.units.Check;
import weft.units.DataSize;
import weft.units.Time;

/**
 * TCP through the kernel, what a cluster without RDMA has: selective acknowledgements, losses found
 * by three later packets that arrived, timeouts by RFC 6298, and a core at each end that works for
 * every packet.
 *
 * <p>A segment carries {@link #OVERHEAD} more than its payload (IPv4: preamble 8, Ethernet 14, IP
 * 20, TCP 20, timestamps 12, FCS 4, gap 12). Every segment is acknowledged; SACK blocks are not
 * counted.
 *
 * @param segment payload of a full segment, from 536 to 8948 bytes
 * @param framing sizes on the wire
 * @param control {@link Cubic}, {@link Dctcp#tcp}, any other
 * @param marking where switches set the ECN mark
 * @param cost what the kernel costs; {@code null} for nothing
 * @param leastTimeout no retransmission timeout is shorter
 */
public record Tcp(
    DataSize segment,
    Framing framing,
    CongestionControl control,
    Red marking,
    @Nullable KernelCost cost,
    Time leastTimeout)
    implements Transport {
  /** Bytes a segment adds to its payload on the wire, preamble and inter-frame gap included. */
  public static final int OVERHEAD = 90;

  /** IPv4 with timestamps, without a VLAN tag. */
  public static final Framing IPV4 = new Framing(OVERHEAD, 0, OVERHEAD, OVERHEAD);

  private static final int LEAST_SEGMENT = 536; // RFC 9293, section 3.7.1
  private static final int MOST_SEGMENT = 8948; // 9000 bytes of IP
  private static final int DUPLICATES = 3; // RFC 5681
  private static final int RETRIES = 15; // Linux, tcp_retries2
  private static final Time MOST_TIMEOUT = seconds(120);

  /**
   * @throws IllegalArgumentException if something is missing or out of range
   */
  public Tcp {
    Check.notNull("TCP's segment", segment, "write bytes(8948) or bytes(1448)");
    Check.notNull("TCP's framing", framing, "write Tcp.IPV4");
    Check.notNull("TCP's control", control, "write Cubic.defaults()");
    Check.notNull("TCP's marking", marking, "write Cubic.defaults().marking()");
    Check.notNull("TCP's least timeout", leastTimeout, "write ms(200)");
    if (segment.bytes() < LEAST_SEGMENT || segment.bytes() > MOST_SEGMENT) {
      throw new IllegalArgumentException(
          "TCP's segment has from %d to %d payload bytes, but was %d: frames of 1500 B leave 1448, of 9000 B 8948"
              .formatted(LEAST_SEGMENT, MOST_SEGMENT, segment.bytes()));
    }
    if (leastTimeout.ps() <= 0 || leastTimeout.compareTo(MOST_TIMEOUT) > 0) {
      throw new IllegalArgumentException(
          "TCP's least timeout is above 0 and at most %s, but was %s: Linux has ms(200)"
              .formatted(MOST_TIMEOUT, leastTimeout));
    }
  }

  /** CUBIC over 9000-byte frames and {@link KernelCost#linux()}, 200 ms least timeout (Linux). */
  public static Tcp cubic() {
    Cubic control = Cubic.defaults();
    return new Tcp(
        bytes(MOST_SEGMENT), IPV4, control, control.marking(), KernelCost.linux(), ms(200));
  }

  /**
   * As {@link #cubic()}, with DCTCP and its marking; 10 ms least timeout (RFC 8257, section 4.1).
   */
  public static Tcp dctcp() {
    Dctcp control = Dctcp.tcp(bytes(MOST_SEGMENT));
    return new Tcp(
        bytes(MOST_SEGMENT), IPV4, control, control.marking(), KernelCost.linux(), ms(10));
  }

  /** With another congestion control and its marking. */
  public Tcp control(CongestionControl what) {
    Check.notNull("TCP's control", what, "write Cubic.defaults()");
    return new Tcp(segment, framing, what, what.marking(), cost, leastTimeout);
  }

  /** With segments of this payload. */
  public Tcp segment(DataSize payload) {
    Check.notNull("TCP's segment", payload, "write bytes(8948) or bytes(1448)");
    return new Tcp(payload, framing, control, marking, cost, leastTimeout);
  }

  /** With other sizes on the wire. */
  public Tcp framing(Framing sizes) {
    return new Tcp(segment, sizes, control, marking, cost, leastTimeout);
  }

  /** With another marking profile. */
  public Tcp marking(Red profile) {
    return new Tcp(segment, framing, control, profile, cost, leastTimeout);
  }

  /** With a kernel of this cost. */
  public Tcp kernel(KernelCost what) {
    Check.notNull("a kernel's cost", what, "write KernelCost.linux()");
    return new Tcp(segment, framing, control, marking, what, leastTimeout);
  }

  /** With hosts that handle packets in no time. */
  public Tcp withoutKernel() {
    return new Tcp(segment, framing, control, marking, null, leastTimeout);
  }

  /** With another least retransmission timeout. */
  public Tcp leastTimeout(Time time) {
    return new Tcp(segment, framing, control, marking, cost, time);
  }

  @Override
  public Headers headers() {
    return framing.equals(IPV4) ? Headers.TCP : Headers.given("TCP", framing, Headers.Reach.ROUTED);
  }

  @Override
  public DataSize mtu() {
    return segment;
  }

  @Override
  public LinkControl link() {
    return LinkControl.drop();
  }

  /** First timeout 1 s, never above 120 s (RFC 6298; Linux, {@code TCP_RTO_MAX}). */
  @Override
  public Recovery recovery() {
    return new Recovery(
        Repeat.SELECTIVE, DUPLICATES, true, seconds(1), leastTimeout, MOST_TIMEOUT, RETRIES);
  }

  @Override
  public Optional<KernelCost> kernel() {
    return Optional.ofNullable(cost);
  }

  @Override
  public Map<String, String> facts() {
    Map<String, String> facts = Rdma.facts(this);
    facts.put("kernel", cost == null ? "costs nothing" : cost.toString());
    facts.put("least timeout", leastTimeout.toString());
    return facts;
  }

  @Override
  public String toString() {
    return "TCP, segments of %d B, %s%s"
        .formatted(segment.bytes(), control, cost == null ? ", free of kernel cost" : "");
  }
}
