package weft.engine.packet;

/** Hears of messages as they become complete at their receiver. */
@FunctionalInterface
public interface DeliveryListener {
  /**
   * The receiver has the message's last byte, and all bytes of its queue pair before it.
   *
   * @param message the number that {@link PacketEngine#send} gave
   * @param timePs picoseconds
   */
  void delivered(int message, long timePs);
}
