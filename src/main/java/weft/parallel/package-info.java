/** How a large model is cut over GPUs: plans, the memory they need, the bytes they move. */
@org.jspecify.annotations.NullMarked
package weft.parallel;
