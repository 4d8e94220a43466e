package weft.job;

import org.apache.commons.math3.util.FastMath;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.cluster.Accelerator;
import weft.llm.GroupedHeads;
import weft.llm.Transformer;
import weft.report.Digits;
import weft.report.Numbers;
import weft.report.Tabular;
import weft.units.DataSize;
import weft.units.Time;
import weft.units.Units;

/**
 * Latency and throughput of inference by the roofline: prefill is bound by arithmetic, decode by
 * reading all weights and the cache for every token. Two AllReduce a layer are waited for, of which
 * a layer of experts that are dealt out has one and two AllToAll. Queues before the server are not
 * modelled.
 */
public final class ServingTime implements Tabular {
  private static final int BYTES = 2;
  private final InferenceJob job;
  private final Transformer model;
  private final Accelerator accelerator;
  private final ServingWires wires;

  ServingTime(InferenceJob job) {
    this.job = job;
    model = job.model();
    Accelerator given = job.server().accelerator();
    accelerator = given.efficiency(given.efficiency() * TrainingJob.PRODUCT_SHARE);
    wires = new ServingWires(job);
  }

  /** Keys and values of one token in all layers: {@code 2 l k d} numbers of 2 bytes. */
  public DataSize cachePerToken() {
    return new DataSize((long) BYTES * model.layers() * model.heads().cachedWidth());
  }

  /** Keys and values of all requests at the end of their answers. */
  public DataSize cache() {
    return cachePerToken().times(job.batch() * tokensOfRequest());
  }

  private double tokensOfRequest() {
    return (double) job.prompt() + job.output();
  }

  /** Of one GPU: its share of weights and cache; latent keys and values are on every GPU. */
  public DataSize memory() {
    return weightsOfGpu().plus(cache().times(1.0 / cacheShare()));
  }

  private DataSize weightsOfGpu() {
    double dense = (double) (model.parameters() - model.expertParameters()) / job.tensor();
    double experts = (double) model.expertParameters() / job.gpus();
    return new DataSize((long) (BYTES * (dense + experts)));
  }

  /** Whether that is at most a GPU's memory. */
  public boolean fits() {
    return memory().bytes() <= accelerator.memoryBytes();
  }

  /** The largest batch that fits beside the weights, 0 where these alone do not. */
  public int largestBatch() {
    double room = (double) accelerator.memoryBytes() - weightsOfGpu().bytes();
    double ofRequest = cachePerToken().bytes() * tokensOfRequest() / cacheShare();
    return (int) Math.max(0, room / ofRequest);
  }

  /** GPUs that share the cache: each head with keys and values lies on one at least. */
  private int cacheShare() {
    return model.heads() instanceof GroupedHeads grouped
        ? Math.min(job.tensor(), grouped.kvHeads())
        : 1;
  }

  /** Time of reading one prompt in, up to the first token. */
  public Time prefill() {
    double tokens = job.prompt();
    double attention = attentionFlops(tokens / 2) * tokens;
    double flops = 2 * multiplied() * tokens + attention;
    return Units.seconds(
        accelerator.timeFor(flops / job.tensor(), BYTES * touched(tokens)).seconds()
            + exchanges(tokens));
  }

  /** Time of one more token for every request, half of the answers given: time per output token. */
  public Time decode() {
    double context = job.prompt() + job.output() / 2.0;
    double flops = job.batch() * (2 * multiplied() + attentionFlops(context));
    double kept = cachePerToken().bytes() * context * job.batch() / cacheShare();
    double bytes = BYTES * touched(job.batch()) + kept;
    return Units.seconds(
        accelerator.timeFor(flops / job.tensor(), bytes).seconds() + exchanges(job.batch()));
  }

  /** Weights that a token is multiplied with. */
  private double multiplied() {
    long embedding = model.form().isTied() ? 0 : model.embeddingParameters();
    return model.activeParameters() - embedding;
  }

  /** Weights that one GPU reads for so many tokens of each group: of experts those sent to. */
  private double touched(double tokens) {
    double dense = multiplied();
    return model
        .experts()
        .map(
            mixture -> {
              double share = (double) mixture.active() / mixture.count();
              double all = model.expertParameters();
              double visited = all * (1 - FastMath.pow(1 - share, tokens * job.groups()));
              return (dense - all * share) / job.tensor() + visited / job.gpus();
            })
        .orElse(dense / job.tensor());
  }

  private double attentionFlops(double context) {
    var heads = model.heads();
    return 2 * context * model.layers() * (heads.queryWidth() + heads.outputWidth());
  }

  private double exchanges(double tokens) {
    return wires.tensorCalls() * wires.tensorSeconds(tokens)
        + wires.expertCalls() * wires.expertSeconds(tokens);
  }

  ServingWires wires() {
    return wires;
  }

  InferenceJob job() {
    return job;
  }

  /** Keys and values of one prompt that one GPU hands over, bytes. */
  double handOverBytes() {
    return (double) cachePerToken().bytes() * job.prompt() / job.tensor();
  }

  /** Time of moving one prompt's cache to other servers that decode, over each GPU's own NIC. */
  public Time handOver() {
    double rate = AxisTime.NIC_SHARE * job.server().nic().bitsPerSecond() / 8;
    return Units.seconds(handOverBytes() / rate);
  }

  /**
   * The GPUs that so many requests a second need, where prompts are read and answers given by the
   * same GPUs, and by GPUs of their own.
   *
   * @param requestsPerSecond above 0
   */
  public ServingFleet fleet(double requestsPerSecond) {
    return new ServingFleet(this, requestsPerSecond);
  }

  /** Tokens answered in a second by all requests together, while they decode. */
  public double tokensPerSecond() {
    return job.groups() * job.batch() / decode().seconds();
  }

  /** From a request to the end of its answer: prefill and every further token. */
  public Time answer() {
    return Units.seconds(prefill().seconds() + (job.output() - 1) * decode().seconds());
  }

  /** A row a figure. */
  @Override
  public Table table() {
    var names = StringColumn.create("figure");
    var values = Numbers.column("value");
    String[] labels = {
      "time to first token (ms)",
      "time per output token (ms)",
      "answer (s)",
      "tokens/s",
      "cache of a token (kB)",
      "cache of the batch (GB)",
      "memory of a GPU (GB)",
      "hand-over of a prompt's cache (ms)"
    };
    double[] figures = {
      prefill().millis(),
      decode().millis(),
      answer().seconds(),
      tokensPerSecond(),
      cachePerToken().bytes() / 1e3,
      cache().bytes() / 1e9,
      memory().bytes() / 1e9,
      handOver().millis()
    };
    for (int i = 0; i < labels.length; i++) {
      names.append(labels[i]);
      values.append(figures[i]);
    }
    return Table.create("Inference of " + model.name(), names, values);
  }

  @Override
  public String toString() {
    return "%s on %d GPUs of %s: first token after %s, then one every %s, %s tokens/s, %s a GPU, which %s"
        .formatted(
            model.name(),
            job.gpus(),
            job.server().name(),
            prefill(),
            decode(),
            Digits.of(tokensPerSecond(), 4),
            memory().decimal(),
            verdict());
  }

  private String verdict() {
    if (fits()) {
      return "fits";
    }
    long capacity = accelerator.memoryBytes();
    int most = largestBatch();
    return "does not fit into %s: %s too much; %s"
        .formatted(
            new DataSize(capacity).decimal(),
            new DataSize(memory().bytes() - capacity).decimal(),
            most > 0
                ? "lower batch to %d".formatted(most)
                : "weights and one request are too much: raise tensor or expert, or take GPUs of more memory");
  }
}
