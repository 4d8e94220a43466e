package weft.fabric;

import java.util.Optional;
import weft.cluster.SwitchModel;
import weft.units.Check;
import weft.units.DataSize;
import weft.units.Time;

/**
 * A GPU with its NIC, a storage node, or a switch.
 *
 * @param name what pictures and tables call it: {@code gpu12}, {@code leaf3}, {@code spine0}
 * @param role what it does
 * @param tier of a switch, how far above the GPUs: 1 a leaf (or edge), 2 a spine (or aggregation),
 *     3 a core; 0 for nodes inside servers
 * @param server the server a GPU or NVSwitch belongs to, from 0; {@link #NO_SERVER} for others
 * @param buffer shared packet buffer of this switch where it is not {@link Fabric#buffer()}
 * @param latency latency of this switch where it is not {@link Fabric#switchLatency()}
 * @param model what kind of switch it is, where that is known
 */
public record Node(
    String name,
    Role role,
    int tier,
    int server,
    Optional<DataSize> buffer,
    Optional<Time> latency,
    Optional<SwitchModel> model) {
  /**
   * @throws IllegalArgumentException if something is missing, the server below {@link #NO_SERVER},
   *     or the tier not one that the role has
   */
  public Node {
    Check.notNull("a node's name", name, "write for example \"gpu0\"");
    Check.notNull("the role of " + name, role, "write for example Node.Role.SWITCH");
    Check.atLeast(NO_SERVER, "the server of " + name, server, "count servers from 0");
    Check.notNull("the buffer of " + name, buffer, "write Optional.empty() for the fabric's");
    Check.notNull("the latency of " + name, latency, "write Optional.empty() for the fabric's");
    Check.notNull("the model of " + name, model, "write Optional.empty() for any");
    boolean fits = role == Role.SWITCH ? tier >= 1 && tier <= TOP_TIER : tier == 0;
    if (!fits) {
      throw new IllegalArgumentException(
          "a switch is in a tier from 1, a leaf, to %d, and what is inside servers in tier 0, but %s is a %s of tier %d: write for example Node.leaf(\"%s\")"
              .formatted(TOP_TIER, name, role, tier, name));
    }
  }

  /** The {@link #server} of a node that is not inside one. */
  public static final int NO_SERVER = -1;

  /** The highest tier. */
  public static final int TOP_TIER = 4;

  /** What a node does. */
  public enum Role {
    /** An endpoint: a GPU and the NIC that belongs to it. */
    GPU,
    /** The switch of a server's own GPU network. Lossless by credits; never marks. */
    NVSWITCH,
    /**
     * A NIC apart from its GPU, behind PCIe. It also forwards what the server's other GPUs hand
     * over by NVLink, as NCCL's PXN does, where it is linked to their NVSwitch. Lossless by
     * credits; never marks.
     */
    NIC,
    /** A switch of the network. */
    SWITCH,
    /** An endpoint that stores: a storage node and its NIC. */
    STORAGE,
    /** An endpoint inside a switch, where that adds what it is sent: see {@link InsideSwitches}. */
    ADDER;

    /** Whether traffic starts and ends there. */
    public boolean isEndpoint() {
      return this == GPU || this == STORAGE || this == ADDER;
    }

    /** Whether packets of others pass through. */
    public boolean forwards() {
      return !isEndpoint();
    }
  }

  /** A GPU outside any server. */
  public static Node gpu(String name) {
    return gpu(name, NO_SERVER);
  }

  /** A GPU of a server. */
  public static Node gpu(String name, int server) {
    return new Node(
        name, Role.GPU, 0, server, Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** The switch of a server's own GPU network. */
  public static Node nvswitch(String name, int server) {
    return new Node(
        name, Role.NVSWITCH, 0, server, Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** The NIC of a GPU, apart from it. */
  public static Node nic(String name, int server) {
    return new Node(
        name, Role.NIC, 0, server, Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** Where a switch, of a server or of none, adds. */
  static Node adder(String name, int server) {
    return new Node(
        name, Role.ADDER, 0, server, Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** A storage node. */
  public static Node storage(String name) {
    return new Node(
        name, Role.STORAGE, 0, NO_SERVER, Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** A switch that GPUs are cabled to, tier 1. */
  public static Node leaf(String name) {
    return inTier(1, name);
  }

  /** A switch above leaves, tier 2. */
  public static Node spine(String name) {
    return inTier(2, name);
  }

  /** A switch above spines, tier 3. */
  public static Node core(String name) {
    return inTier(3, name);
  }

  /**
   * A switch.
   *
   * @param tier from 1 to {@link #TOP_TIER}
   */
  public static Node inTier(int tier, String name) {
    return new Node(
        name, Role.SWITCH, tier, NO_SERVER, Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** This switch with a shared packet buffer of its own size. */
  public Node withBuffer(DataSize size) {
    Check.notNull("the buffer of " + name, size, "write for example mib(64)");
    return new Node(name, role, tier, server, Optional.of(size), latency, model);
  }

  /** This switch with a latency of its own. */
  public Node withLatency(Time time) {
    Check.notNull("the latency of " + name, time, "write for example ns(500)");
    SwitchHardware.checkLatency(time);
    return new Node(name, role, tier, server, buffer, Optional.of(time), model);
  }

  /** This switch, known to be of a kind: its ports are counted. */
  public Node withModel(SwitchModel kind) {
    Check.notNull("the model of " + name, kind, "write for example SwitchModel.SN5600");
    return new Node(name, role, tier, server, buffer, latency, Optional.of(kind));
  }

  boolean isSwitch(int ofTier) {
    return role == Role.SWITCH && tier == ofTier;
  }
}
