package weft.llm;

import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.report.Digits;
import weft.report.Numbers;
import weft.report.Tabular;
import weft.units.Check;

/**
 * A transformer as a specification: what it holds and what a token costs, without a single weight.
 *
 * <p>Parameters are counted one by one, so that published counts come out to the last digit. FLOPs
 * are those of the matrix products, as Narayanan et al. (SC21, appendix) count them: two for each
 * weight and token, attention over all positions, the backward pass twice the forward pass.
 */
public final class Transformer implements Tabular {
  private final String name;
  private final BlockForm form;
  private final int layers;
  private final int hidden;
  private final Heads heads;
  private final int ffn;
  private final @Nullable Experts experts;
  private final int vocabulary;
  private final int sequence;

  private Transformer(
      String name,
      BlockForm form,
      int layers,
      int hidden,
      Heads heads,
      int ffn,
      @Nullable Experts experts,
      int vocabulary,
      int sequence) {
    Limits.check(layers, hidden, heads, ffn, experts, vocabulary);
    this.name = name;
    this.form = form;
    this.layers = layers;
    this.hidden = hidden;
    this.heads = heads;
    this.ffn = ffn;
    this.experts = experts;
    this.vocabulary = vocabulary;
    this.sequence = sequence;
  }

  /** GPT-3 175B (Brown et al., 2020) with the vocabulary as Megatron-LM pads it. */
  public static final Transformer GPT3_175B = gpt(96, 12_288, 96).named("GPT-3 175B");

  /** Llama 2 7B (Touvron et al., 2023): 6,738,415,616 parameters. */
  public static final Transformer LLAMA2_7B =
      llama(32, 4096, 32).ffn(11_008).vocabulary(32_000).sequence(4096).named("Llama 2 7B");

  /** Llama 2 13B: 13,015,864,320 parameters. */
  public static final Transformer LLAMA2_13B =
      llama(40, 5120, 40).ffn(13_824).vocabulary(32_000).sequence(4096).named("Llama 2 13B");

  /** Llama 2 70B: 68,976,648,192 parameters. */
  public static final Transformer LLAMA2_70B =
      llama(80, 8192, 64)
          .kvHeads(8)
          .ffn(28_672)
          .vocabulary(32_000)
          .sequence(4096)
          .named("Llama 2 70B");

  /** Llama 3 8B (Llama Team, 2024, table 3): 8,030,261,248 parameters. */
  public static final Transformer LLAMA3_8B =
      llama(32, 4096, 32).kvHeads(8).ffn(14_336).named("Llama 3 8B");

  /** Llama 3 70B: 70,553,706,496 parameters. */
  public static final Transformer LLAMA3_70B =
      llama(80, 8192, 64).kvHeads(8).ffn(28_672).named("Llama 3 70B");

  /** Llama 3 405B: 405,853,388,800 parameters. */
  public static final Transformer LLAMA3_405B =
      llama(126, 16_384, 128).kvHeads(8).ffn(53_248).named("Llama 3 405B");

  /** Mixtral 8x7B (Jiang et al., 2024): 46,702,792,704 parameters, 12.9 billion a token. */
  public static final Transformer MIXTRAL_8X7B =
      llama(32, 4096, 32)
          .kvHeads(8)
          .vocabulary(32_000)
          .sequence(32_768)
          .experts(new Experts(8, 2, 0, 14_336, 0))
          .named("Mixtral 8x7B");

  /**
   * DeepSeek-V3 (arXiv 2412.19437, section 4.2) without its extra prediction layer: 671 billion
   * parameters, 37 billion a token.
   */
  public static final Transformer DEEPSEEK_V3 =
      llama(61, 7168, 128)
          .heads(new LatentHeads(128, 1536, 512, 128, 64))
          .ffn(18_432)
          .vocabulary(129_280)
          .sequence(4096)
          .experts(new Experts(256, 8, 1, 2048, 3))
          .named("DeepSeek-V3");

  /**
   * A model of GPT's form: inner width {@code 4 h}, vocabulary 51,200, sequences of 2,048 tokens.
   *
   * @param layers at least 1
   * @param hidden numbers that stand for a token between layers, a multiple of {@code heads}
   * @param heads attention heads, at least 1
   */
  public static Transformer gpt(int layers, int hidden, int heads) {
    Heads all = multiHead(layers, hidden, heads);
    return new Transformer(
        "GPT of %d layers".formatted(layers),
        BlockForm.GPT,
        layers,
        hidden,
        all,
        (int) Math.min(4L * hidden, Integer.MAX_VALUE),
        null,
        51_200,
        2048);
  }

  /**
   * A model of Llama's form: inner width {@code 8/3 h} in whole numbers, vocabulary 128,256,
   * sequences of 8,192 tokens. Parameters as in {@link #gpt}.
   */
  public static Transformer llama(int layers, int hidden, int heads) {
    Heads all = multiHead(layers, hidden, heads);
    int inner = (int) (8L * hidden / 3);
    return new Transformer(
        "Llama of %d layers".formatted(layers),
        BlockForm.LLAMA,
        layers,
        hidden,
        all,
        inner,
        null,
        128_256,
        8192);
  }

  private static Heads multiHead(int layers, int hidden, int heads) {
    Check.atLeast(1, "layers", layers, "a small model has 12");
    Check.atLeast(1, "hidden", hidden, "a small model has 768");
    Check.atLeast(1, "heads", heads, "a small model has 12");
    if (hidden % heads != 0) {
      throw new IllegalArgumentException(
          "heads share the hidden width evenly, but %d cannot be shared by %d: give hidden = heads x width, most use 128"
              .formatted(hidden, heads));
    }
    return new GroupedHeads(heads, heads, hidden / heads);
  }

  /** This model under another name. */
  public Transformer named(String other) {
    Check.notNull("a model's name", other, "write for example \"mine\"");
    return new Transformer(other, form, layers, hidden, heads, ffn, experts, vocabulary, sequence);
  }

  /** This model with fewer heads for keys and values, a divisor of its heads. */
  public Transformer kvHeads(int count) {
    if (!(heads instanceof GroupedHeads grouped)) {
      throw new IllegalArgumentException(
          "latent attention keeps no heads of keys and values, so kvHeads does not apply to %s: leave it out"
              .formatted(name));
    }
    return heads(new GroupedHeads(grouped.count(), count, grouped.width()));
  }

  /** This model with another attention. */
  public Transformer heads(Heads other) {
    Check.notNull("a model's heads", other, "write for example new GroupedHeads(32, 8, 128)");
    return new Transformer(name, form, layers, hidden, other, ffn, experts, vocabulary, sequence);
  }

  /** This model with another inner width of its feed-forward networks. */
  public Transformer ffn(int width) {
    Check.atLeast(1, "ffn", width, "GPT has 4 x hidden");
    return new Transformer(name, form, layers, hidden, heads, width, experts, vocabulary, sequence);
  }

  /** This model with experts in place of feed-forward networks. */
  public Transformer experts(Experts mixture) {
    Check.notNull("experts", mixture, "write new Experts(8, 2, 0, 14_336, 0)");
    if (mixture.denseLayers() >= layers) {
      throw new IllegalArgumentException(
          "some layers must have experts, but %d of %d are dense: lower denseLayers"
              .formatted(mixture.denseLayers(), layers));
    }
    return new Transformer(name, form, layers, hidden, heads, ffn, mixture, vocabulary, sequence);
  }

  /** This model with another vocabulary, in tokens. */
  public Transformer vocabulary(int tokens) {
    Check.atLeast(1, "vocabulary", tokens, "GPT-3 has 50257, padded to 51200");
    return new Transformer(name, form, layers, hidden, heads, ffn, experts, tokens, sequence);
  }

  /** This model trained on sequences of so many tokens. */
  public Transformer sequence(int tokens) {
    Check.atLeast(1, "sequence", tokens, "GPT-3 has 2048");
    return new Transformer(name, form, layers, hidden, heads, ffn, experts, vocabulary, tokens);
  }

  /** What tables call it. */
  public String name() {
    return name;
  }

  /** What stands around the large matrices. */
  public BlockForm form() {
    return form;
  }

  /** Layers, each an attention and a feed-forward network or experts. */
  public int layers() {
    return layers;
  }

  /** Numbers that stand for a token between layers. */
  public int hidden() {
    return hidden;
  }

  /** The attention of each layer. */
  public Heads heads() {
    return heads;
  }

  /** Inner width of a feed-forward network. */
  public int ffn() {
    return ffn;
  }

  /** The mixture of experts; empty for a dense model. */
  public Optional<Experts> experts() {
    return Optional.ofNullable(experts);
  }

  /** Layers that have experts, 0 for a dense model. */
  public int expertLayers() {
    return experts == null ? 0 : layers - experts.denseLayers();
  }

  /** Tokens it knows. */
  public int vocabulary() {
    return vocabulary;
  }

  /** Tokens of a sequence in training. */
  public int sequence() {
    return sequence;
  }

  /** All parameters. */
  public long parameters() {
    return Parts.of(this).stream().mapToLong(p -> p.copies() * p.parameters()).sum();
  }

  /** Parameters that one token meets; all of a dense model. */
  public long activeParameters() {
    return Parts.of(this).stream().mapToLong(p -> p.copies() * p.active()).sum();
  }

  /** Parameters of all experts that a router chooses among, 0 for a dense model. */
  public long expertParameters() {
    return sum("experts");
  }

  /** Parameters of the embedding, with learned positions. */
  public long embeddingParameters() {
    return sum("embedding") + sum("positions");
  }

  /** Parameters of the output matrix, 0 where it is the embedding's. */
  public long outputParameters() {
    return sum("output");
  }

  private long sum(String part) {
    return Parts.of(this).stream()
        .filter(p -> p.name().equals(part))
        .mapToLong(p -> p.copies() * p.parameters())
        .sum();
  }

  /** FLOPs of one token, forward. */
  public double forwardFlopsPerToken() {
    return flops(p -> p.copies() * p.forwardFlops());
  }

  /** FLOPs of one token in training: forward, and twice that backward. */
  public double trainingFlopsPerToken() {
    return 3 * forwardFlopsPerToken();
  }

  /**
   * FLOPs of one training step: {@code 72 B s l h² (1 + s/(6h) + V/(12 l h))} for GPT's form.
   *
   * @param globalBatch sequences, at least 1
   */
  public double iterationFlops(int globalBatch) {
    Check.atLeast(1, "globalBatch", globalBatch, "give sequences, not tokens");
    return trainingFlopsPerToken() * globalBatch * sequence;
  }

  /**
   * {@link #iterationFlops} when each layer's forward pass is repeated in the backward pass: {@code
   * 96 B s l h² (1 + s/(6h) + V/(16 l h))} for GPT's form (Narayanan et al., SC21, eq. 3).
   */
  public double recomputedIterationFlops(int globalBatch) {
    double layersOnly = flops(p -> p.name().equals("output") ? 0 : p.copies() * p.forwardFlops());
    return iterationFlops(globalBatch) + layersOnly * globalBatch * sequence;
  }

  private double flops(ToDoubleFunction<Part> of) {
    return Parts.of(this).stream().mapToDouble(of).sum();
  }

  /** A row a kind of layer, and all: how many, parameters, forward FLOPs of a token. */
  @Override
  public Table table() {
    List<Part> parts = Parts.of(this);
    var names = StringColumn.create("layer");
    var copies = IntColumn.create("copies");
    var each = Numbers.column("parameters each (M)");
    var all = Numbers.column("parameters (B)");
    var active = Numbers.column("active a token (B)");
    var flops = Numbers.column("forward (GFLOP/token)");
    for (Part part : parts) {
      names.append(part.name());
      copies.append(part.copies());
      each.append(part.parameters() / 1e6);
      all.append(part.copies() * part.parameters() / 1e9);
      active.append(part.copies() * part.active() / 1e9);
      flops.append(part.copies() * part.forwardFlops() / 1e9);
    }
    names.append("all");
    copies.appendMissing();
    each.appendMissing();
    all.append(parameters() / 1e9);
    active.append(activeParameters() / 1e9);
    flops.append(forwardFlopsPerToken() / 1e9);
    return Table.create(name, names, copies, each, all, active, flops);
  }

  /** For example {@code Llama 3 405B: 405.9 billion parameters, 126 layers of 16384, 128 heads}. */
  @Override
  public String toString() {
    return "%s: %s billion parameters, %d layers of %d, %s%s"
        .formatted(
            name,
            Digits.of(parameters() / 1e9, 4),
            layers,
            hidden,
            heads,
            experts == null ? "" : ", " + experts);
  }
}
