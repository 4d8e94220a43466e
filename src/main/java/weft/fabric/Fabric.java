package weft.fabric;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tech.tablesaw.api.Table;
import weft.cluster.Placement;
import weft.report.Picture;
import weft.report.Tabular;
import weft.units.Check;
import weft.units.DataSize;
import weft.units.Rate;
import weft.units.Time;

/**
 * A network of GPUs and switches: an immutable value that engines run on.
 *
 * <p>GPUs are numbered from 0 in the order of {@link #nodes()}; that number is what traffic,
 * placements and tables mean by a GPU.
 */
public final class Fabric implements Tabular {
  private final String name;
  private final List<Node> nodes;
  private final List<Link> links;
  private final SwitchHardware hardware;
  private final Arrangement arrangement;
  private final int[] endpoints; // nodes: GPUs, then storage nodes, then what is inside switches
  private final int gpus;

  private Fabric(
      String name,
      List<Node> nodes,
      List<Link> links,
      SwitchHardware hardware,
      Arrangement arrangement) {
    this.name = name;
    this.nodes = List.copyOf(nodes);
    this.links = List.copyOf(links);
    this.hardware = hardware;
    this.arrangement = arrangement;
    gpus = count(Node.Role.GPU);
    var roles = Stream.of(Node.Role.GPU, Node.Role.STORAGE, Node.Role.ADDER);
    endpoints = roles.flatMapToInt(this::all).toArray();
  }

  private IntStream all(Node.Role role) {
    return IntStream.range(0, nodes.size()).filter(n -> nodes.get(n).role() == role);
  }

  /** A leaf-spine fabric, to be given its servers: neighbouring servers share a leaf. */
  public static LeafSpine leafSpine() {
    return new LeafSpine(LeafSpine.Rails.NONE, 1);
  }

  /**
   * A rail-optimised leaf-spine fabric, to be given its servers: GPU r of every server is on a leaf
   * of rail r, so that GPUs of the same number are one switch apart.
   */
  public static LeafSpine railOptimized() {
    return new LeafSpine(LeafSpine.Rails.JOINED, 1);
  }

  /**
   * A rail-only fabric (Wang et al., arXiv 2307.12169), to be given its servers: rails that nothing
   * joins but NVLink. GPUs of another number are reached through the NIC of the server's own GPU of
   * that number.
   */
  public static LeafSpine railOnly() {
    return new LeafSpine(LeafSpine.Rails.APART, 1);
  }

  /**
   * Leaf-spine networks side by side, to be given their servers: every NIC's rate is split into a
   * port on each of them.
   *
   * @param planes how many, at least 1
   */
  public static LeafSpine multiPlane(int planes) {
    return leafSpine().planes(planes);
  }

  /** Two planes, each with half of every NIC's rate. */
  public static LeafSpine dualPlane() {
    return multiPlane(2);
  }

  /** A k-ary fat-tree, to be given its k. */
  public static FatTree fatTree() {
    return new FatTree();
  }

  /** A dragonfly, to be given its p, a and h. */
  public static Dragonfly dragonfly() {
    return new Dragonfly();
  }

  /** A dragonfly+, to be given its switches' ports. */
  public static DragonflyPlus dragonflyPlus() {
    return new DragonflyPlus();
  }

  /** A torus or mesh, to be given its sizes. */
  public static Torus torus() {
    return new Torus();
  }

  /** All GPUs on one switch, to be given its servers. */
  public static SingleSwitch singleSwitch() {
    return new SingleSwitch();
  }

  /**
   * Any network, down to two GPUs on one cable.
   *
   * @param name what tables and charts call it
   * @param nodes GPUs and switches
   * @param links cables between them
   * @throws IllegalArgumentException if a link names a node that does not exist or one node twice,
   *     or a GPU cannot reach another
   */
  public static Fabric of(String name, List<Node> nodes, List<Link> links) {
    Check.notNull("a fabric's name", name, "write for example \"two GPUs\"");
    Check.notNull("a fabric's nodes", nodes, "write List.of(Node.gpu(\"gpu0\"), ...)");
    nodes.forEach(n -> Check.notNull("each node of " + name, n, "write Node.gpu(\"gpu0\")"));
    Check.notNull("a fabric's links", links, "write List.of(new Link(0, 1, gbps(400), ns(100)))");
    links.forEach(
        l -> Check.notNull("each link of " + name, l, "write new Link(0, 1, gbps(400), ns(100))"));
    return of(name, nodes, links, new Arrangement.Tiered());
  }

  /**
   * A fabric drawn as text, a line a cable; {@code #} begins a comment.
   *
   * <pre>{@code
   * default 100G 1us                          # where a cable says nothing else; else 400G 100ns
   * a --100G 1us-- s                          # a rate, a delay or a length (20m)
   * a, b --- s                                # several ends, the usual cable
   * gpu[0-7] --400G 20m-- leaf0 --2x400G-- spine[0-1]
   * a --100G mark 100KiB-400KiB pause 50p-48p queue 200p-- s
   * server gpu[0-7] 3600G                     # on an NVSwitch of their own
   * switch spine[0-1] tier 2 buffer 32MiB latency 300ns
   * buffer 16MiB                              # of all other switches, like latency 300ns
   * cell 256B                                 # which the buffers are handed out in
   * cut-through                               # switches do not wait for a packet's end
   * }</pre>
   *
   * <p>Names that begin with gpu or host are GPUs, with leaf, tor, edge, spine, agg, core, router,
   * sw or switch switches; of the others those with one cable are GPUs, unless {@code gpu a} or
   * {@code switch s} says what they are.
   *
   * @throws IllegalArgumentException if a line cannot be read, with its number
   */
  public static Fabric drawn(String text) {
    return Drawing.read("sketch", text);
  }

  /**
   * A fabric from a file, by the end of its name: {@code .topo}, htsim's topology file; {@code
   * .graphml}; otherwise as {@link #drawn}.
   *
   * @throws IllegalArgumentException if a line cannot be read, with its number
   * @throws UncheckedIOException if the file cannot be read
   */
  public static Fabric read(Path file) {
    Check.notNull("a file", file, "write for example Path.of(\"fat_tree_1024.topo\")");
    String name = String.valueOf(file.getFileName());
    try {
      String text = Files.readString(file);
      if (name.endsWith(".topo")) {
        return TopoFile.read(name, text);
      }
      return name.endsWith(".graphml") ? GraphMlReader.read(name, text) : Drawing.read(name, text);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "a fabric is read from a text file, but %s %s: give its path, from %s or from /"
              .formatted(
                  file,
                  Files.exists(file) ? "cannot be read" : "does not exist",
                  Path.of("").toAbsolutePath()),
          e);
    }
  }

  /** This fabric as GraphML, which {@link #read} and tools for graphs take. */
  public String graphMl() {
    return GraphMlWriter.write(this);
  }

  static Fabric of(String name, List<Node> nodes, List<Link> links, Arrangement arrangement) {
    var fabric = new Fabric(name, nodes, links, SwitchHardware.DEFAULT, arrangement);
    FabricCheck.check(fabric);
    return fabric;
  }

  /** With a shared packet buffer of this size in every switch. Default 64 MiB. */
  public Fabric buffer(DataSize size) {
    return with(hardware.withBuffer(size));
  }

  /**
   * With the buffer of every switch handed out in cells: a packet takes whole cells, so small
   * packets waste room. Default 1 byte, which wastes nothing.
   */
  public Fabric bufferCell(DataSize size) {
    return with(hardware.withCell(size));
  }

  /**
   * With this time from the last bit in, with {@link #cutThrough} of the headers, to the first bit
   * out of an idle switch, NVSwitches included. Default 500 ns.
   */
  public Fabric switchLatency(Time latency) {
    return with(hardware.withLatency(latency));
  }

  /**
   * With switches, NVSwitches included, that forward a packet once its headers are in: {@link
   * Forwarding#CUT_THROUGH}.
   */
  public Fabric cutThrough() {
    return with(hardware.with(Forwarding.CUT_THROUGH));
  }

  SwitchHardware hardware() {
    return hardware;
  }

  Fabric with(SwitchHardware other) {
    return new Fabric(name, nodes, links, other, arrangement);
  }

  /** What tables and charts call this fabric. */
  public String name() {
    return name;
  }

  /** GPUs and switches. */
  public List<Node> nodes() {
    return nodes;
  }

  /** Cables. */
  public List<Link> links() {
    return links;
  }

  /** How the switches are arranged, where routes depend on it. */
  public Arrangement arrangement() {
    return arrangement;
  }

  /** Shared packet buffer of every switch that has none of its own. */
  public DataSize buffer() {
    return hardware.buffer();
  }

  /** What the buffer of every switch is handed out in. */
  public DataSize bufferCell() {
    return hardware.cell();
  }

  /** Time that a packet takes through every switch that has none of its own. */
  public Time switchLatency() {
    return hardware.latency();
  }

  /** When switches begin to forward a packet. */
  public Forwarding forwarding() {
    return hardware.forwarding();
  }

  /** Shared packet buffer of a switch: its own or the fabric's. */
  public DataSize bufferOf(int node) {
    return nodeAt(node).buffer().orElse(hardware.buffer());
  }

  /** Time that a packet takes through an idle switch: its own or the fabric's. */
  public Time latencyOf(int node) {
    return nodeAt(node).latency().orElse(hardware.latency());
  }

  private Node nodeAt(int index) {
    return nodes.get(Check.index("node", index, nodes.size()));
  }

  /**
   * With a switch that has a buffer of its own.
   *
   * @param node its name
   * @throws IllegalArgumentException if there is no such switch
   */
  public Fabric buffer(String node, DataSize size) {
    return changed(node, n -> n.withBuffer(size));
  }

  /**
   * With a switch that has a latency of its own.
   *
   * @param node its name
   * @throws IllegalArgumentException if there is no such switch
   */
  public Fabric switchLatency(String node, Time latency) {
    return changed(node, n -> n.withLatency(latency));
  }

  private Fabric changed(String node, UnaryOperator<Node> change) {
    var changed = new ArrayList<>(nodes);
    int index = named(node);
    if (!nodes.get(index).role().forwards()) {
      throw new IllegalArgumentException(
          "buffer and latency are a switch's, but %s is a GPU: name a switch".formatted(node));
    }
    changed.set(index, change.apply(nodes.get(index)));
    return new Fabric(name, changed, links, hardware, arrangement);
  }

  /**
   * The node of this name, an index into {@link #nodes()}.
   *
   * @throws IllegalArgumentException if there is none
   */
  public int named(String node) {
    Check.notNull("a node's name", node, "write for example \"leaf0\"");
    for (int n = 0; n < nodes.size(); n++) {
      if (nodes.get(n).name().equals(node)) {
        return n;
      }
    }
    throw new IllegalArgumentException(
        "%s has no node %s: its nodes are called %s"
            .formatted(
                name,
                node,
                nodes.stream()
                    .map(n -> n.name().replaceAll("\\d+$", ""))
                    .distinct()
                    .limit(8)
                    .map(kind -> kind + "...")
                    .collect(Collectors.joining(", "))));
  }

  /**
   * With storage nodes, dealt out to the leaves in turn; traffic names them by the numbers after
   * the GPUs'. Their place is a front-end network: on the backend they show what mixing does.
   *
   * @param count at least 1
   * @param rate of each one's cable
   * @throws IllegalArgumentException if this fabric has storage nodes or its switches form groups
   *     or a grid
   */
  public Fabric storage(int count, Rate rate) {
    return StorageNodes.join(this, count, rate);
  }

  Fabric unchecked(List<Node> other, List<Link> cables) {
    return new Fabric(name, other, cables, hardware, arrangement);
  }

  /** How many GPUs there are. */
  public int gpus() {
    return gpus;
  }

  /** How many GPUs and storage nodes there are. */
  public int endpoints() {
    return endpoints.length;
  }

  /**
   * The node of a GPU or, by the numbers after these, of a storage node, an index into {@link
   * #nodes()}.
   *
   * @throws IllegalArgumentException if there is no such GPU
   */
  public int node(int gpu) {
    if (gpu < 0 || gpu >= endpoints.length) {
      throw new IllegalArgumentException(
          "GPU %d does not exist: this fabric's GPUs are 0 to %d%s"
              .formatted(
                  gpu,
                  gpus - 1,
                  endpoints.length == gpus
                      ? ""
                      : ", its storage nodes %d to %d".formatted(gpus, endpoints.length - 1)));
    }
    return endpoints[gpu];
  }

  /** Whether two GPUs are in the same server, so that NVLink joins them. */
  public boolean shareServer(int gpu, int other) {
    int server = nodes.get(node(gpu)).server();
    return server != Node.NO_SERVER && server == nodes.get(node(other)).server();
  }

  /** How many nodes have this role. */
  public int count(Node.Role role) {
    return (int) nodes.stream().filter(n -> n.role() == role).count();
  }

  /** How many switches are in a tier: 1 leaves, 2 spines, 3 cores. */
  public int switches(int tier) {
    return (int) nodes.stream().filter(n -> n.isSwitch(tier)).count();
  }

  /**
   * Whether a link is inside a server, part of its GPU network or a GPU's way to its NIC, or inside
   * a switch.
   */
  public boolean isScaleUp(Link link) {
    Check.notNull("a link", link, "write fabric.links().get(0)");
    Node.Role a = nodes.get(link.a()).role();
    Node.Role b = nodes.get(link.b()).role();
    return a == Node.Role.NVSWITCH
        || b == Node.Role.NVSWITCH
        || a == Node.Role.ADDER
        || (a == Node.Role.NIC && b == Node.Role.GPU)
        || (a == Node.Role.GPU && b == Node.Role.NIC);
  }

  /**
   * A row a fact: GPUs, switches, cables and transceivers, oversubscription by tier, bisection
   * bandwidth, the longest path and how many of its kind there are, power as far as known.
   */
  @Override
  public Table table() {
    return FabricTable.of(this);
  }

  /** Switches, transceivers and cables by kind, with what is known of their power. */
  public BillOfMaterials bill() {
    return new BillOfMaterials(this, 0);
  }

  /**
   * Where a job's ranks sit: a row a rank with its GPU, server and leaf, and what a message to the
   * next rank, the first after the last, passes.
   *
   * @param ranks at least 1
   * @throws IllegalArgumentException if the placement does not fit this fabric
   */
  public Table ranks(int ranks, Placement placement) {
    Check.notNull("a placement", placement, "write Placement.packed()");
    return RankTable.of(this, placement.place(ranks, gpus()));
  }

  /** Spines above leaves above servers, cables between them. */
  public Picture picture() {
    return FabricPicture.of(this, new double[0]);
  }

  /**
   * {@link #picture()} with cables coloured by load.
   *
   * @param load share of the rate in use, in [0, 1], of each of {@link #links()}, its busier
   *     direction
   */
  public Picture picture(double[] load) {
    Check.notNull("load", load, "give a share for each of links()");
    if (load.length != links.size()) {
      throw new IllegalArgumentException(
          "a load is given for each of the %d links, but %d were given: give one a link"
              .formatted(links.size(), load.length));
    }
    Fabric outside = InsideSwitches.without(this);
    return FabricPicture.of(outside, Arrays.copyOf(load, outside.links.size()));
  }

  /** What is needed to build it again, for provenance: every kind of cable, buffer, latency. */
  public Map<String, String> facts() {
    return FabricFacts.of(this);
  }

  /** The links at a node, as indices into {@link #links()}, in their order. */
  public List<Integer> linksAt(int node) {
    Check.index("node", node, nodes.size());
    var at = new ArrayList<Integer>();
    for (int l = 0; l < links.size(); l++) {
      if (links.get(l).a() == node || links.get(l).b() == node) {
        at.add(l);
      }
    }
    return at;
  }

  @Override
  public String toString() {
    return "%s: %d GPUs, %s".formatted(name, gpus(), Tiers.counts(this));
  }
}
