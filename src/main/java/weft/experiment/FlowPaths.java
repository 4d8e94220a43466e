package weft.experiment;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import weft.engine.packet.PacketEngine;
import weft.fabric.Fabric;
import weft.fabric.Link;
import weft.routing.LoadBalancing.Granularity;
import weft.routing.QueuePairSplit;
import weft.routing.Routes;
import weft.transport.Transport;

/**
 * The ports that the bytes between two GPUs take, for engines without packets: those of the
 * packets' own queue pairs where load balancing is by flow, otherwise all shortest paths in even
 * shares.
 */
final class FlowPaths {
  private final Fabric fabric;
  private final PacketEngine packets; // idle: it knows the paths
  private final QueuePairSplit split;
  private final boolean isFixed;
  private final Routes routes;
  private final double answer; // bytes of an acknowledgement for a byte of data
  private final int packetBytes;

  /**
   * What a flow takes.
   *
   * @param ports that its bytes and their acknowledgements leave by
   * @param parts by port, wire bytes for each byte of its own
   * @param latencyPs of its last bit, switches' latency included
   * @param hopPsPerByte what a byte takes to be sent at all hops after the first, ps
   */
  @SuppressWarnings("ArrayRecordComponent") // inside this package, never compared
  record Way(int[] ports, double[] parts, long latencyPs, double hopPsPerByte) {}

  FlowPaths(Setup setup, PacketEngine packets) {
    Transport transport = setup.experiment.transport();
    this.fabric = setup.fabric;
    this.packets = packets;
    this.split = setup.experiment.balancing.queuePairs();
    this.isFixed =
        setup.experiment.balancing.granularity() == Granularity.FLOW
            && transport.spraying().isEmpty();
    this.routes = Routes.of(fabric);
    this.packetBytes = (int) (transport.mtu().bytes() + transport.onTheWire().data());
    this.answer = (double) transport.onTheWire().acknowledgement() / packetBytes;
  }

  int packetBytes() {
    return packetBytes;
  }

  Way of(int source, int destination) {
    Map<Integer, Double> parts = new TreeMap<>();
    int queuePair = packets.connect(source, destination);
    int[] way = packets.way(queuePair, true);
    if (isFixed) {
      addLanes(parts, source, destination, queuePair);
    } else {
      spread(parts, source, destination, 1);
      spread(parts, destination, source, answer);
    }
    return new Way(
        parts.keySet().stream().mapToInt(Integer::intValue).toArray(),
        parts.values().stream().mapToDouble(Double::doubleValue).toArray(),
        latency(way),
        hopPsPerByte(way));
  }

  private void addLanes(Map<Integer, Double> parts, int source, int destination, int first) {
    double share = 1.0 / split.count();
    for (int lane = 0; lane < split.count(); lane++) {
      int queuePair = lane == 0 ? first : packets.connect(source, destination);
      for (int port : packets.way(queuePair, true)) {
        parts.merge(port, share, Double::sum);
      }
      for (int port : packets.way(queuePair, false)) {
        parts.merge(port, share * answer, Double::sum);
      }
    }
  }

  /** Each node deals what reaches it evenly to the ports that lead on. */
  private void spread(Map<Integer, Double> parts, int source, int destination, double amount) {
    Map<Integer, Double> here = new LinkedHashMap<>(Map.of(fabric.node(source), amount));
    while (!here.isEmpty()) {
      Map<Integer, Double> next = new LinkedHashMap<>();
      here.forEach(
          (node, share) -> {
            int set = routes.towards(node, destination);
            int count = routes.count(set);
            for (int i = 0; i < count; i++) {
              int port = routes.port(set, i);
              parts.merge(port, share / count, Double::sum);
              if (!routes.isAt(routes.endOf(port), destination)) {
                next.merge(routes.endOf(port), share / count, Double::sum);
              }
            }
          });
      here = next;
    }
  }

  private long latency(int[] way) {
    long ps = 0;
    for (int i = 0; i < way.length; i++) {
      ps += link(way[i]).delay().ps();
      ps += i == 0 ? 0 : fabric.latencyOf(start(way[i])).ps();
    }
    return ps;
  }

  private double hopPsPerByte(int[] way) {
    double ps = 0;
    for (int i = 1; i < way.length; i++) {
      ps += 8e12 / link(way[i]).rate().bitsPerSecond();
    }
    return ps;
  }

  private Link link(int port) {
    return fabric.links().get(port >> 1);
  }

  private int start(int port) {
    return (port & 1) == 0 ? link(port).a() : link(port).b();
  }
}
