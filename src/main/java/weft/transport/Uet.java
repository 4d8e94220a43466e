package weft.transport;

import static weft.units.Units.bytes;
import static weft.units.Units.us;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import weft.transport.Recovery.Repeat;
import weft.units.Check;
import weft.units.DataSize;
import weft.units.Time;

/**
 * Ultra Ethernet transport, 1.0: reliable delivery that does not need the network's order, so each
 * packet may take a path of its own.
 *
 * <p>A packet carries {@link #OVERHEAD} more than its payload (IPv4: preamble 8, Ethernet 14, IP
 * 20, UDP 8, packet delivery 12, semantics 44, FCS 4, gap 12); acknowledgements, NACKs and trimmed
 * packets are smallest frames, 84 B (64 B in the UEC transport group's simulator, which counts no
 * preamble and gap).
 *
 * <ul>
 *   <li>Unordered delivery (RUD): a message is complete when all its packets are there, whatever
 *       has become of others. A trimmed packet is asked for at once; one that vanished goes again
 *       after the timeout.
 *   <li>Ordered delivery (ROD): one path, and go-back-N at a gap.
 * </ul>
 *
 * @param mtu payload of a full packet, from 256 to 8192 bytes
 * @param framing sizes on the wire
 * @param control how connections choose their window: {@link Nscc}, {@link Rccc}, any other
 * @param marking where switches set the ECN mark
 * @param link what switches do about full buffers
 * @param entropy which paths packets take; {@code null} for ordered delivery
 * @param timeout how long a packet may be unacknowledged
 * @param retries timeouts in a row after which a connection gives up
 * @param linkRetry whether links repair their own bit errors (LLR)
 */
public record Uet(
    DataSize mtu,
    Framing framing,
    CongestionControl control,
    Red marking,
    LinkControl link,
    @Nullable Entropy entropy,
    Time timeout,
    int retries,
    boolean linkRetry)
    implements Transport {
  /** Bytes a packet adds to its payload on the wire, preamble and inter-frame gap included. */
  public static final int OVERHEAD = 122;

  /** UDP over IPv4, without a VLAN tag. */
  public static final Framing IPV4 = new Framing(OVERHEAD, 0, 84, 84);

  private static final int LEAST_MTU = 256;
  private static final int MOST_MTU = 8192;
  private static final int RETRIES = 16;
  private static final Time USUAL_TIMEOUT = us(100);

  /**
   * @throws IllegalArgumentException if something is missing or out of range
   */
  public Uet {
    Check.notNull("UET's mtu", mtu, "write for example bytes(4096)");
    Check.notNull("UET's framing", framing, "write Uet.IPV4");
    Check.notNull("UET's control", control, "write Nscc.trimming()");
    Check.notNull("UET's marking", marking, "write Nscc.trimming().marking()");
    Check.notNull("UET's link control", link, "write LinkControl.trim()");
    Check.notNull("UET's timeout", timeout, "write for example us(100)");
    Check.atLeast(0, "UET's retries", retries, "16 are enough to outlast a reroute");
    if (mtu.bytes() < LEAST_MTU || mtu.bytes() > MOST_MTU) {
      throw new IllegalArgumentException(
          "UET's payload has from %d to %d bytes, but was %d: write for example bytes(4096)"
              .formatted(LEAST_MTU, MOST_MTU, mtu.bytes()));
    }
    if (timeout.ps() <= 0) {
      throw new IllegalArgumentException(
          "UET's timeout must be above 0, but was %s: write for example us(100)"
              .formatted(timeout));
    }
  }

  /**
   * RUD with NSCC, REPS and trimming; MTU 4096; a timeout of 100 us (the least of the UEC transport
   * group's simulator, {@code DEFAULT_UEC_RTO_MIN}); links do not retry.
   */
  public static Uet defaults() {
    return with(Nscc.trimming());
  }

  /** As {@link #defaults()}, with this congestion control and its marking. */
  public static Uet with(CongestionControl control) {
    Check.notNull("UET's control", control, "write Nscc.trimming() or Rccc.defaults()");
    return new Uet(
        bytes(4096),
        IPV4,
        control,
        control.marking(),
        LinkControl.trim(),
        Entropy.recycled(),
        USUAL_TIMEOUT,
        RETRIES,
        false);
  }

  /** With another congestion control, and the marking that goes with it. */
  public Uet under(CongestionControl algorithm) {
    Check.notNull("UET's control", algorithm, "write under(Nscc.trimming())");
    return new Uet(
        mtu, framing, algorithm, algorithm.marking(), link, entropy, timeout, retries, linkRetry);
  }

  /** Ordered delivery (ROD), on one path. */
  public Uet ordered() {
    return new Uet(mtu, framing, control, marking, link, null, timeout, retries, linkRetry);
  }

  /** Unordered delivery (RUD) with these entropy values. */
  public Uet spraying(Entropy values) {
    Check.notNull("entropy values", values, "write for example Entropy.random()");
    return new Uet(mtu, framing, control, marking, link, values, timeout, retries, linkRetry);
  }

  /** With switches that do this about full buffers: trim, drop, pause or give credit (CBFC). */
  public Uet link(LinkControl what) {
    return new Uet(mtu, framing, control, marking, what, entropy, timeout, retries, linkRetry);
  }

  /**
   * With links that send what bit errors destroyed again themselves, after their own round trip.
   */
  public Uet retryingLinks() {
    return new Uet(mtu, framing, control, marking, link, entropy, timeout, retries, true);
  }

  /** With another payload. */
  public Uet mtu(DataSize payload) {
    return new Uet(payload, framing, control, marking, link, entropy, timeout, retries, linkRetry);
  }

  /** With other sizes on the wire. */
  public Uet framing(Framing sizes) {
    return new Uet(mtu, sizes, control, marking, link, entropy, timeout, retries, linkRetry);
  }

  /** With another marking profile. */
  public Uet marking(Red profile) {
    return new Uet(mtu, framing, control, profile, link, entropy, timeout, retries, linkRetry);
  }

  /** With another timeout. */
  public Uet timeout(Time time) {
    return new Uet(mtu, framing, control, marking, link, entropy, time, retries, linkRetry);
  }

  @Override
  public Headers headers() {
    return framing.equals(IPV4) ? Headers.UET : Headers.given("UET", framing, Headers.Reach.ROUTED);
  }

  @Override
  public Recovery recovery() {
    return entropy == null
        ? Recovery.fixed(Repeat.GO_BACK_N, 1, true, timeout, retries)
        : Recovery.fixed(Repeat.SELECTIVE, Recovery.ANY_ORDER, false, timeout, retries);
  }

  @Override
  public Optional<Entropy> spraying() {
    return Optional.ofNullable(entropy);
  }

  @Override
  public boolean retriesOnLinks() {
    return linkRetry;
  }

  @Override
  public Map<String, String> facts() {
    Map<String, String> facts = Rdma.facts(this);
    facts.put("delivery", entropy == null ? "ordered (ROD)" : "unordered (RUD)");
    facts.put("timeout", timeout.toString());
    facts.put("retries", String.valueOf(retries));
    facts.put("link-level retry", linkRetry ? "yes" : "no");
    return facts;
  }

  @Override
  public boolean grantsCredit() {
    return true;
  }

  @Override
  public String toString() {
    return "UET, %s, MTU %d B, %s%s%s%s%s%s%s"
        .formatted(
            entropy == null ? "ROD" : "RUD",
            mtu.bytes(),
            control,
            Rdma.unusual(link, LinkControl.trim()),
            entropy == null ? "" : Rdma.unusual(entropy, Entropy.recycled()),
            linkRetry ? ", link retry" : "",
            Rdma.unusual(timeout, USUAL_TIMEOUT),
            Rdma.unusual(marking, control.marking()),
            Rdma.unusual(framing, IPV4));
  }
}
