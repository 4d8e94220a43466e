package weft.job;

import weft.cluster.Server;
import weft.llm.Transformer;
import weft.units.Check;

/**
 * Inference of a model in bf16 by one tensor group of a server: prompts are read in (prefill), then
 * a batch of answers grows token by token (decode). A DGX H100 with all its GPUs, one request of
 * 1,024 tokens answered by 256 unless said otherwise.
 *
 * @param model what is asked
 * @param server where it runs
 * @param tensor GPUs that share each matrix, at most the server's
 * @param expert GPUs that experts are dealt out to, of one or more tensor groups; 1 cuts experts as
 *     all else over one tensor group
 * @param batch requests answered at once by each tensor group
 * @param prompt tokens of each request
 * @param output tokens of each answer, a reasoning model's thoughts among them
 */
public record InferenceJob(
    Transformer model, Server server, int tensor, int expert, int batch, int prompt, int output) {
  /**
   * @throws IllegalArgumentException if something is missing or out of range
   */
  public InferenceJob {
    Check.notNull("a model to ask", model, "write LLAMA3_70B");
    Check.notNull("a kind of server", server, "write for example DGX_H100");
    Check.atLeast(1, "tensor", tensor, "1 leaves matrices uncut");
    Check.atLeast(1, "batch", batch, "give requests");
    Check.atLeast(1, "prompt", prompt, "give tokens");
    Check.atLeast(1, "output", output, "give tokens");
    if (tensor > server.gpus() || model.heads().count() % tensor != 0) {
      throw new IllegalArgumentException(
          "a tensor group lies in one server and shares heads evenly, but %s has %d GPUs and %s has %d heads for %d: give a tensor degree that divides both"
              .formatted(
                  server.name(), server.gpus(), model.name(), model.heads().count(), tensor));
    }
    checkExperts(model, tensor, expert);
  }

  private static void checkExperts(Transformer model, int tensor, int expert) {
    Check.atLeast(1, "expert", expert, "1 cuts experts over one tensor group");
    if (expert == 1) {
      return;
    }
    if (model.experts().isEmpty()) {
      throw new IllegalArgumentException(
          "an expert degree needs experts, but %s is dense: leave expert(%d) out"
              .formatted(model.name(), expert));
    }
    int count = model.experts().get().count();
    if (expert % tensor != 0 || count % expert != 0) {
      throw new IllegalArgumentException(
          "experts are dealt out evenly to whole tensor groups, but %s has %d experts for %d GPUs in groups of %d: give an expert degree that divides %d and is a multiple of %d"
              .formatted(model.name(), count, expert, tensor, count, tensor));
    }
  }

  /**
   * With experts dealt out to so many GPUs, each tensor group among them with a batch of its own.
   */
  public InferenceJob expert(int gpus) {
    return new InferenceJob(model, server, tensor, gpus, batch, prompt, output);
  }

  /** GPUs that work together: a tensor group, or all that share experts. */
  public int gpus() {
    return Math.max(tensor, expert);
  }

  /** Tensor groups among them. */
  int groups() {
    return gpus() / tensor;
  }

  /** On a tensor group of so many GPUs of this kind of server. */
  public InferenceJob on(Server kind, int gpus) {
    return new InferenceJob(model, kind, gpus, expert, batch, prompt, output);
  }

  /** So many requests answered at once. */
  public InferenceJob batch(int requests) {
    return new InferenceJob(model, server, tensor, expert, requests, prompt, output);
  }

  /** Requests of so many tokens. */
  public InferenceJob prompt(int tokens) {
    return new InferenceJob(model, server, tensor, expert, batch, tokens, output);
  }

  /** Answers of so many tokens. */
  public InferenceJob output(int tokens) {
    return new InferenceJob(model, server, tensor, expert, batch, prompt, tokens);
  }

  /** How long it takes, and what it keeps and moves. */
  public ServingTime run() {
    return new ServingTime(this);
  }
}
