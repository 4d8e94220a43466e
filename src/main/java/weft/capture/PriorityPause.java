package weft.capture;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import weft.units.Check;

/**
 * The MAC control message of priority-based flow control (IEEE 802.1Qbb): EtherType 0x8808, opcode
 * 0x0101, the classes it speaks of, and for each how long to be silent.
 *
 * @param classes bit c set: it speaks of class c
 * @param quanta eight numbers, the pause of each class in units of 512 bit times, 0 to 65,535
 */
public record PriorityPause(int classes, List<Integer> quanta) implements Header {
  /** The longest pause there is. */
  public static final int LONGEST = 65_535;

  private static final int OPCODE = 0x0101;

  /**
   * @throws IllegalArgumentException if there are not eight pauses, or one is out of range
   */
  public PriorityPause {
    Check.index("class vector", classes, 256);
    Check.notNull("pauses", quanta, "write PriorityPause.of(3, 65535)");
    if (quanta.size() != 8) {
      throw new IllegalArgumentException(
          "a pause frame has eight times, one a class, but was given %d: write PriorityPause.of(3, 65535)"
              .formatted(quanta.size()));
    }
    for (int time : quanta) {
      Check.index("pause in quanta", time, LONGEST + 1);
    }
    quanta = List.copyOf(quanta);
  }

  /** That one class be silent for so many quanta; 0 lets it go on. */
  public static PriorityPause of(int trafficClass, int quanta) {
    Check.index("traffic class", trafficClass, 8);
    var times = new ArrayList<Integer>();
    for (int c = 0; c < 8; c++) {
      times.add(c == trafficClass ? quanta : 0);
    }
    return new PriorityPause(1 << trafficClass, times);
  }

  /** This frame, from a port to whoever is at the other end of its link. */
  public Frame from(Mac port) {
    return Frame.of(new Ethernet(port, Mac.PAUSE), this);
  }

  @Override
  public String title() {
    return "PFC";
  }

  @Override
  public int bytes() {
    return 20;
  }

  @Override
  public List<Field> fields() {
    var fields = new ArrayList<Field>();
    fields.add(Field.hex("opcode", 4, OPCODE));
    fields.add(Field.hex("class vector", 4, classes));
    for (int c = 0; c < 8; c++) {
      if ((classes >> c & 1) != 0) {
        fields.add(Field.of("pause of class " + c + " (quanta)", quanta.get(c)));
      }
    }
    return List.copyOf(fields);
  }

  @Override
  public void put(ByteBuffer to, Inside inside) {
    to.putShort((short) OPCODE).putShort((short) classes);
    for (int time : quanta) {
      to.putShort((short) time);
    }
  }
}
