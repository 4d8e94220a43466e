package weft.fabric;

import static weft.units.Units.bytes;
import static weft.units.Units.mib;
import static weft.units.Units.ns;

import java.util.LinkedHashMap;
import java.util.Map;
import weft.units.Check;
import weft.units.DataSize;
import weft.units.Time;

/**
 * What all switches of a fabric are like that have nothing of their own.
 *
 * @param buffer shared packet buffer
 * @param cell what the buffer is handed out in
 * @param latency from what {@code forwarding} waits for to the first bit out of an idle switch
 */
record SwitchHardware(DataSize buffer, DataSize cell, Time latency, Forwarding forwarding) {
  private static final int MOST_CELL = 1 << 16;
  private static final long MOST_LATENCY_PS = 1_000_000_000_000L;

  static final SwitchHardware DEFAULT =
      new SwitchHardware(mib(64), bytes(1), ns(500), Forwarding.STORE_AND_FORWARD);

  SwitchHardware withBuffer(DataSize size) {
    Check.notNull("buffer", size, "write for example mib(64)");
    return new SwitchHardware(size, cell, latency, forwarding);
  }

  SwitchHardware withCell(DataSize size) {
    Check.notNull("bufferCell", size, "write for example bytes(256)");
    if (size.bytes() < 1 || size.bytes() > MOST_CELL) {
      throw new IllegalArgumentException(
          "a buffer's cell has from 1 B to %d B, but bufferCell was %s: write for example bytes(256)"
              .formatted(MOST_CELL, size));
    }
    return new SwitchHardware(buffer, size, latency, forwarding);
  }

  SwitchHardware withLatency(Time time) {
    Check.notNull("switchLatency", time, "write for example ns(500)");
    checkLatency(time);
    return new SwitchHardware(buffer, cell, time, forwarding);
  }

  static void checkLatency(Time time) {
    if (time.ps() > MOST_LATENCY_PS) {
      throw new IllegalArgumentException(
          "a switch's latency is at most 1 s, but switchLatency was %s: write for example ns(500)"
              .formatted(time));
    }
  }

  SwitchHardware with(Forwarding other) {
    return new SwitchHardware(buffer, cell, latency, other);
  }

  /** For tables and provenance: what every fabric says, and what is unusual. */
  Map<String, String> facts() {
    var facts = new LinkedHashMap<String, String>();
    facts.put("buffer of a switch", buffer.toString());
    if (cell.bytes() > 1) {
      facts.put("cell of a buffer", cell.toString());
    }
    facts.put("latency of a switch", latency.toString());
    if (forwarding != Forwarding.STORE_AND_FORWARD) {
      facts.put("switches forward by", forwarding.toString());
    }
    return facts;
  }

  @Override
  public String toString() {
    return "buffer %s%s, switchLatency %s%s"
        .formatted(
            buffer,
            cell.bytes() > 1 ? ", bufferCell " + cell : "",
            latency,
            forwarding == Forwarding.CUT_THROUGH ? ", cutThrough" : "");
  }
}
