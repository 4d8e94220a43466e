package weft.train;

import java.util.List;
import weft.collective.BucketExchange;
import weft.nn.Gradient;
import weft.nn.Replica;

/**
 * Local SGD: each worker takes steps of its own, and now and then all exchange how far they have
 * moved, in the gradient buffers, and go on from the mean.
 */
final class LocalWork extends LockstepWork {
  private final Lockstep rhythm;
  private double[] shared; // parameters after the last exchange

  LocalWork(TrainingPlan plan, Buckets buckets, List<BucketExchange> exchanges, Lockstep rhythm) {
    super(plan, buckets, exchanges);
    this.rhythm = rhythm;
    this.shared = workers.get(0).parameters();
  }

  @Override
  void update(int step) {
    int n = workers.size();
    for (Replica worker : workers) {
      Gradient gradient = worker.gradient();
      for (int i = 0; i < gradient.size() && n > 1; i++) {
        gradient.set(i, gradient.get(i) * n);
      }
      worker.step();
    }
    if (n > 1 && rhythm.exchangesAfter(step, plan.samples.length)) {
      exchange();
    }
  }

  private void exchange() {
    for (Replica worker : workers) {
      double[] own = worker.parameters();
      for (int i = 0; i < own.length; i++) {
        worker.gradient().set(i, (own[i] - shared[i]) / workers.size());
      }
    }
    sum.reduce();
    for (Replica worker : workers) {
      double[] mean = shared.clone();
      for (int i = 0; i < mean.length; i++) {
        mean[i] += worker.gradient().get(i);
      }
      worker.parameters(mean);
    }
    shared = workers.get(0).parameters();
  }
}
