package weft.engine.packet;

import java.util.stream.IntStream;
import weft.units.Check;

/**
 * Settings of single devices that differ from what the transport asks for, to be made before
 * anything is sent. With them a lossless network may drop packets, and {@code Audit} lets it.
 */
public final class DeviceSettings {
  private final Ports ports;
  private final SharedBuffers buffers;
  private final Marking marking;
  private final boolean[] unprotected; // by GPU
  private boolean hasUnprotected;
  private boolean any;

  DeviceSettings(Ports ports, SharedBuffers buffers, Marking marking, int gpus) {
    this.ports = ports;
    this.buffers = buffers;
    this.marking = marking;
    this.unprotected = new boolean[gpus];
  }

  private IntStream portsOf(int node) {
    return IntStream.range(ports.first[node], ports.first[node + 1]);
  }

  /** A switch neither sends pause frames nor heeds them, and drops when its buffer is full. */
  public void withoutPfc(int node) {
    any = true;
    buffers.dropWhenFull(node);
    portsOf(node).forEach(p -> ports.port[p].ignoresPause = true);
  }

  /** A port, as the outside counts them, goes on sending when it is asked to stop. */
  public void ignorePauses(int port) {
    any = true;
    ports.port[ports.at[port]].ignoresPause = true;
  }

  /**
   * A switch has only a share of the headroom that its cables need.
   *
   * @param share from 0 to 1
   */
  public void headroom(int node, double share) {
    any = true;
    buffers.shrinkHeadroom(node, share);
  }

  /** A switch marks between these thresholds, bytes, at each port. */
  public void markBetween(int node, long kmin, long kmax) {
    any = true;
    portsOf(node).forEach(p -> marking.set(p, kmin, kmax));
  }

  /**
   * Cables destroy packets that leave by a port, pause frames and credits not.
   *
   * @param probability of each packet to be lost, from 0 to below 1
   */
  public void loseAt(int port, double probability) {
    Check.index("port", port, ports.count);
    if (!(probability >= 0 && probability < 1)) {
      throw new IllegalArgumentException(
          "a loss probability lies from 0 to below 1, but was %s: 1e-4 loses one packet in 10,000"
              .formatted(probability));
    }
    ports.port[ports.at[port]].impairment.lossProbability = probability;
    ports.port[ports.at[port]].judge();
  }

  /**
   * A GPU's NIC sends data in a priority that no switch protects: its packets cause no pause, find
   * no headroom, and are dropped where an input has no room of its own left; nor does a pause of
   * the protected priority stop the NIC. At outputs they wait in the same queue as other data.
   */
  public void sendUnprotected(int gpu) {
    any = true;
    hasUnprotected = true;
    unprotected[gpu] = true;
  }

  /** Whether a GPU's data is in a priority that no switch protects. */
  public boolean isUnprotected(int gpu) {
    return hasUnprotected && unprotected[gpu];
  }

  /** Whether a packet is, by the GPU that each queue pair's data comes from. */
  boolean isUnprotected(int[] sources, long owner) {
    return hasUnprotected && unprotected[sources[Packet.queuePair(owner)]];
  }

  /** Whether any device differs. */
  boolean any() {
    return any;
  }
}
