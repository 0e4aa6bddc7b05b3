/**
 * What the command returns to the shell. Scripts depend on these numbers: docs/command-line.md.
 *
 * @module
 */
export const exitStatus = Object.freeze({
  done: 0,
  failed: 1,
  wrongUsage: 2,
  /** A threshold was exceeded, or somebody wants to decide; nothing was applied. */
  held: 3,
  /** Of a plan with `--detailed-exitcode`: something would change. */
  changes: 4,
  /** Ctrl-C, as shells count it: 128 + SIGINT. */
  interrupted: 130,
})
export type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus]

/** The status of several sources or steps: the worst of theirs. */
export function worst(statuses: readonly ExitStatus[]): ExitStatus {
  const order: readonly ExitStatus[] = [
    exitStatus.interrupted,
    exitStatus.wrongUsage,
    exitStatus.failed,
    exitStatus.held,
    exitStatus.changes,
  ]
  return order.find((status) => statuses.includes(status)) ?? exitStatus.done
}
