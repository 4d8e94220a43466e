package weft.train;

import weft.nn.Split;

/** What a job must be like before anything is planned; each refusal is one sentence. */
final class TrainingCheck {
  /** Entries of the table of every step's shares. */
  private static final int MOST_SHARES = 1 << 26;

  private final Training job;

  private TrainingCheck(Training job) {
    this.job = job;
  }

  /**
   * The job's samples.
   *
   * @throws IllegalArgumentException if the parts of the job do not fit together
   */
  static Split samplesOf(Training job) {
    Split data = job.data;
    if (data == null) {
      throw new IllegalArgumentException(
          "training needs samples: call on(Datasets.digits()) or on a data set of your own");
    }
    var check = new TrainingCheck(job);
    check.network();
    check.batch(data);
    check.data(data);
    check.steps(Shards.stepsPerEpoch(data.train().size(), job.batch));
    check.stragglers();
    return data;
  }

  private void network() {
    if (job.workers > 1 && job.fabric == null) {
      throw new IllegalArgumentException(
          "%d workers exchange gradients over a fabric: call across(fabric)"
              .formatted(job.workers));
    }
    if (job.fabric == null && job.usesNetwork()) {
      throw new IllegalArgumentException(
          "a worker reaches its parameter server over a fabric: call across(fabric)");
    }
    if (job.background != null && !job.usesNetwork()) {
      throw new IllegalArgumentException(
          "one worker exchanges nothing that others could slow: call dataParallel(16)");
    }
    if (!job.faults.isEmpty() && !job.usesNetwork()) {
      throw new IllegalArgumentException(
          "one worker exchanges nothing that a fault could hold up: call dataParallel(16)");
    }
    if (job.usesNetwork()) {
      job.transport().checkControl();
    }
  }

  private void batch(Split data) {
    if (job.batch < job.workers) {
      throw new IllegalArgumentException(
          "a batch of %d leaves some of %d workers without a sample: raise batch to %d or more"
              .formatted(job.batch, job.workers, job.workers));
    }
    if (job.batch / job.workers < job.parts) {
      throw new IllegalArgumentException(
          "a worker's %d of the %d samples of a batch cannot be cut into %d parts: raise batch to %d or accumulate fewer"
              .formatted(
                  job.batch / job.workers, job.batch, job.parts, (long) job.workers * job.parts));
    }
    if (job.batch > data.train().size()) {
      throw new IllegalArgumentException(
          "a batch of %d needs as many training samples, but %s has %d: lower batch"
              .formatted(job.batch, data.train().name(), data.train().size()));
    }
  }

  private void data(Split data) {
    if (!data.train().hasClasses()) {
      throw new IllegalArgumentException(
          "a training job reports how many test samples are classified rightly, but %s has numbers to predict: use network.train(...).on(data)"
              .formatted(data.train().name()));
    }
    job.network.checkFits(data.train());
    job.network.checkFits(data.test());
  }

  private void steps(int stepsPerEpoch) {
    long steps = (long) stepsPerEpoch * job.epochs;
    if (steps * job.workers > MOST_SHARES) {
      throw new IllegalArgumentException(
          "steps times workers are at most %d, but %d epochs of %d steps with %d workers are %d: lower epochs or raise batch"
              .formatted(MOST_SHARES, job.epochs, stepsPerEpoch, job.workers, steps * job.workers));
    }
  }

  private void stragglers() {
    for (int rank : job.throttled.keySet()) {
      if (rank >= job.workers) {
        throw new IllegalArgumentException(
            "rank %d is throttled, but the job has ranks 0 to %d: throttle one of them or call dataParallel(...) with more"
                .formatted(rank, job.workers - 1));
      }
    }
  }
}
