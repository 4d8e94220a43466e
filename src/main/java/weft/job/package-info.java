/**
 * Jobs too large to be trained here: their compute is modelled, their step time taken apart.
 *
 * <p>A {@code Transformer} says what a model holds, a {@code ParallelPlan} cuts it and knows memory
 * ({@code PlanMemory}) and bytes ({@code PlanTraffic}), which {@code TrafficMap} lays over a
 * fabric, rank by rank ({@code PlanFlows}), by the switches between GPUs ({@code Crossings}).
 * {@code StepParts} puts times to both: kernels by the roofline ({@code LayerWork}), exchanges by
 * rings over NVLink and NICs ({@code AxisTime}), the pipeline by its slowest stage ({@code
 * PipelineTime}; {@code PipelineTimeline} carries the schedule out, and tests hold both to the
 * formula). One constant is fitted, {@code TrainingJob.PRODUCT_SHARE}, to Megatron-LM's ten rows;
 * all else is from data sheets and NCCL.
 *
 * <p>A {@code Locality} says how many ranks of an exchange share a server and how much slower the
 * network makes the rest: packed ranks and full NICs, or what {@code Jobs} found on a fabric. There
 * a {@code PlacedJob} knows who sends what to whom ({@code Exchange}), and {@code SharedClock} runs
 * each job's step on the flow engine as silence, then all bytes of one axis after the other; the
 * mean time of an axis over that at full NIC rate is its slowdown in {@code StepTime}. On one
 * switch all slowdowns are 1, which tests hold. Storage is {@code FrontEnd}'s narrowest part
 * ({@code StorageTime}, {@code CheckpointInterval}); storage nodes that stand on a fabric's leaves
 * ({@code Fabric.storage}) are endpoints after the GPUs, and only {@code SharedBackend} and a
 * reader's own traffic write to them.
 */
@org.jspecify.annotations.NullMarked
package weft.job;
