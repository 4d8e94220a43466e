package weft.fabric;

import weft.units.DataSize;

/** When a switch begins to forward a packet. */
public enum Forwarding {
  /** Once its last bit is in. */
  STORE_AND_FORWARD("store and forward"),

  /**
   * Once its headers, {@link #HEADERS}, are in, so that a path costs one packet's time and not one
   * a hop. What comes in slower than some port of the switch sends is stored all the same: else a
   * packet would overtake its own last bit (Kermani and Kleinrock, Computer Networks 1979).
   */
  CUT_THROUGH("cut-through");

  /** Preamble, Ethernet, IP, UDP and the transport's own header. */
  public static final DataSize HEADERS = new DataSize(64);

  private final String words;

  Forwarding(String words) {
    this.words = words;
  }

  @Override
  public String toString() {
    return words;
  }
}
