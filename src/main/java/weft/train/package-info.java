/** Real training on a cluster: real gradients, reduced by the schedule that the fabric carries. */
@org.jspecify.annotations.NullMarked
package weft.train;
