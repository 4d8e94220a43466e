package weft.transport;

import static weft.units.Units.bytes;

import java.util.Optional;
import java.util.Set;
import weft.report.Digits;
import weft.units.Check;

/**
 * RCCC, receiver credit congestion control of Ultra Ethernet: a receiver grants its NIC's rate to
 * its senders in turn, so that an incast shares it without a queue; what is congested before the
 * last hop it does not see.
 *
 * <p>A sender begins with one bandwidth-delay product of credit that nobody has granted, and sends
 * at line rate while it has some.
 *
 * @param grants how a receiver grants
 */
public record Rccc(Credit grants) implements CongestionControl {
  /**
   * @throws IllegalArgumentException if the grants are missing
   */
  public Rccc {
    Check.notNull("RCCC's grants", grants, "begin with Rccc.defaults()");
  }

  /**
   * Grants of 4096 B at 0.99 of the NIC's rate (the UEC transport group's simulator, {@code
   * UecPullPacer}: just below line rate).
   */
  public static Rccc defaults() {
    return new Rccc(new Credit(bytes(4096), 0.99));
  }

  @Override
  public Controller open(Connection connection) {
    return new Sender(connection);
  }

  @Override
  public Set<Signal> signals() {
    return Set.of();
  }

  @Override
  public Optional<Credit> credit() {
    return Optional.of(grants);
  }

  @Override
  public String parameters() {
    return "RCCC, grants of %s at %s of the NIC's rate"
        .formatted(grants.grant(), Digits.of(grants.share()));
  }

  @Override
  public String toString() {
    return "RCCC";
  }

  private static final class Sender implements Controller {
    private final double line; // bit/s
    private long granted; // bytes since the queue pair was opened
    private long acknowledged;

    Sender(Connection connection) {
      line = connection.nic().bitsPerSecond();
      granted = connection.bandwidthDelay().bytes();
    }

    @Override
    public double bitsPerSecond() {
      return line;
    }

    @Override
    public long windowBytes() {
      return granted - acknowledged;
    }

    @Override
    public void onAcknowledgement(Acknowledgement ack) {
      acknowledged = ack.acknowledgedBytes();
    }

    @Override
    public void onCredit(long nowPs, long bytes) {
      granted += bytes;
    }
  }
}
