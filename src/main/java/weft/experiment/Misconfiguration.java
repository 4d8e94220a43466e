package weft.experiment;

import weft.engine.packet.DeviceSettings;
import weft.fabric.Fabric;
import weft.fabric.Node;
import weft.fabric.Node.Role;
import weft.report.Digits;
import weft.transport.LinkControl;
import weft.transport.Pfc;
import weft.units.Check;
import weft.units.DataSize;

/**
 * One device set up otherwise than the network needs, to see what that looks like: {@code
 * experiment.misconfigured(Misconfiguration.withoutPfc("leaf1"))} and then {@code run.diagnosis()},
 * which is not told of it.
 */
public final class Misconfiguration {
  private final String device;
  private final String what;
  private final Role role;
  private final boolean needsPfc;
  private final Change change;

  private interface Change {
    void make(DeviceSettings settings, Fabric fabric, int node);
  }

  private Misconfiguration(String device, String what, Role role, boolean needsPfc, Change change) {
    this.device = Check.notNull("a device's name", device, "write for example \"leaf1\"");
    this.what = what;
    this.role = role;
    this.needsPfc = needsPfc;
    this.change = change;
  }

  /**
   * A switch with PFC off, in a network where the others have it on: it drops when its buffer is
   * full, sends no pause frames, and goes on sending when its neighbours pause it.
   *
   * @param device the switch's name
   */
  public static Misconfiguration withoutPfc(String device) {
    return new Misconfiguration(
        device,
        "PFC off",
        Role.SWITCH,
        true,
        (settings, fabric, node) -> settings.withoutPfc(node));
  }

  /**
   * A switch that reserves less headroom than its cables and rates need.
   *
   * @param device the switch's name
   * @param share of {@link Pfc#headroom}, from 0 to below 1; a packet's at least
   */
  public static Misconfiguration headroom(String device, double share) {
    if (!(share >= 0 && share < 1)) {
      throw new IllegalArgumentException(
          "headroom is too small at a share from 0 to below 1 of what is needed, but was %s: half of it is 0.5"
              .formatted(share));
    }
    return new Misconfiguration(
        device,
        "%s of the headroom".formatted(Digits.of(share)),
        Role.SWITCH,
        true,
        (settings, fabric, node) -> settings.headroom(node, share));
  }

  /**
   * A switch with ECN thresholds of its own, the same at each of its ports.
   *
   * @param device the switch's name
   * @param kmin marks nothing below
   * @param kmax marks everything above, at least kmin
   */
  public static Misconfiguration marking(String device, DataSize kmin, DataSize kmax) {
    Check.notNull("Kmin", kmin, "write for example mb(20)");
    Check.notNull("Kmax", kmax, "write for example mb(40)");
    if (kmax.compareTo(kmin) < 0) {
      throw new IllegalArgumentException(
          "Kmax must not lie below Kmin, but Kmin is %s and Kmax %s: swap them"
              .formatted(kmin, kmax));
    }
    return new Misconfiguration(
        device,
        "Kmin %s, Kmax %s".formatted(kmin, kmax),
        Role.SWITCH,
        false,
        (settings, fabric, node) -> settings.markBetween(node, kmin.bytes(), kmax.bytes()));
  }

  /**
   * A GPU's NIC that goes on sending when it is paused.
   *
   * @param device the GPU's name, {@code gpu8}
   */
  public static Misconfiguration ignoringPauses(String device) {
    return new Misconfiguration(
        device, "ignores pauses", Role.GPU, true, Misconfiguration::ignorePauses);
  }

  private static void ignorePauses(DeviceSettings settings, Fabric fabric, int node) {
    for (int port : networkPorts(fabric, node)) {
      settings.ignorePauses(port);
    }
  }

  /** The ports by which a node sends into the network. */
  private static int[] networkPorts(Fabric fabric, int node) {
    return fabric.linksAt(node).stream()
        .filter(link -> !fabric.isScaleUp(fabric.links().get(link)))
        .mapToInt(link -> 2 * link + (fabric.links().get(link).a() == node ? 0 : 1))
        .toArray();
  }

  /**
   * A GPU's NIC that sends its data in a priority without PFC, DSCP 0 in place of 26: its packets
   * cause no pause and find no headroom, and pauses do not stop it. At the switches' outputs they
   * share a queue with the others' data.
   *
   * @param device the GPU's name, {@code gpu8}
   */
  public static Misconfiguration wrongPriority(String device) {
    return new Misconfiguration(
        device,
        "data in a priority without PFC",
        Role.GPU,
        true,
        (settings, fabric, node) -> {
          ignorePauses(settings, fabric, node);
          settings.sendUnprotected(gpuAt(fabric, node));
        });
  }

  private static int gpuAt(Fabric fabric, int node) {
    int gpu = 0;
    while (fabric.node(gpu) != node) {
      gpu++;
    }
    return gpu;
  }

  /**
   * Checks that it can be made.
   *
   * @return the device's node
   * @throws IllegalArgumentException if there is no such device, or nothing to set wrong at it
   */
  int check(Fabric fabric, LinkControl link) {
    int node = fabric.nodes().stream().map(Node::name).toList().indexOf(device);
    if (node < 0 || fabric.nodes().get(node).role() != role) {
      throw new IllegalArgumentException(
          "%s is set at a %s, but %s has none called \"%s\": its nodes have names like %s"
              .formatted(
                  what,
                  role == Role.SWITCH ? "switch" : "GPU",
                  fabric.name(),
                  device,
                  fabric.nodes().stream()
                      .filter(n -> n.role() == role)
                      .map(Node::name)
                      .findFirst()
                      .orElse("none")));
    }
    if (role == Role.GPU && networkPorts(fabric, node).length == 0) {
      throw new IllegalArgumentException(
          "%s is set at a GPU's own NIC, but no network cable ends at %s: choose a fabric whose GPUs have one"
              .formatted(what, device));
    }
    if (needsPfc && !(link instanceof Pfc)) {
      throw new IllegalArgumentException(
          "%s at %s is a fault where others use PFC, but this network %s: run over RoceV2.lossless(...)"
              .formatted(what, device, link));
    }
    return node;
  }

  void make(DeviceSettings settings, Fabric fabric, LinkControl link) {
    change.make(settings, fabric, check(fabric, link));
  }

  /** The device and what is wrong with it. */
  @Override
  public String toString() {
    return device + ": " + what;
  }
}
