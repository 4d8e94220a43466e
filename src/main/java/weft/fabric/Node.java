package weft.fabric;

import weft.units.Check;

/**
 * A GPU with its NIC, or a switch.
 *
 * @param name what pictures and tables call it: {@code gpu12}, {@code leaf3}, {@code spine0}
 * @param role what it does
 * @param server the server a GPU or NVSwitch belongs to, from 0; {@link #NO_SERVER} for others
 */
public record Node(String name, Role role, int server) {
  /**
   * @throws IllegalArgumentException if name or role is missing, or the server below {@link
   *     #NO_SERVER}
   */
  public Node {
    Check.notNull("a node's name", name, "write for example \"gpu0\"");
    Check.notNull("the role of " + name, role, "write for example Node.Role.LEAF");
    Check.atLeast(NO_SERVER, "the server of " + name, server, "count servers from 0");
  }

  /** The {@link #server} of a node that is not inside one. */
  public static final int NO_SERVER = -1;

  /** What a node does. */
  public enum Role {
    /** An endpoint: a GPU and the NIC that belongs to it. */
    GPU,
    /** The switch of a server's own GPU network. Lossless by credits; never marks. */
    NVSWITCH,
    /** A switch that GPUs are cabled to. */
    LEAF,
    /** A switch that only switches are cabled to. */
    SPINE;

    /** Whether packets of others pass through. */
    public boolean forwards() {
      return this != GPU;
    }
  }

  /** A GPU outside any server. */
  public static Node gpu(String name) {
    return new Node(name, Role.GPU, NO_SERVER);
  }

  /** A switch that GPUs are cabled to. */
  public static Node leaf(String name) {
    return new Node(name, Role.LEAF, NO_SERVER);
  }

  /** A switch that only switches are cabled to. */
  public static Node spine(String name) {
    return new Node(name, Role.SPINE, NO_SERVER);
  }
}
