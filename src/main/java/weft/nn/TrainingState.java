package weft.nn;

import java.util.List;
import org.jspecify.annotations.Nullable;
import weft.nn.compute.Team;

/**
 * Where a training stands: all that going on from exactly there needs beside its description. What
 * is to outlive the process has to hold these, and nothing else.
 *
 * @param replica parameters, statistics, and what the optimiser remembers; never stepped again
 * @param epoch epochs completed
 * @param next rows of the present epoch already learned
 * @param lossSum of these rows
 * @param nanos time they took
 * @param reports of the completed epochs
 * @param best the network with the lowest validation loss, if one is kept
 * @param bestLoss that loss; infinite before there is one
 * @param worse epochs since
 */
record TrainingState(
    Replica replica,
    int epoch,
    int next,
    double lossSum,
    long nanos,
    List<EpochReport> reports,
    @Nullable Network best,
    double bestLoss,
    int worse) {
  TrainingState {
    reports = List.copyOf(reports);
  }

  static TrainingState start(BatchTraining job) {
    var replica = Replica.of(job.network, job.optimizer, Team.ALONE);
    return new TrainingState(replica, 0, 0, 0, 0, List.of(), null, Double.POSITIVE_INFINITY, 0);
  }

  /** The same, its patience with the validation loss renewed. */
  TrainingState patient() {
    return new TrainingState(replica, epoch, next, lossSum, nanos, reports, best, bestLoss, 0);
  }
}
