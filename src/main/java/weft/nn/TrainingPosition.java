package weft.nn;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import weft.nn.compute.Team;

/**
 * How a checkpoint tells where in a {@link BatchTraining} it was made: beside what a replica needs,
 * the place in the data, what early stopping remembers, the epochs so far, and the terms on which
 * alone the same bits can follow.
 */
final class TrainingPosition {
  private static final String HISTORY = Checkpoint.TRAINING + "history";
  private static final String BEST = Checkpoint.TRAINING + "best.";
  private static final int COLUMNS = 5;

  /** What must not change, as a key calls it, and what a cell writes to have it. */
  private record Term(String key, String value, String remedy) {}

  private TrainingPosition() {}

  private static List<Term> terms(BatchTraining job) {
    Dataset held = job.validation;
    return List.of(
        new Term("data", job.data.fingerprint(), "give the same rows in the same order"),
        new Term("batch", String.valueOf(job.batch), "write batch(%s)"),
        new Term("seed", String.valueOf(job.seed), "write shuffled(%s)"),
        new Term("accumulating", String.valueOf(job.parts), "write accumulating(%s)"),
        new Term(
            "validation",
            held == null ? "none" : held.fingerprint(),
            "give validatedBy(...) the same rows, or leave it out if there was none"),
        new Term(
            "stoppingEarly",
            job.stopsEarly() ? String.valueOf(job.patience) : "no",
            "write stoppingEarly(...) as it was"));
  }

  /** Everything that going on from a state needs. */
  static Checkpoint checkpoint(BatchTraining job, TrainingState state) {
    var strings = new LinkedHashMap<String, String>();
    terms(job).forEach(term -> strings.put(term.key(), term.value()));
    strings.put("epoch", String.valueOf(state.epoch()));
    strings.put("row", String.valueOf(state.next()));
    strings.put("lossSum", String.valueOf(state.lossSum()));
    strings.put("nanos", String.valueOf(state.nanos()));
    strings.put("bestLoss", String.valueOf(state.bestLoss()));
    strings.put("worse", String.valueOf(state.worse()));
    var tensors = new ArrayList<Tensor>();
    Network best = state.best();
    if (best != null) {
      tensors.addAll(Checkpoint.parameters(BEST, best));
    }
    if (state.epoch() > 0) {
      tensors.add(history(state.reports()));
    }
    return state.replica().checkpoint().inTraining(strings, tensors);
  }

  private static Tensor history(List<EpochReport> reports) {
    double[] numbers = new double[reports.size() * COLUMNS];
    int at = 0;
    for (EpochReport report : reports) {
      numbers[at++] = report.loss();
      numbers[at++] = report.validationLoss();
      numbers[at++] = report.validationAccuracy();
      numbers[at++] = report.rate();
      numbers[at++] = report.samplesPerSecond();
    }
    return Tensor.of(HISTORY, new int[] {reports.size(), COLUMNS}, numbers, 0);
  }

  /**
   * The state that a checkpoint was made of.
   *
   * @throws IllegalArgumentException if it was not made in a training such as this one
   */
  static TrainingState state(BatchTraining job, Checkpoint checkpoint) {
    var replica = Replica.of(job.network, job.optimizer, checkpoint, Team.ALONE);
    Map<String, String> strings = checkpoint.training();
    for (Term term : terms(job)) {
      check(checkpoint, term, strings.get(term.key()));
    }
    int epoch = checkpoint.count(Checkpoint.TRAINING + "epoch");
    int row = checkpoint.count(Checkpoint.TRAINING + "row");
    if (epoch > job.epochs || (epoch == job.epochs && row > 0)) {
      throw new IllegalArgumentException(
          "%s was made in epoch %d, but this training ends after epoch %d: write epochs(%d) or more"
              .formatted(
                  checkpoint.origin(),
                  row > 0 ? epoch + 1 : epoch,
                  job.epochs,
                  row > 0 ? epoch + 1 : epoch));
    }
    return new TrainingState(
        replica,
        epoch,
        Math.min(row, job.data.size()),
        checkpoint.number(Checkpoint.TRAINING + "lossSum"),
        (long) checkpoint.number(Checkpoint.TRAINING + "nanos"),
        reports(checkpoint, epoch),
        best(job.network, checkpoint),
        checkpoint.number(Checkpoint.TRAINING + "bestLoss"),
        checkpoint.count(Checkpoint.TRAINING + "worse"));
  }

  private static void check(Checkpoint checkpoint, Term term, @Nullable String had) {
    if (had == null) {
      throw new IllegalArgumentException(
          "%s was not made by run.checkpoint(), it has no place in a training: go on by Replica.of(network, optimizer, checkpoint)"
              .formatted(checkpoint.origin()));
    }
    if (!had.equals(term.value())) {
      throw new IllegalArgumentException(
          "%s was made with %s %s, but this training has %s: %s"
              .formatted(
                  checkpoint.origin(),
                  term.key(),
                  had,
                  term.value(),
                  term.remedy().formatted(had)));
    }
  }

  private static List<EpochReport> reports(Checkpoint checkpoint, int epochs) {
    var reports = new ArrayList<EpochReport>();
    if (epochs == 0) {
      return reports;
    }
    double[] numbers = new double[epochs * COLUMNS];
    checkpoint.tensor(HISTORY, new int[] {epochs, COLUMNS}).copyTo(numbers, 0);
    for (int at = 0; at < numbers.length; at += COLUMNS) {
      reports.add(
          new EpochReport(
              numbers[at], numbers[at + 1], numbers[at + 2], numbers[at + 3], numbers[at + 4]));
    }
    return reports;
  }

  /** The network of the best epoch so far, if the training keeps it. */
  static @Nullable Network best(Network network, Checkpoint checkpoint) {
    return checkpoint.hasTensorsOf(BEST) ? checkpoint.network(BEST, network) : null;
  }
}
