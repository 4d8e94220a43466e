/**
 * Messages as flows that share links by max-min fairness. {@link weft.engine.flow.FlowEngine} is
 * the one entry type; {@code Shares} knows the rates, {@code Filling} works them out, {@code
 * Finishes} and {@code Agenda} know what happens next.
 */
@NullMarked
package weft.engine.flow;

import org.jspecify.annotations.NullMarked;
