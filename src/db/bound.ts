/**
 * Bound values that the query planner does not look at. The driver's SQLite is built with STAT4: it compiles a statement
 * again whenever a value changes that a plan might depend on, such as a `LIMIT ?` or what a join begins with. That takes
 * 4 µs and more each time, as much as the statement itself. An expression tells the planner nothing.
 */
export const BOUND_TEXT = `(? || '')`
export const BOUND_NUMBER = '(? + 0)'
