/** Internal: what the two ends of one reliable connection remember of its packets. */
@NullMarked
package weft.engine.reliability;

import org.jspecify.annotations.NullMarked;
