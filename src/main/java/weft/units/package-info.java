/** Quantities as types: time, rate and data size, with the literals a reader writes in a cell. */
@org.jspecify.annotations.NullMarked
package weft.units;
