/**
 * Collectives as plain data: which part of the array goes from whom to whom, and after what.
 *
 * <p>{@link weft.collective.AllReduce} and its like make a {@link weft.collective.Schedule}, say
 * what it shall come to ({@link weft.collective.Effect}) and what it costs ({@link
 * weft.collective.Cost}); {@link weft.collective.ScheduleBuilder} is what they write it with, and a
 * reader in a cell. {@link weft.collective.Nccl} is NCCL's own model of its choice.
 */
@org.jspecify.annotations.NullMarked
package weft.collective;
