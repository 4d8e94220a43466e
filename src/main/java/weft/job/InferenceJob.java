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
 * @param batch requests answered at once
 * @param prompt tokens of each request
 * @param output tokens of each answer, a reasoning model's thoughts among them
 */
public record InferenceJob(
    Transformer model, Server server, int tensor, int batch, int prompt, int output) {
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
  }

  /** On a tensor group of so many GPUs of this kind of server. */
  public InferenceJob on(Server kind, int gpus) {
    return new InferenceJob(model, kind, gpus, batch, prompt, output);
  }

  /** So many requests answered at once. */
  public InferenceJob batch(int requests) {
    return new InferenceJob(model, server, tensor, requests, prompt, output);
  }

  /** Requests of so many tokens. */
  public InferenceJob prompt(int tokens) {
    return new InferenceJob(model, server, tensor, batch, tokens, output);
  }

  /** Answers of so many tokens. */
  public InferenceJob output(int tokens) {
    return new InferenceJob(model, server, tensor, batch, prompt, tokens);
  }

  /** How long it takes, and what it keeps and moves. */
  public ServingTime run() {
    return new ServingTime(this);
  }
}
