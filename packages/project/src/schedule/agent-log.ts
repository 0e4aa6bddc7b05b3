/**
 * What the agent writes its log with: data first, then a fixed sentence, as pino does.
 *
 * @module
 */

export interface AgentLog {
  /** For whoever looks closely. */
  debug(data: object, message: string): void
  info(data: object, message: string): void
  /** Somebody should look this week. */
  warn(data: object, message: string): void
  /** Somebody should look now. */
  error(data: object, message: string): void
}
