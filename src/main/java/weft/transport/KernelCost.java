package weft.transport;

import static weft.units.Units.mb;
import static weft.units.Units.ns;
import static weft.units.Units.us;

import weft.report.Digits;
import weft.units.Check;
import weft.units.DataSize;
import weft.units.Rate;
import weft.units.Time;

/**
 * What a kernel's network stack costs: one core works for each connection at each end, a packet at
 * a time.
 *
 * <p>A packet of {@code b} payload bytes takes {@code perPacket + b × perByte}, at the sender
 * before the next may leave, at the receiver before it counts as received and is acknowledged. A
 * receiver that has nothing to do sleeps, and needs {@link #wakeUp} from a packet's arrival until
 * its core begins. Acknowledgements cost the sender nothing.
 *
 * @param perPacket protocol processing, buffers, locks
 * @param nsPerByte copying, ns a byte, at least 0
 * @param wakeUp interrupt and scheduling
 * @param receiveBuffer what may lie unread at a receiver: the largest window it advertises
 */
public record KernelCost(Time perPacket, double nsPerByte, Time wakeUp, DataSize receiveBuffer) {
  /**
   * @throws IllegalArgumentException if something is missing or negative
   */
  public KernelCost {
    Check.notNull("the cost of a packet", perPacket, "write for example ns(870)");
    Check.notNull("the wake-up time", wakeUp, "write for example us(5)");
    Check.notNull("the receive buffer", receiveBuffer, "write for example mib(6)");
    if (!(nsPerByte >= 0) || Double.isInfinite(nsPerByte)) {
      throw new IllegalArgumentException(
          "the cost of a byte is 0 ns or more, but was %s: 0.1 is that of copying at 10 GB/s"
              .formatted(nsPerByte));
    }
    if (receiveBuffer.bytes() < 1) {
      throw new IllegalArgumentException(
          "a receive buffer holds at least one packet, but was 0 B: Linux has 6 MB");
    }
  }

  /**
   * Linux with all offloads and 9000-byte frames: 42 Gb/s a core, about half of it spent on copying
   * (Cai et al., Understanding Host Network Stack Overheads, SIGCOMM 2021, section 3.1): 852 ns a
   * packet and 0.0952 ns a byte. 5 us from interrupt to running thread; a receive buffer of 6 MB
   * (Linux, {@code net.ipv4.tcp_rmem}).
   */
  public static KernelCost linux() {
    return new KernelCost(ns(852), 0.0952, us(5), mb(6));
  }

  /** A core's time for a packet, ps. */
  public long ps(int payload) {
    return perPacket.ps() + Math.round(payload * nsPerByte * 1e3);
  }

  /** What one core can carry in packets of this payload. */
  public Rate most(DataSize payload) {
    Check.notNull("a packet's payload", payload, "write for example bytes(8948)");
    return new Rate(Math.round(payload.bytes() * 8e12 / ps((int) payload.bytes())));
  }

  @Override
  public String toString() {
    return "a core takes %s a packet and %s ns a byte, wakes up in %s"
        .formatted(perPacket, Digits.of(nsPerByte), wakeUp);
  }
}
