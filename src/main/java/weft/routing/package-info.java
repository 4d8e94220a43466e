/** Which of several equally short paths a packet takes. */
@org.jspecify.annotations.NullMarked
package weft.routing;
