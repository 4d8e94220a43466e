package weft.job;

import weft.llm.Experts;
import weft.llm.Transformer;

/**
 * What inference sends between GPUs. AllReduce over NVLink takes what NCCL's tuning model says of
 * its ring with the faster of two protocols. Experts get tokens in float8 and give them back in
 * bf16, shared experts counted as chosen (Zhao et al., ISCA 2025, section 2.3.2).
 */
final class ServingWires {
  private static final int BYTES = 2;
  private static final int BYTES_TO_EXPERTS = 1;
  private static final int BYTES_FROM_EXPERTS = 2;

  /** NCCL's ring over NVLink with the protocol LL: base, step, share of the rate (tuning.cc). */
  private static final double LL_BASE = 6.6e-6;

  private static final double LL_STEP = 0.6e-6;
  private static final double LL_SHARE = 0.5;

  /** The same with the protocol Simple. */
  private static final double SIMPLE_BASE = 8.4e-6;

  private static final double SIMPLE_STEP = 3.4e-6;

  private final InferenceJob job;
  private final Transformer model;
  private final double nvlink;
  private final double nic;

  ServingWires(InferenceJob job) {
    this.job = job;
    model = job.model();
    nvlink = AxisTime.NVLINK_SHARE * job.server().accelerator().scaleUp().bitsPerSecond() / 8;
    nic = AxisTime.NIC_SHARE * job.server().nic().bitsPerSecond() / 8;
  }

  /** AllReduce calls for a token of each request. */
  int tensorCalls() {
    return job.tensor() == 1 ? 0 : 2 * model.layers() - expertCalls() / 2;
  }

  /** AllToAll calls, there and back. */
  int expertCalls() {
    return job.expert() == 1 ? 0 : 2 * model.expertLayers();
  }

  /** The array that so many tokens make of an AllReduce, bytes. */
  double tensorBytes(double tokens) {
    return BYTES * tokens * model.hidden();
  }

  /** What one GPU sends of it, bytes. */
  double tensorSent(double tokens) {
    int t = job.tensor();
    return 2.0 * (t - 1) / t * tensorBytes(tokens);
  }

  double tensorSeconds(double tokens) {
    int steps = 2 * (job.tensor() - 1);
    double sent = tensorSent(tokens);
    double low = LL_BASE + steps * LL_STEP + sent / (LL_SHARE * nvlink);
    double simple = SIMPLE_BASE + steps * SIMPLE_STEP + sent / nvlink;
    return Math.min(low, simple);
  }

  /** What one GPU has for experts in a call, the mean of there and back, bytes. */
  double expertBytes(double tokens) {
    double visits = model.experts().map(ServingWires::visits).orElse(0);
    double each = (BYTES_TO_EXPERTS + BYTES_FROM_EXPERTS) / 2.0;
    return each * tokens / job.tensor() * visits * model.hidden();
  }

  private static int visits(Experts mixture) {
    return mixture.active() + mixture.shared();
  }

  /** How many of the GPUs with experts share a server. */
  int inside() {
    int most = Math.min(job.expert(), job.server().gpus());
    while (job.expert() % most != 0) {
      most--;
    }
    return most;
  }

  /** What of a call leaves by the NIC, bytes. */
  double expertSentByNic(double tokens) {
    return expertBytes(tokens) * (job.expert() - inside()) / job.expert();
  }

  double expertSeconds(double tokens) {
    if (job.expert() == 1) {
      return 0;
    }
    double near = expertBytes(tokens) * (inside() - 1) / job.expert() / nvlink;
    double far = expertSentByNic(tokens) / nic;
    return (far > 0 ? AxisTime.NIC_STEP : AxisTime.NVLINK_STEP) + Math.max(near, far);
  }
}
