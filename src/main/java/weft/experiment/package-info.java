/** One run of a collective or of any traffic over a fabric, and comparisons of several. */
@org.jspecify.annotations.NullMarked
package weft.experiment;
