/** Times by closed forms: {@link weft.engine.analytic.StaticLoad}. */
@org.jspecify.annotations.NullMarked
package weft.engine.analytic;
