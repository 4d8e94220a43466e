/** Jobs too large to be trained here: their compute is modelled, their step time taken apart. */
@org.jspecify.annotations.NullMarked
package weft.job;
