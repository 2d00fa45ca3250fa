/**
 * What finds an entity's newest events and a position or time: heads in memory, the map of heads behind them, heads files, the table of
 * positions. The only importer of Chronicle Map. All of it is derived from the journal, which it does not know. Internal: not part of the
 * API.
 */
package io.daybook.index;
