package weft.experiment;

import static weft.units.Units.gb;
import static weft.units.Units.gbps;
import static weft.units.Units.us;

import java.lang.management.ManagementFactory;
import weft.collective.AllReduce;
import weft.fabric.Fabric;
import weft.routing.Spray;

/**
 * How long a ring AllReduce of 1 GB takes to simulate on flows, on a three-tier fat-tree of so many
 * ports a switch: k = 16 has 1,024 hosts, 40 has 16,000, 82 has 137,842.
 *
 * <pre>java -Xmx4g -cp ... weft.experiment.RoundsSpeed 16 40 82</pre>
 */
final class RoundsSpeed {
  private RoundsSpeed() {}

  public static void main(String[] arguments) {
    for (String k : arguments) {
      long start = System.nanoTime();
      Fabric fabric = Fabric.fatTree().k(Integer.parseInt(k)).nic(gbps(100)).cable(us(1)).build();
      long built = System.nanoTime();
      for (int run = 0; run < 3; run++) {
        long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        Run result =
            Experiment.on(fabric)
                .run(AllReduce.ring().of(gb(1)))
                .balancing(Spray.perPacket())
                .at(Fidelity.flows())
                .run();
        System.out.printf(
            "%,d ranks: fabric %.2f s, run %.3f s of CPU, completion %s, rounds %s%n",
            fabric.gpus(),
            (built - start) * 1e-9,
            (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu) * 1e-9,
            result.completion(),
            result.provenance().facts().get("rounds"));
      }
    }
  }
}
