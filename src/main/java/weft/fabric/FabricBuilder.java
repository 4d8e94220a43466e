package weft.fabric;

import static weft.units.Units.ns;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import weft.cluster.Server;
import weft.cluster.SwitchModel;
import weft.units.Check;
import weft.units.DataSize;
import weft.units.Rate;
import weft.units.Time;

/**
 * What all builders of fabrics have in common: servers or hosts, their NICs, cables and switches.
 * Each step returns a new builder; {@link #build()} does the arithmetic and refuses what cannot be
 * cabled.
 *
 * <p>Defaults: NICs of the servers' own rate, cables of 20 m (100 ns), 64 MiB of buffer and 500 ns
 * in each switch, which stores a packet before it forwards it.
 *
 * @param <B> the builder itself
 */
public abstract class FabricBuilder<B extends FabricBuilder<B>> implements Cloneable {
  /** More than this fills a usual machine's memory before anything runs. */
  static final int MOST_GPUS = 1 << 20;

  // Fields here and in subclasses are assigned only while a copy is being made, before anybody
  // else sees it; a copy of all fields is what clone() makes.
  int servers;
  Server server = Server.DGX_H100;
  private @Nullable Rate nic;
  private @Nullable SwitchModel model;
  boolean nicsApart;
  Time cable = ns(100);
  SwitchHardware hardware = SwitchHardware.DEFAULT;

  FabricBuilder() {}

  /** A changed copy. */
  @SuppressWarnings("unchecked") // each subclass gives itself as B
  final B with(Consumer<B> change) {
    try {
      B copy = (B) clone();
      change.accept(copy);
      return copy;
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  /** So many servers of this kind, each GPU's NIC cabled to a switch. */
  public B servers(int count, Server kind) {
    Check.atLeast(1, "servers", count, "write for example servers(8, DGX_H100)");
    Check.notNull("the kind of servers", kind, "write for example servers(8, DGX_H100)");
    checkGpus(count, kind);
    return with(
        f -> {
          f.servers = count;
          f.server = kind;
        });
  }

  /** So many hosts of one GPU and one NIC, 400 Gb/s unless {@link #nic} says otherwise. */
  public B hosts(int count) {
    return servers(Check.atLeast(1, "hosts", count, "write for example hosts(16)"), Server.HOST);
  }

  /** NICs of this rate in place of the servers' own. */
  public B nic(Rate rate) {
    Check.notNull("nic", rate, "write for example gbps(400)");
    return with(f -> ((FabricBuilder<?>) f).nic = rate);
  }

  /**
   * With each NIC as a node of its own behind its GPU's PCIe, whose rate limits it if it is less
   * than the NIC's.
   */
  public B throughPcie() {
    return with(f -> f.nicsApart = true);
  }

  /** Switches of this kind: their ports and rates are what the fabric must make do with. */
  public B switches(SwitchModel kind) {
    Check.notNull("the kind of switches", kind, "write for example switches(SN5600.breakout(2))");
    return with(f -> ((FabricBuilder<?>) f).model = kind);
  }

  /** Propagation delay of every cable one way; 5 ns a metre. Default 100 ns, 20 m. */
  public B cable(Time delay) {
    Check.notNull("cable", delay, "write for example ns(100)");
    return with(f -> f.cable = delay);
  }

  /** Shared packet buffer of every switch. Default 64 MiB. */
  public B buffer(DataSize size) {
    return with(f -> f.hardware = hardware.withBuffer(size));
  }

  /**
   * What every switch's buffer is handed out in: a packet takes whole cells, so small packets waste
   * room. Chips have cells of some 200 to 300 bytes. Default 1 byte, which wastes nothing.
   */
  public B bufferCell(DataSize size) {
    return with(f -> f.hardware = hardware.withCell(size));
  }

  /**
   * Time from the last bit in, with {@link #cutThrough} of the headers, to the first bit out of an
   * idle switch. Default 500 ns.
   */
  public B switchLatency(Time latency) {
    return with(f -> f.hardware = hardware.withLatency(latency));
  }

  /**
   * With switches that forward a packet once its headers are in: {@link Forwarding#CUT_THROUGH}.
   */
  public B cutThrough() {
    return with(f -> f.hardware = hardware.with(Forwarding.CUT_THROUGH));
  }

  /**
   * The fabric.
   *
   * @throws IllegalArgumentException if it cannot be cabled; the message has the arithmetic
   */
  public abstract Fabric build();

  /** Rate of a GPU's NIC. */
  final Rate nic() {
    return nic == null ? server.nic() : nic;
  }

  /** The switches' kind, if given. */
  final @Nullable SwitchModel model() {
    return model;
  }

  final int gpus() {
    return servers * server.gpus();
  }

  /** The end of every builder's {@link #toString}. */
  final String common() {
    return "nic %s, %scable %s, %s%s"
        .formatted(
            nic(),
            nicsApart ? "throughPcie, " : "",
            cable,
            hardware,
            model == null ? "" : ", switches " + model);
  }

  static void checkGpus(int servers, Server kind) {
    long gpus = (long) servers * kind.gpus();
    if (gpus > MOST_GPUS) {
      throw new IllegalArgumentException(
          "a fabric joins at most %,d GPUs, but %,d servers of %d have %,d: lower the servers"
              .formatted(MOST_GPUS, servers, kind.gpus(), gpus));
    }
  }
}
