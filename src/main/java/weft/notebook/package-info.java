/** What a notebook's reader calls: showing, looking up, predicting, checking. */
@org.jspecify.annotations.NullMarked
package weft.notebook;
