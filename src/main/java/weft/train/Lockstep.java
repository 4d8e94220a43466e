package weft.train;

import java.util.List;
import weft.collective.BucketExchange;
import weft.collective.GradientExchange;

/** Workers that exchange what they have all together, at steps known beforehand. */
abstract sealed class Lockstep extends Synchrony {
  /** Whether an exchange follows a step. */
  abstract boolean exchangesAfter(int step, int steps);

  /** Whether each worker updates its parameters before the exchange, or with its outcome. */
  abstract boolean updatesFirst();

  /** The numbers of the workers. */
  abstract LockstepWork work(TrainingPlan plan, Buckets buckets, List<BucketExchange> exchanges);

  @Override
  final int servers() {
    return 0;
  }

  @Override
  final String exchange(GradientExchange ofJob) {
    return ofJob.toString();
  }

  @Override
  final PreparedRun prepare(TrainingPlan plan) {
    return new LockstepRun(plan, this);
  }

  /** See {@link Synchrony#synchronous()}. */
  static final class EveryStep extends Lockstep {
    @Override
    boolean exchangesAfter(int step, int steps) {
      return true;
    }

    @Override
    boolean updatesFirst() {
      return false;
    }

    @Override
    LockstepWork work(TrainingPlan plan, Buckets buckets, List<BucketExchange> exchanges) {
      return new GradientWork(plan, buckets, exchanges);
    }

    @Override
    String suffix() {
      return "";
    }

    @Override
    public String toString() {
      return "every step";
    }
  }

  /** See {@link Synchrony#localSgd(int)}. */
  static final class LocalSteps extends Lockstep {
    private final int every;

    LocalSteps(int every) {
      this.every = every;
    }

    @Override
    boolean exchangesAfter(int step, int steps) {
      return (step + 1) % every == 0 || step == steps - 1;
    }

    @Override
    boolean updatesFirst() {
      return true;
    }

    @Override
    LockstepWork work(TrainingPlan plan, Buckets buckets, List<BucketExchange> exchanges) {
      if (plan.job.exchange.overlapping()) {
        throw new IllegalArgumentException(
            "local SGD exchanges parameters, which are known when the last of its %d steps is done, so no backward pass is left to overlap: leave out overlapped()"
                .formatted(every));
      }
      return new LocalWork(plan, buckets, exchanges, this);
    }

    @Override
    String suffix() {
      return ", local SGD of " + every;
    }

    @Override
    public String toString() {
      return "local SGD, parameters every %d steps".formatted(every);
    }
  }
}
