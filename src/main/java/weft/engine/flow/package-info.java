/**
 * Messages as flows that share links by max-min fairness. {@link weft.engine.flow.FlowEngine} is
 * the one entry type; {@code Shares} knows the rates, {@code Filling} works them out, {@code
 * Finishes} and {@code Agenda} know what happens next.
 *
 * <p>{@code FlowEngine} moves messages at max-min fair rates; {@code Experiment.at(flows())} runs
 * on it. Paths are the packet engine's own, so the two differ in nothing but what they know of
 * queues.
 *
 * <ul>
 *   <li>A start or an end matters to those held back by its links, to those held back by other
 *       links of these, and so on; only they are filled anew ({@code Shares}, {@code Filling}), and
 *       afterwards each link they filled is looked at for others that it holds back now. Of 8,192
 *       flows on a fat-tree of 1,024 hosts 73 are, on average, where a filling of all would take
 *       thousands.
 *   <li>Ports that flows take in equal parts ({@code EvenSpread}: the stages between two leaves,
 *       found once) are one link of which one port stands for all ({@code Bundles}), until a set
 *       holds only some of them, a flow takes one alone or one changes its rate.
 *   <li>Acknowledgements hold no flow back; links that they cross are narrower by what follows from
 *       who is active ({@code Answers}), since by their rates each flow would depend on all others:
 *       of 2,048 flows a start then fills 1,000 anew, five times, in place of 80. Those whom a
 *       narrowed link holds back are filled anew, others only if it is full.
 *   <li>Sets of flows that come back are remembered ({@code Memory}): a ring of 1,024 ranks works
 *       its rates out once. Links then hear of starts and stops only when something must be worked
 *       out.
 *   <li>A collective that can say so ({@code Rounds}: rings) is not listed beyond a million
 *       transfers: closed forms take its first round, {@code RoundsRun} simulates rounds until they
 *       repeat, or until it is clear that messages do not hold each other up and a recurrence gives
 *       the rest ({@code RingRecurrence}). Routes are searched once, likely sets of ports first,
 *       and of all leaves with the same neighbours for only one ({@code Twins}).
 *   <li>Traffic classes ({@code ClassShares}) have {@code Shares} each, over what the other classes
 *       leave: one after the other where strict, in turns until nothing changes where weighted. A
 *       change of a link's capacity is a start to all who use it.
 *   <li>Faults ({@code FlowFaults}) are the packets' {@code FaultPlan}: an idle packet engine is
 *       told of them and asked for ways anew ({@code PathFinder}); a flow whose way is cut is
 *       stalled until there is one and its sender has noticed ({@code Retrials}).
 *   <li>{@code src/test/peers/simgrid.sh} runs the same flows in SimGrid; makespans agree in every
 *       digit it prints.
 * </ul>
 */
@NullMarked
package weft.engine.flow;

import org.jspecify.annotations.NullMarked;
