/** What every simulation stands on: named random streams, interruption, work on all cores. */
@org.jspecify.annotations.NullMarked
package weft.sim;
