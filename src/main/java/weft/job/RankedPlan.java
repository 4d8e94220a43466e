package weft.job;

import weft.parallel.ParallelPlan;
import weft.parallel.PlanMemory;

/**
 * A plan that fits, with what it comes to.
 *
 * @param plan how the model is cut
 * @param step its time
 * @param memory of the fullest GPU
 */
public record RankedPlan(ParallelPlan plan, StepTime step, PlanMemory memory) {}
