/** Large language models as specifications: what they hold and what a token costs. */
@org.jspecify.annotations.NullMarked
package weft.llm;
