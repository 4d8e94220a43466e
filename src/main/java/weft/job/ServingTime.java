package weft.job;

import org.apache.commons.math3.util.FastMath;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.cluster.Accelerator;
import weft.llm.GroupedHeads;
import weft.llm.Transformer;
import weft.report.Digits;
import weft.report.Tabular;
import weft.units.DataSize;
import weft.units.Time;
import weft.units.Units;

/**
 * Latency and throughput of inference by the roofline: prefill is bound by arithmetic, decode by
 * reading all weights and the cache for every token. Two AllReduce a layer are waited for. Queues
 * before the server are not modelled.
 */
public final class ServingTime implements Tabular {
  private static final int BYTES = 2;
  private static final double NVLINK_SHARE = 0.8;
  private static final double NIC_SHARE = 0.94;

  /** NCCL's ring over NVLink with the protocol LL: base, step, share of the rate (tuning.cc). */
  private static final double LL_BASE = 6.6e-6;

  private static final double LL_STEP = 0.6e-6;
  private static final double LL_SHARE = 0.5;

  /** The same with the protocol Simple. */
  private static final double SIMPLE_BASE = 8.4e-6;

  private static final double SIMPLE_STEP = 3.4e-6;

  private final InferenceJob job;
  private final Transformer model;
  private final Accelerator accelerator;

  ServingTime(InferenceJob job) {
    this.job = job;
    model = job.model();
    Accelerator given = job.server().accelerator();
    accelerator = given.efficiency(given.efficiency() * TrainingJob.PRODUCT_SHARE);
  }

  /** Keys and values of one token in all layers: {@code 2 l k d} numbers of 2 bytes. */
  public DataSize cachePerToken() {
    return new DataSize((long) BYTES * model.layers() * model.heads().cachedWidth());
  }

  /** Keys and values of all requests at the end of their answers. */
  public DataSize cache() {
    return cachePerToken().times((double) job.batch() * (job.prompt() + job.output()));
  }

  /** Of one GPU: its share of weights and cache; latent keys and values are on every GPU. */
  public DataSize memory() {
    return new DataSize(BYTES * model.parameters() / job.tensor())
        .plus(cache().times(1.0 / cacheShare()));
  }

  /** Whether that is at most a GPU's memory. */
  public boolean fits() {
    return memory().bytes() <= accelerator.memoryBytes();
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
        accelerator.timeFor(flops / job.tensor(), BYTES * touched(tokens) / job.tensor()).seconds()
            + exchanges(tokens));
  }

  /** Time of one more token for every request, half of the answers given: time per output token. */
  public Time decode() {
    double context = job.prompt() + job.output() / 2.0;
    double flops = job.batch() * (2 * multiplied() + attentionFlops(context));
    double kept = cachePerToken().bytes() * context * job.batch() / cacheShare();
    double bytes = BYTES * touched(job.batch()) / job.tensor() + kept;
    return Units.seconds(
        accelerator.timeFor(flops / job.tensor(), bytes).seconds() + exchanges(job.batch()));
  }

  /** Weights that a token is multiplied with. */
  private double multiplied() {
    long embedding = model.form().isTied() ? 0 : model.embeddingParameters();
    return model.activeParameters() - embedding;
  }

  /** Weights read for so many tokens: of experts those that any of them is sent to. */
  private double touched(double tokens) {
    double dense = multiplied();
    return model
        .experts()
        .map(
            mixture -> {
              double share = (double) mixture.active() / mixture.count();
              double all = model.expertParameters();
              return dense - all * share + all * (1 - FastMath.pow(1 - share, tokens));
            })
        .orElse(dense);
  }

  private double attentionFlops(double context) {
    var heads = model.heads();
    return 2 * context * model.layers() * (heads.queryWidth() + heads.outputWidth());
  }

  private double exchanges(double tokens) {
    int t = job.tensor();
    if (t == 1) {
      return 0;
    }
    double sent = 2.0 * (t - 1) / t * BYTES * tokens * model.hidden();
    double rate = NVLINK_SHARE * accelerator.scaleUp().bitsPerSecond() / 8;
    int steps = 2 * (t - 1);
    double low = LL_BASE + steps * LL_STEP + sent / (LL_SHARE * rate);
    double simple = SIMPLE_BASE + steps * SIMPLE_STEP + sent / rate;
    return 2 * model.layers() * Math.min(low, simple);
  }

  /** Time of moving one prompt's cache to other servers that decode, over each GPU's own NIC. */
  public Time handOver() {
    double bytes = (double) cachePerToken().bytes() * job.prompt() / job.tensor();
    return Units.seconds(bytes / (NIC_SHARE * job.server().nic().bitsPerSecond() / 8));
  }

  /** Tokens answered in a second by all requests together, while they decode. */
  public double tokensPerSecond() {
    return job.batch() / decode().seconds();
  }

  /** From a request to the end of its answer: prefill and every further token. */
  public Time answer() {
    return Units.seconds(prefill().seconds() + (job.output() - 1) * decode().seconds());
  }

  /** A row a figure. */
  @Override
  public Table table() {
    var names = StringColumn.create("figure");
    var values = DoubleColumn.create("value");
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
            job.tensor(),
            job.server().name(),
            prefill(),
            decode(),
            Digits.of(tokensPerSecond(), 4),
            memory().decimal(),
            fits() ? "fits" : "does not fit: raise tensor or lower batch");
  }
}
