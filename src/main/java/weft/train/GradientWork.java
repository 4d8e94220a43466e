package weft.train;

import java.util.List;
import weft.collective.BucketExchange;
import weft.nn.Replica;

/**
 * Synchronous training: the exchange is applied to the workers' gradients bucket by bucket, and
 * each updates its own copy with the sum.
 */
final class GradientWork extends LockstepWork {
  GradientWork(TrainingPlan plan, Buckets buckets, List<BucketExchange> exchanges) {
    super(plan, buckets, exchanges);
  }

  @Override
  void update(int step) {
    sum.reduce();
    workers.forEach(Replica::step);
  }
}
