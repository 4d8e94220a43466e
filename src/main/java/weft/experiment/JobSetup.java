package weft.experiment;

import java.util.List;
import weft.engine.packet.PacketEngine;
import weft.fabric.Fabric;
import weft.fault.FaultPlan;
import weft.routing.Demand;
import weft.routing.LoadBalancing;
import weft.transport.Scheduling;
import weft.transport.Transport;

/**
 * The network of a job, before anything is sent.
 *
 * @param scheduling traffic classes, and how they share ports
 * @param faults for this fabric
 * @param seed of everything that is drawn
 */
public record JobSetup(
    Fabric fabric,
    Transport transport,
    LoadBalancing balancing,
    Scheduling scheduling,
    FaultPlan faults,
    long seed) {
  /** With one traffic class. */
  public JobSetup(
      Fabric fabric, Transport transport, LoadBalancing balancing, FaultPlan faults, long seed) {
    this(fabric, transport, balancing, Scheduling.ONE_CLASS, faults, seed);
  }

  /** A network in which every packet of these collectives is simulated. */
  public JobNetwork packets(PlacedCollectives collectives) {
    Adders adders = collectives.adders();
    return adders == null
        ? packets(fabric, collectives.demands(), collectives.ends())
        : packets(adders.fabric(), collectives.demands(), adders);
  }

  /**
   * A network between GPUs in which every packet is simulated.
   *
   * @param demands what will be sent, for load balancing that plans
   */
  public JobNetwork packets(List<Demand> demands) {
    return packets(fabric, demands, Ends.GPUS);
  }

  /**
   * @param whole the fabric, with ends inside switches
   */
  private JobNetwork packets(Fabric whole, List<Demand> demands, Ends ends) {
    LoadBalancing planned = balancing.planned(fabric, demands);
    var engine = new PacketEngine(whole, transport, planned, scheduling, seed);
    engine.during(faults);
    engine.keepDrops(Drops.MOST);
    return new PacketNetwork(whole, engine, transport, faults, planned.queuePairs(), ends);
  }

  /** A network in which they share links fairly: see {@link Fidelity#FLOWS}. */
  public JobNetwork flows(PlacedCollectives collectives) {
    return flows(collectives.demands(), collectives.ends());
  }

  /**
   * A network in which messages between GPUs share links fairly.
   *
   * @param demands what will be sent, for load balancing that plans
   */
  public JobNetwork flows(List<Demand> demands) {
    return flows(demands, Ends.GPUS);
  }

  private JobNetwork flows(List<Demand> demands, Ends ends) {
    var paths = new FlowPaths(fabric, transport, balancing, demands, scheduling, seed);
    return new FlowNetwork(paths, faults, transport, scheduling, ends);
  }
}
