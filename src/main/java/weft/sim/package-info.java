/**
 * What every simulation stands on: named random streams, interruption, and an ordered event queue.
 */
@org.jspecify.annotations.NullMarked
package weft.sim;
