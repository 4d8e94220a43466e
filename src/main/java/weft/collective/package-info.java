/**
 * Collectives as plain data: which part of the array goes from whom to whom, and after what.
 *
 * <p>{@link weft.collective.AllReduce} and its like make a {@link weft.collective.Schedule}, say
 * what it shall come to ({@link weft.collective.Effect}) and what it costs ({@link
 * weft.collective.Cost}); {@link weft.collective.ScheduleBuilder} is what they write it with, and a
 * reader in a cell. {@link weft.collective.Nccl} is NCCL's own model of its choice.
 *
 * <p>A {@code Schedule} is flat arrays of transfers by step. A transfer carries what its sender
 * held when all earlier steps, and nothing of its own, had arrived: so {@code Dependencies} finds
 * what it waits for, rank by rank, from the sections that enter and leave, and no algorithm keeps
 * books. Transfers that wait for the same ones share a gate, so that a server of N ranks needs N
 * entries, not N squared; an engine turns them round with {@code Dependents}. A switch that adds is
 * a helper: a number after the ranks' with an array of its own. Runs unfold it to the fabric's own
 * switches ({@code PlacedCollectives}, {@code SwitchTree}), with arrays, gates and cables like
 * everyone's; among packets each has endpoints inside ({@code Adders}) that end its neighbours'
 * connections. Chunks, channels, rails and hierarchies put together schedules ({@code include}), so
 * every AllReduce has them. Each kind of collective states its {@code Effect} by definition, and
 * one test executes all algorithms against it on 1 to 64 ranks; each algorithm's {@code cost} is a
 * closed form, held against its schedule, which {@code AlphaBeta} sweeps over sizes. A {@code
 * BucketExchange} is what a gradient makes of them: an AllReduce, or where most is left out and
 * remembered ({@code Residuals}) an AllGather of pairs (top-k) or bits through each share's owner.
 * {@code Nccl} is apart from all: NCCL's own tuning model, what it would choose and expect.
 */
@org.jspecify.annotations.NullMarked
package weft.collective;
