package weft.transport;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import weft.fabric.Fabric;
import weft.units.DataSize;

/**
 * What carries bytes between GPUs: headers, what is done about loss, congestion and full buffers.
 * {@link RoceV2}, {@link RoceV1}, {@link InfiniBand}, {@link Uet} and {@link Tcp} differ in these
 * answers and in nothing else, so that runs over them can be laid beside each other.
 */
public sealed interface Transport permits RoceV2, RoceV1, InfiniBand, Uet, Tcp {
  /** Payload of a full packet. */
  DataSize mtu();

  /** Sizes on the wire. */
  Framing framing();

  /** What a packet carries besides its payload, header by header, and who can forward it. */
  Headers headers();

  /** How much a connection sends. */
  CongestionControl control();

  /** Where switches set the ECN mark. */
  Red marking();

  /** What switches do about full buffers. */
  LinkControl link();

  /** How what was lost is found and sent again. */
  Recovery recovery();

  /**
   * Which path each packet takes where the sender says so; empty where a connection has one value
   * for all its packets.
   */
  default Optional<Entropy> spraying() {
    return Optional.empty();
  }

  /** Whether links repair their own bit errors, see {@link Uet#linkRetry()}. */
  default boolean retriesOnLinks() {
    return false;
  }

  /** What a kernel's network stack costs; empty where NICs do everything. */
  default Optional<KernelCost> kernel() {
    return Optional.empty();
  }

  /** What is needed to set it up again, for provenance. */
  Map<String, String> facts();

  /** Whether receivers grant senders credit. */
  default boolean grantsCredit() {
    return false;
  }

  /**
   * Sizes on the wire with what congestion control adds: telemetry of five hops takes 42 B in every
   * packet and comes back in every acknowledgement (Li et al., HPCC, SIGCOMM 2019, section 4.1).
   */
  default Framing onTheWire() {
    boolean telemetry = control().signals().contains(CongestionControl.Signal.TELEMETRY);
    return telemetry ? framing().with(42) : framing();
  }

  /**
   * Checks that packets carry what the congestion control listens to.
   *
   * @throws IllegalArgumentException if it needs credit that nobody grants
   */
  default void checkControl() {
    if (control().credit().isPresent() && !grantsCredit()) {
      throw new IllegalArgumentException(
          "%s's receivers grant no credit, which %s needs: run it over Uet, or choose for example Dcqcn.defaults() or Swift.defaults()"
              .formatted(toString().split(",", 2)[0], control()));
    }
  }

  /**
   * Checks that a fabric can carry it.
   *
   * @param talking groups of GPUs that talk among themselves
   * @throws IllegalArgumentException if a switch's buffer is smaller than a packet, or the
   *     transport does not reach from one GPU to another
   */
  default void check(Fabric fabric, List<int[]> talking) {
    long largest = BufferCells.of(fabric.bufferCell(), this).room(onTheWire().largest(mtu()));
    for (int n = 0; n < fabric.nodes().size(); n++) {
      if (fabric.bufferOf(n).bytes() < largest) {
        throw new IllegalArgumentException(
            "a switch's buffer holds at least one packet of %d B, but was %d B: raise the fabric's buffer or lower the MTU"
                .formatted(largest, fabric.bufferOf(n).bytes()));
      }
    }
  }
}
