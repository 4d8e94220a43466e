package weft.transport;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import weft.units.Check;
import weft.units.DataSize;
import weft.units.Rate;
import weft.units.Time;

/**
 * Credit-based flow control: each input has a buffer of its own, and a port sends only what it has
 * been told there is room for, so nothing is ever dropped. InfiniBand's is per virtual lane
 * (InfiniBand Architecture Specification, volume 1, section 7.9); data has one lane here, answers
 * another whose room does not run out.
 *
 * <p>What a packet took is given back when its first bit leaves the buffer, by a flow control
 * packet of {@link #UPDATE_WIRE} bytes on the way back.
 *
 * @param perInput room of each input; {@code null} for what keeps its cable busy, see {@link
 *     #enough}
 */
public record Credits(@Nullable DataSize perInput) implements LinkControl {
  /** A flow control packet with its delimiters: 6 B and two symbols. */
  public static final int UPDATE_WIRE = 8;

  /**
   * @throws IllegalArgumentException if an input has no room
   */
  public Credits {
    if (perInput != null && perInput.bytes() < 1) {
      throw new IllegalArgumentException(
          "an input's credits cover at least one packet, but were 0 B: write for example kib(64), or Credits.enough()");
    }
  }

  /** As much as keeps each cable busy. */
  public static Credits enough() {
    return new Credits(null);
  }

  /** So much at each input. */
  public static Credits of(DataSize perInput) {
    Check.notNull("an input's room", perInput, "write for example kib(64), or Credits.enough()");
    return new Credits(perInput);
  }

  /** The room of each input where it was given. */
  public Optional<DataSize> room() {
    return Optional.ofNullable(perInput);
  }

  /**
   * Room of an input that never lets its cable rest: what is sent from a packet's departure until
   * its credit is back, and two packets, since whole ones are sent.
   *
   * @param port the cable's rate
   * @param loop cable both ways and the switch's latency
   * @param wireBytes the longest packet on the wire
   */
  public static long enough(Rate port, Time loop, long wireBytes) {
    Check.notNull("the cable's rate", port, "write for example gbps(400)");
    Check.notNull("the time of the loop", loop, "write for example us(2)");
    Framing.checkPacket(wireBytes);
    double onTheWay = loop.seconds() * port.bitsPerSecond() / 8;
    return (long) Math.ceil(onTheWay) + 3 * wireBytes + 2 * UPDATE_WIRE;
  }

  @Override
  public String toString() {
    return perInput == null ? "credits" : "credits of %s an input".formatted(perInput);
  }
}
