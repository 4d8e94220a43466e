package weft.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.nn.Activations.relu;
import static weft.nn.Activations.softmax;
import static weft.nn.Losses.crossEntropy;
import static weft.nn.Optimizers.lamb;
import static weft.nn.Optimizers.sgd;

import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import weft.llm.Transformer;
import weft.nn.Datasets;
import weft.nn.Network;
import weft.nn.Precision;
import weft.parallel.ParallelPlan;
import weft.parallel.PipelineSchedule;
import weft.parallel.Recomputation;
import weft.parallel.Sharding;

/** What cannot be executed is refused before anything runs, with what to write instead. */
class ParallelTrainingErrorsTest {
  private static final Network NETWORK =
      Network.inputs(64).dense(32, relu()).dense(10, softmax()).loss(crossEntropy());

  private static final ParallelTraining JOB =
      ParallelTraining.of(NETWORK).on(Datasets.digits()).batch(32).steps(2);

  private static void refused(String sentence, ParallelTraining job) {
    var refusal = assertThrows(IllegalArgumentException.class, job::run);
    assertEquals(sentence, refusal.getMessage());
  }

  @Test
  void aJobNeedsSamplesAndAPlan() {
    refused(
        "training needs samples: call on(Datasets.digits()) or on a data set of your own",
        ParallelTraining.of(NETWORK).plan(ParallelPlan.of(2)));
    refused("a plan says how the network is cut: call plan(ParallelPlan.of(4).pipeline(4))", JOB);
  }

  @Test
  void degreesMustDivide() {
    refused(
        "dense(32, relu()) is cut by its neurons, but 32 of them cannot be shared out to 3 GPUs evenly: give a multiple, or another tensor degree",
        JOB.plan(ParallelPlan.of(3).tensor(3)));
    refused(
        "each stage of a pipeline has a layer at least, but 2 layers cannot be dealt out to 4 stages: use fewer stages",
        JOB.plan(ParallelPlan.of(4).pipeline(4)));
    refused(
        "a global batch is shared out to 3 replicas in micro-batches of 1, but 32 is no multiple of 3: write for example globalBatch(33)",
        JOB.plan(ParallelPlan.of(3)));
    refused(
        "tensor 3 x context 1 x pipeline 1 must multiply to the 4 GPUs of the plan, but a replica of 3 GPUs does not divide them: change a degree or the GPU count",
        JOB.plan(ParallelPlan.of(4).tensor(3)));
    refused(
        "an interleaved schedule takes micro-batches in rounds of one a stage, but 3 are no multiple of 2 stages: give other micro-batches",
        ParallelTraining.of(deep())
            .on(Datasets.digits())
            .batch(3)
            .plan(ParallelPlan.of(2).pipeline(2, PipelineSchedule.interleaved(2))));
    refused(
        "ZB-H2 needs 3 micro-batches to fill 2 stages, but there are 2: give other micro-batches",
        JOB.plan(ParallelPlan.of(2).pipeline(2, PipelineSchedule.zeroBubbleH2()).microBatch(16)));
  }

  /** In the same words as when the plan's memory is asked for. */
  @Test
  void aStageAloneIsNotInterleaved() {
    var plan = ParallelPlan.of(2).pipeline(1, PipelineSchedule.interleaved(2)).microBatch(16);
    refused(
        "an interleaved schedule needs a pipeline, but there is one stage: raise pipeline or leave the schedule out",
        JOB.plan(plan));
    assertEquals(
        "an interleaved schedule needs a pipeline, but there is one stage: raise pipeline or leave the schedule out",
        plan.problem(Transformer.LLAMA3_8B, 32).orElseThrow());
  }

  private static Network deep() {
    var builder = Network.inputs(64);
    for (int i = 0; i < 3; i++) {
      builder = builder.dense(8, relu());
    }
    return builder.dense(10, softmax()).loss(crossEntropy());
  }

  @Test
  void matricesAreCutInPairs() {
    var one = Network.inputs(64).dense(10, softmax()).loss(crossEntropy());
    refused(
        "tensor(2) cuts two dense layers in a row, of which the first is no softmax, or attention, but dense(10, softmax()) has neither: add a dense layer, or write tensor(1)",
        ParallelTraining.of(one).on(Datasets.digits()).plan(ParallelPlan.of(2).tensor(2)));
    refused(
        "each stage of a pipeline has a layer at least, or a pair that is cut over GPUs, but 1 of these cannot be dealt out to 2 stages: use fewer stages",
        JOB.plan(ParallelPlan.of(4).tensor(2).pipeline(2)));
    refused(
        "tensor(2) cuts two dense layers in a row, of which the first is no softmax, or attention, but dense(10, softmax()) has neither: add a dense layer, or write tensor(1) or fewer stages",
        ParallelTraining.of(odd())
            .on(Datasets.digits())
            .plan(ParallelPlan.of(4).tensor(2).pipeline(2)));
  }

  private static Network odd() {
    var builder = Network.inputs(64).dense(32, relu()).dense(32, relu());
    return builder.dense(10, softmax()).loss(crossEntropy());
  }

  @Test
  void whatLooksAtTheWholeIsNotCut() {
    refused(
        "clipNorm(1) looks at the norm of the whole gradient, of which each GPU of this plan has a part: leave it out, or cut the batch alone",
        JOB.with(sgd(0.1).clipNorm(1)).plan(ParallelPlan.of(2).tensor(2)));
    refused(
        "lamb(0.1) looks at the norms of whole weight matrices, of which each GPU of this plan has a part: use adamW(0.001)",
        JOB.with(lamb(0.1)).plan(ParallelPlan.of(2).sharded(Sharding.ZERO_2)));
    var normed = Network.inputs(64).dense(8, relu()).batchNorm().dense(10, softmax());
    refused(
        "batchNorm() remembers means of what a GPU has seen, and each of 2 replicas sees another share of the batch, so they would not come to what one GPU remembers: use layerNorm(), or a plan without data parallelism",
        ParallelTraining.of(normed.loss(crossEntropy()))
            .on(Datasets.digits())
            .plan(ParallelPlan.of(2).microBatch(4)));
    refused(
        "ZERO_3 scatters gradients after each micro-batch, of which a pipeline has many under way, so that more would move than is saved: write sharded(Sharding.ZERO_1), as DeepSpeed asks for too",
        JOB.plan(ParallelPlan.of(4).pipeline(2).sharded(Sharding.ZERO_3)));
  }

  @Test
  void whatIsNotExecutedIsSaid() {
    refused(
        "a plan that calculates activations again has its memory and traffic in tables, but is not executed: leave out recomputing(...)",
        JOB.plan(ParallelPlan.of(2).recomputing(Recomputation.FULL)));
    var rounded = NETWORK.precision(Precision.BFLOAT16);
    refused(
        "numbers are rounded tensor by tensor in bfloat16, and parts of a tensor would be rounded otherwise than the whole: write precision(Precision.FLOAT32)",
        ParallelTraining.of(rounded).on(Datasets.digits()).plan(ParallelPlan.of(2)));
    refused(
        "each GPU of an executed plan is a thread, of which there are at most 128, but the plan has 256: execute a smaller one",
        JOB.batch(256).plan(ParallelPlan.of(256)));
  }

  /** One GPU notices, and all others, which wait for it, are told. */
  @Test
  void aDivergingTrainingEndsOnAllGpus() {
    var wild = JOB.steps(50).with(sgd(1e30));
    for (ParallelPlan plan :
        new ParallelPlan[] {
          ParallelPlan.of(2).pipeline(2), ParallelPlan.of(2).tensor(2), ParallelPlan.of(2)
        }) {
      var failure = assertThrows(ArithmeticException.class, wild.plan(plan)::run);
      assertTrue(failure.getMessage().contains("try sgd("), failure.getMessage());
    }
  }

  @Test
  void theReaderCanInterrupt() {
    Thread.currentThread().interrupt();
    var job = JOB.plan(ParallelPlan.of(2).pipeline(2));
    assertThrows(CancellationException.class, job::run);
  }
}
