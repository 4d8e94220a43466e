package weft.engine.packet;

/** Hears of the wake-ups asked for with {@link PacketEngine#at}. */
@FunctionalInterface
public interface WakeUpListener {
  /**
   * The time has come.
   *
   * @param token what was given to {@link PacketEngine#at}
   * @param timePs picoseconds
   */
  void wokeUp(int token, long timePs);
}
