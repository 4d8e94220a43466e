package weft.job;

import java.util.ArrayList;
import java.util.List;
import weft.experiment.Flow;
import weft.experiment.JobNetwork;
import weft.experiment.JobSetup;
import weft.fabric.Fabric;
import weft.fault.Failover;
import weft.fault.FaultPlan;
import weft.routing.Demand;
import weft.routing.LoadBalancing;
import weft.transport.Framing;
import weft.transport.Transport;
import weft.units.DataSize;

/** What carries large jobs' bytes: flows that share links fairly. */
record JobsNetwork(Fabric fabric, LoadBalancing balancing, long seed, Transport transport) {
  /** A network on which nothing has been sent, for all of these, whether they send or not. */
  JobNetwork open(List<JobPhases> jobs, List<Jobs.Background> background) {
    var faults = FaultPlan.of(fabric, List.of(), Failover.DEFAULT);
    return new JobSetup(fabric, transport, balancing, faults, seed)
        .flows(demands(jobs, background));
  }

  /**
   * What a byte of an exchange is sent as: headers, and acknowledgements of what comes the other
   * way, come on top, and of a NIC's rate collectives get {@value AxisTime#NIC_SHARE}.
   */
  double wireShare() {
    Framing framing = transport.onTheWire();
    double packet = transport.mtu().bytes() + framing.data();
    double headers = packet / transport.mtu().bytes();
    double answers = 1 + framing.acknowledgement() / packet;
    return 1 / (AxisTime.NIC_SHARE * headers * answers);
  }

  private static List<Demand> demands(List<JobPhases> jobs, List<Jobs.Background> background) {
    var demands = new ArrayList<Demand>();
    int phase = 0;
    for (JobPhases job : jobs) {
      for (Exchange exchange : job.exchanges()) {
        PairBytes pairs = exchange.pairs();
        for (int p = 0; p < pairs.size(); p++) {
          var size = new DataSize(Math.max(1, Math.round(pairs.bytes(p))));
          demands.add(new Demand(pairs.from(p), pairs.to(p), size, phase));
        }
        phase++;
      }
    }
    for (Jobs.Background repeated : background) {
      for (Flow flow : repeated.traffic().flows()) {
        demands.add(new Demand(flow.source(), flow.destination(), flow.size(), phase));
      }
    }
    return demands;
  }
}
