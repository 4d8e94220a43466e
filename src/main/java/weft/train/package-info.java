/**
 * Real training on a cluster: real gradients, reduced by the schedule that the fabric carries.
 *
 * <h2>Plans at work</h2>
 *
 * <p>{@code ParallelTraining} executes a {@code ParallelPlan} on a network: each GPU is a thread
 * ({@code PlanWorker}) with a {@code NetworkPart}, the layers that its place in the plan has: a run
 * of them ({@code StageCut}), slices of matrices ({@code TensorCut}), steps of the sequences
 * ({@code ContextCut}), experts ({@code ExpertCut}), shards ({@code ShardCut}). Exchanges are
 * layers too, {@code Receive}, {@code Send}, {@code SliceSum}, {@code Sharded}, whose stages ask
 * their workspace's {@code Peers}; so a part is an ordinary network for the engine, and axes
 * combine. {@code Link} answers: a {@code Group} waits for all and carries a ring's schedule out on
 * their arrays, a {@code Dispatch} moves sections of any lengths to experts, a {@code Mailbox}
 * holds what a stage sent. {@code ExpectedTraffic} has the formulas. Each GPU keeps what it did
 * ({@code PlanLog}); on a fabric {@code PlanClock} does it again in simulated time, each exchange a
 * {@code Meeting} of those who take part, by the same {@code CollectiveRun}s as a training's.
 */
@org.jspecify.annotations.NullMarked
package weft.train;
