package weft.experiment;

import java.util.HashMap;
import java.util.Map;
import weft.capture.Mac;
import weft.capture.Station;
import weft.fabric.Fabric;
import weft.fabric.Node;

/** The addresses of a fabric's GPUs and switch ports, by the plan of {@link Station}. */
final class Stations {
  private final Fabric fabric;
  private final Station[] ofGpu;
  private final Map<Integer, Station> ofNode = new HashMap<>();

  Stations(Fabric fabric) {
    this.fabric = fabric;
    this.ofGpu = new Station[fabric.endpoints()];
    int next = 1 + fabric.nodes().stream().mapToInt(Node::server).max().orElse(Node.NO_SERVER);
    var members = new HashMap<Integer, Integer>();
    for (int gpu = 0; gpu < ofGpu.length; gpu++) {
      int node = fabric.node(gpu);
      int server = fabric.nodes().get(node).server();
      if (server == Node.NO_SERVER) {
        server = next++; // a GPU by itself is a server of one
      }
      int place = members.merge(server, 1, Integer::sum) - 1;
      ofGpu[gpu] = Station.gpu(server, place);
      ofNode.put(node, ofGpu[gpu]);
    }
  }

  Station gpu(int gpu) {
    return ofGpu[gpu];
  }

  /** The Ethernet address of the port by which a node is on a link. */
  Mac port(int node, int link) {
    Station station = ofNode.get(node);
    return station != null
        ? station.mac()
        : Station.switchPort(node, fabric.linksAt(node).indexOf(link));
  }
}
