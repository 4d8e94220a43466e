package weft.routing;

/** Packet spraying: each packet draws its port at random, whatever flow it belongs to. */
public record Spray() implements LoadBalancing {
  /** A uniform draw for each packet at each switch, from the stream {@code "spray"}. */
  public static Spray perPacket() {
    return new Spray();
  }

  @Override
  public String toString() {
    return "per-packet spray";
  }
}
