package weft.experiment;

import java.util.List;
import weft.fault.FaultPlan;
import weft.fault.FaultStep;
import weft.routing.Demand;

/**
 * How closely an experiment looks at the network. Each answers the same question; what one knows
 * and the next does not is why their answers differ.
 */
public enum Fidelity {
  /** Every packet, mark, pause and loss: queues and what congestion control makes of them. */
  PACKETS("packets") {
    @Override
    Run run(Setup setup) {
      return new PacketRun(setup).run();
    }

    @Override
    void check(Experiment experiment) {}

    @Override
    public JobNetwork network(JobSetup job, PlacedCollectives collectives) {
      return job.packets(collectives);
    }

    @Override
    public JobNetwork network(JobSetup job, List<Demand> demands) {
      return job.packets(demands);
    }
  },
  /**
   * Messages that share links fairly at every moment: what ideal congestion control would reach.
   * Paths are those that packets take; where load balancing places packets or bursts, even shares
   * of all shortest paths.
   *
   * <p>Rings of more than a million messages are simulated round by round until rounds repeat, or
   * until it shows that messages do not hold each other up; provenance tells how many were. Where
   * faults or others' traffic come between, all are simulated.
   *
   * <p>Times are within 2 % of those of packets that keep their paths and that no congestion
   * control slows down, on permutations, incasts, rings and all-to-all over 16 to 128 hosts.
   * Acknowledgements hold no flow back, but links that they cross keep room for those of a full
   * link the other way, which is up to 2 % too much where that link is not full. Sprayed packets
   * take 3 to 18 % longer, since they meet in queues; DCQCN takes 30 to 50 % longer where ECMP has
   * flows of a permutation collide, and 5 to 28 % in an incast, since it gives bandwidth back
   * slowly. Chunked trees take 2 to 16 % longer, since what children send ahead lies in queues
   * before what is waited for; where ECMP has a halving-doubling's messages collide, packets take
   * from 12 % less (16 hosts) to 12 % more (64), since queues serve whoever came first. TCP's flows
   * send no faster than a core of the kernel works at each end, which also takes its time to wake
   * up; slow start is not known.
   *
   * <p>Faults happen as they do to packets: a flow whose way is cut waits until the network leads
   * it elsewhere or the way is back, and where all it had was lost, for its sender's timer; a slow
   * host carries less; what bit errors destroy is sent again. Not known are bits that senders
   * without a window go on sending into a cut way, which others feel upstream of it, the timeout of
   * a message whose very last packet is destroyed, and pauses that spread. Traffic classes share
   * each link as fluids do.
   *
   * <p>Too fast are two cases. Where only lost packets are sent again (selective repeat, UET), a
   * message whose last packets take a dead way waits for its sender's timer, flows do not: 64 KiB
   * take 4 us in place of 216. On fabrics of several planes a queue pair's packets keep to the
   * plane of its NIC's port, while sprayed flows take all: up to twice as fast.
   */
  FLOWS("flows") {
    @Override
    Run run(Setup setup) {
      return setup.rounds != null
          ? new RoundsRun(setup, setup.rounds).run()
          : new FlowRun(setup).run();
    }

    @Override
    void check(Experiment experiment) {
      refusePacketsOnly(experiment, this);
      refusePauses(FaultPlan.of(experiment.fabric, experiment.faults, experiment.failover));
    }

    @Override
    public JobNetwork network(JobSetup job, PlacedCollectives collectives) {
      refusePauses(job.faults());
      return job.flows(collectives);
    }

    @Override
    public JobNetwork network(JobSetup job, List<Demand> demands) {
      refusePauses(job.faults());
      return job.flows(demands);
    }
  },
  /**
   * Closed forms, the alpha-beta model with contention: a message takes as long as the busiest link
   * of its path is busy with all messages of its step, and the path's latency. Nothing is
   * simulated. Right where a step's messages meet as if all started together; where a link is
   * shared only for a while it is too slow, and where messages of different steps meet too fast.
   */
  ANALYTIC("analytic") {
    @Override
    Run run(Setup setup) {
      return new AnalyticRun(setup).run();
    }

    @Override
    void check(Experiment experiment) {
      refusePacketsOnly(experiment, this);
      refuseTime(!experiment.faults.isEmpty(), "during(...)");
      refuseTime(experiment.background != null, "sharing(...)");
      refuseTime(experiment.scheduling.classes().size() > 1, "scheduling(...)");
    }

    @Override
    public JobNetwork network(JobSetup job, PlacedCollectives collectives) {
      throw noMoments();
    }

    @Override
    public JobNetwork network(JobSetup job, List<Demand> demands) {
      throw noMoments();
    }

    private IllegalArgumentException noMoments() {
      return new IllegalArgumentException(
          "closed forms know no moment at which a worker goes on, so a job does not run at analytic: write at(flows()) or at(packets())");
    }
  };

  private final String words;

  Fidelity(String words) {
    this.words = words;
  }

  /** {@link #PACKETS}. */
  public static Fidelity packets() {
    return PACKETS;
  }

  /** {@link #FLOWS}. */
  public static Fidelity flows() {
    return FLOWS;
  }

  /** {@link #ANALYTIC}. */
  public static Fidelity analytic() {
    return ANALYTIC;
  }

  /** Runs an experiment that was checked. */
  abstract Run run(Setup setup);

  /**
   * The network of a job whose workers compute meanwhile.
   *
   * @param collectives what its workers exchange
   * @throws IllegalArgumentException if the job asks for what this fidelity does not know
   */
  public abstract JobNetwork network(JobSetup job, PlacedCollectives collectives);

  /**
   * Likewise, where workers exchange in groups and no switch adds.
   *
   * @param demands what they send, for load balancing that plans
   * @throws IllegalArgumentException if the job asks for what this fidelity does not know
   */
  public abstract JobNetwork network(JobSetup job, List<Demand> demands);

  /**
   * Refuses what this fidelity does not know.
   *
   * @throws IllegalArgumentException saying what
   */
  abstract void check(Experiment experiment);

  private static void refusePacketsOnly(Experiment experiment, Fidelity asked) {
    refuse(experiment.loss > 0, "losing(...)", asked);
    refuse(!experiment.taps.isEmpty(), "capturing(...)", asked);
    refuse(experiment.sampling != null, "sampling(...)", asked);
    refuse(!experiment.misconfigurations.isEmpty(), "misconfigured(...)", asked);
  }

  private static void refusePauses(FaultPlan faults) {
    boolean pauses = faults.steps().stream().anyMatch(s -> s.state() == FaultStep.State.PAUSES);
    refuse(pauses, "pauseStorm(...)", FLOWS);
  }

  private static void refuseTime(boolean isAsked, String what) {
    if (isAsked) {
      throw new IllegalArgumentException(
          "%s is about what changes in time, which closed forms do not know: leave it out, write at(flows()) or at(packets()), or compare(packets(), flows()) in place of atEveryFidelity()"
              .formatted(what));
    }
  }

  private static void refuse(boolean isAsked, String what, Fidelity asked) {
    if (isAsked) {
      throw new IllegalArgumentException(
          "%s is about packets, but the experiment is at %s, where there are none: leave it out, or write at(packets())"
              .formatted(what, asked));
    }
  }

  @Override
  public String toString() {
    return words;
  }
}
