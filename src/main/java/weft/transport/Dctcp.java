package weft.transport;

import static weft.units.Units.gbps;
import static weft.units.Units.kb;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import weft.report.Digits;
import weft.units.Check;
import weft.units.DataSize;

/**
 * DCTCP: a window that shrinks by the share of marked bytes (Alizadeh et al., SIGCOMM 2010; RFC
 * 8257, section 3.3).
 *
 * <ul>
 *   <li>At the end of each window of data: {@code α = (1-g) α + g M}, M the share of its bytes that
 *       were marked; α starts at 1.
 *   <li>At a mark, once in a window: {@code cwnd *= 1 - α/2}; otherwise one packet is added in a
 *       round trip, in slow start one for each acknowledged.
 *   <li>A loss halves the window, a timeout takes it to one packet.
 * </ul>
 *
 * @param g gain, in (0, 1]
 * @param marking a step: nothing marked up to K, everything above
 * @param initialWindow where slow start begins; {@code null} to begin without it, at one
 *     bandwidth-delay product, as RDMA does
 */
public record Dctcp(double g, Red marking, @Nullable DataSize initialWindow)
    implements CongestionControl {
  private static final int FIRST_PACKETS = 10; // RFC 6928

  /**
   * @throws IllegalArgumentException if g is outside (0, 1] or the marking missing
   */
  public Dctcp {
    Ranges.share("DCTCP's gain g", g, "the paper has 1/16");
    Check.notNull("DCTCP's marking", marking, "begin with Dctcp.defaults()");
    if (initialWindow != null && initialWindow.bytes() <= 0) {
      throw new IllegalArgumentException(
          "DCTCP's initial window must be above 0, but was %s: TCP begins with 10 packets (RFC 6928)"
              .formatted(initialWindow));
    }
  }

  /**
   * For RDMA: g 1/16 and a marking threshold of 30 kB for each 10 Gb/s (HPCC authors' simulator,
   * {@code run.py}), beginning at one bandwidth-delay product.
   */
  public static Dctcp defaults() {
    return new Dctcp(1.0 / 16, new Red(kb(30), kb(30), 1, gbps(10)), null);
  }

  /** As {@link #defaults()}, with slow start from 10 packets of this size (RFC 6928). */
  public static Dctcp tcp(DataSize segment) {
    Check.notNull("TCP's segment size", segment, "write for example bytes(1460)");
    Dctcp rdma = defaults();
    return new Dctcp(rdma.g, rdma.marking, new DataSize(FIRST_PACKETS * segment.bytes()));
  }

  @Override
  public Controller open(Connection connection) {
    return new DctcpController(this, connection);
  }

  @Override
  public Set<Signal> signals() {
    return Set.of(Signal.ECN_ECHO);
  }

  @Override
  public String parameters() {
    return "DCTCP, g %s, starting with %s"
        .formatted(
            Digits.of(g), initialWindow == null ? "one bandwidth-delay product" : initialWindow);
  }

  @Override
  public String toString() {
    return "DCTCP (g %s)".formatted(Digits.of(g));
  }
}
