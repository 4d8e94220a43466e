/** What every result answers: a table, a chart, a picture, and where its numbers come from. */
@org.jspecify.annotations.NullMarked
package weft.report;
