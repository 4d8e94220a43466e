/** Collectives as plain data: which part of the array goes from whom to whom, and after what. */
@org.jspecify.annotations.NullMarked
package weft.collective;
