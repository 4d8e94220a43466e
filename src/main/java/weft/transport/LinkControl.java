package weft.transport;

/** What the switches do so that a buffer does not overflow, or when it does. */
public sealed interface LinkControl permits LinkControl.Drop, LinkControl.Trim, Pfc, Credits {
  /** A packet that finds the buffer full is dropped. */
  static LinkControl drop() {
    return new Drop();
  }

  /** A packet that finds the buffer full is cut to its headers, see {@link Trim}. */
  static LinkControl trim() {
    return new Trim(Trim.HEADERS);
  }

  /** See {@link #drop()}. */
  record Drop() implements LinkControl {
    @Override
    public String toString() {
      return "drops when full";
    }
  }

  /**
   * Packet trimming: of a packet that finds the buffer full the headers go on, in the class of
   * acknowledgements, so that the receiver asks for the packet at once (Ultra Ethernet 1.0, section
   * 4.1; first in NDP, Handley et al., SIGCOMM 2017).
   *
   * @param wireBytes what is left of a packet, on the wire, at least 1
   */
  record Trim(int wireBytes) implements LinkControl {
    /** A 64-byte frame, preamble 8, gap 12. */
    static final int HEADERS = 84;

    /**
     * @throws IllegalArgumentException if nothing is left
     */
    public Trim {
      if (wireBytes < 1 || wireBytes > Framing.LONGEST) {
        throw new IllegalArgumentException(
            "a trimmed packet keeps from 1 to %d B, but was given %d B: %d is a smallest Ethernet frame"
                .formatted(Framing.LONGEST, wireBytes, HEADERS));
      }
    }

    @Override
    public String toString() {
      return "trims to %d B when full".formatted(wireBytes);
    }
  }
}
