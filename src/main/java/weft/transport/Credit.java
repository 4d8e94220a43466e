package weft.transport;

import weft.units.Check;
import weft.units.DataSize;

/**
 * How a receiver grants credit: one grant after the other to the senders that have asked for more,
 * in turn, at a share of its NIC's rate, so that together they send what it can take.
 *
 * @param grant payload bytes of one grant
 * @param share of the NIC's rate that is granted, in (0, 1]
 */
public record Credit(DataSize grant, double share) {
  /**
   * @throws IllegalArgumentException if the grant is empty or the share outside (0, 1]
   */
  public Credit {
    Check.notNull("a credit's grant", grant, "write for example bytes(4096)");
    Ranges.positive("a credit's grant in bytes", (double) grant.bytes(), "one packet is usual");
    Ranges.share("the granted share of a NIC", share, "just below 1 is usual");
  }
}
