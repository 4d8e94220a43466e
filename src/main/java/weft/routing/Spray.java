package weft.routing;

/** Packet spraying: each packet draws its port at random, whatever flow it belongs to. */
public record Spray() implements LoadBalancing {
  /** A uniform draw for each packet at each switch. */
  public static Spray perPacket() {
    return new Spray();
  }

  @Override
  public PortSelector open(SwitchView here) {
    return (packet, n) -> here.random(n);
  }

  @Override
  public String toString() {
    return "per-packet spray";
  }
}
