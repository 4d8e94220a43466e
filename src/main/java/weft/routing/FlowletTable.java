package weft.routing;

import java.util.Arrays;

/**
 * The flowlet table of one switch: for each entry when its last packet came and which port it took.
 * Flows share an entry when their 5-tuples hash alike, as in switches.
 */
final class FlowletTable {
  private static final int NONE = -1;

  private final SwitchView here;
  private final long gapPs;
  private final int entries;
  private long[] last = {}; // made for the first packet: most switches of a large fabric may idle
  private int[] port = {};

  FlowletTable(SwitchView here, long gapPs, int entries) {
    this.here = here;
    this.gapPs = gapPs;
    this.entries = entries;
  }

  /** The candidate that a packet's burst keeps to, or where a new burst goes by the chooser. */
  int choose(PacketView packet, int n, PortSelector chooser) {
    if (last.length == 0) {
      last = new long[entries];
      port = new int[entries];
      Arrays.fill(port, NONE);
    }
    int entry = packet.hash(here.hashSeed(), entries);
    long now = here.nowPs();
    int kept = port[entry] != NONE && now - last[entry] <= gapPs ? find(port[entry], n) : NONE;
    int choice = kept == NONE ? chooser.choose(packet, n) : kept;
    last[entry] = now;
    port[entry] = here.port(choice);
    return choice;
  }

  /** The candidate with this port; none if the port no longer leads there. */
  private int find(int wanted, int n) {
    for (int i = 0; i < n; i++) {
      if (here.port(i) == wanted) {
        return i;
      }
    }
    return NONE;
  }
}
