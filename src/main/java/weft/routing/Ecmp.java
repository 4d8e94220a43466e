package weft.routing;

/**
 * Equal-cost multipath: a hash of the 5-tuple picks the port, so a flow keeps its path. Each switch
 * hashes with its own seed. Of RoCEv2's 5-tuple only the addresses and the UDP source port vary,
 * and a queue pair has one source port.
 */
public record Ecmp() implements LoadBalancing {
  /** Hash of source and destination address, protocol, source and destination port. */
  public static Ecmp fiveTuple() {
    return new Ecmp();
  }

  @Override
  public PortSelector open(SwitchView here) {
    long seed = here.hashSeed();
    return (packet, n) -> packet.hash(seed, n);
  }

  @Override
  public Granularity granularity() {
    return Granularity.FLOW;
  }

  @Override
  public String toString() {
    return "5-tuple ECMP";
  }
}
