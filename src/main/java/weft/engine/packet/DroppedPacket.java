package weft.engine.packet;

/**
 * A packet that did not get past a port, as its headers were.
 *
 * @param timePs when, ps
 * @param port the port it was to leave by, or left by before it was lost
 * @param ingress the port, as the engine counts them, that leads to where it came from; {@link
 *     #NO_PORT} where that is not known
 * @param reason why
 * @param queuePair its queue pair
 * @param psn its number
 * @param kind what it was
 * @param wireBytes its size, preamble and gap included
 * @param isMarked whether it bore the ECN mark
 * @param queueBytes data that waited at the port then, bytes
 */
public record DroppedPacket(
    long timePs,
    int port,
    int ingress,
    Reason reason,
    int queuePair,
    int psn,
    PacketLog.Kind kind,
    int wireBytes,
    boolean isMarked,
    long queueBytes) {
  /** In place of a port that is not known. */
  public static final int NO_PORT = -1;

  /** Why a packet did not get past. */
  public enum Reason {
    /** The switch that drops when full had no buffer for it. */
    BUFFER_FULL(0, "buffer full"),
    /** It came after a pause, and the headroom was full. */
    HEADROOM_FULL(1, "headroom full"),
    /** The buffer was full, and its headers went on. */
    TRIMMED(2, "trimmed"),
    /** The cable destroyed it. */
    LOST_ON_CABLE(3, "lost on the cable"),
    /** The port had been paused for longer than its PFC watchdog allows. */
    PAUSED_TOO_LONG(4, "paused too long"),
    /** The queue has a longest of its own, which its cable was drawn with. */
    QUEUE_FULL(5, "queue full");

    private static final Reason[] BY_CODE = {
      BUFFER_FULL, HEADROOM_FULL, TRIMMED, LOST_ON_CABLE, PAUSED_TOO_LONG, QUEUE_FULL
    };

    private final int code;
    private final String words;

    Reason(int code, String words) {
      this.code = code;
      this.words = words;
    }

    int code() {
      return code;
    }

    static Reason of(int code) {
      return BY_CODE[code];
    }

    @Override
    public String toString() {
      return words;
    }
  }
}
