package weft.routing;

import java.util.List;
import weft.fabric.Fabric;

/** A policy under another name. */
record Named(String name, LoadBalancing policy) implements LoadBalancing {
  @Override
  public PortSelector open(SwitchView here) {
    return policy.open(here);
  }

  @Override
  public Granularity granularity() {
    return policy.granularity();
  }

  @Override
  public QueuePairSplit queuePairs() {
    return policy.queuePairs();
  }

  @Override
  public LoadBalancing planned(Fabric fabric, List<Demand> demands) {
    return new Named(name, policy.planned(fabric, demands));
  }

  @Override
  public String toString() {
    return name;
  }
}
