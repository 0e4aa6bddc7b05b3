/**
 * A tree as lines of text.
 *
 * @module
 */

export interface Branch {
  readonly label: string
  /** Whose own branches stand below it. */
  readonly id?: string
}

/** As `git log --graph` and `npm ls` draw: each line has all that leads to it. */
export function drawTree(root: string, branches: ReadonlyMap<string, readonly Branch[]>): readonly string[] {
  const lines: string[] = []
  const below = (id: string, prefix: string) => {
    const own = branches.get(id) ?? []
    return own.map((branch, index) => ({ branch, prefix, isLast: index === own.length - 1 })).reverse()
  }
  // Not by recursion: a chain may be as long as an answer.
  const open = below(root, '')
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { branch, prefix, isLast } = next
    lines.push(`${prefix}${isLast ? '└─' : '├─'} ${branch.label}`)
    if (branch.id !== undefined) open.push(...below(branch.id, `${prefix}${isLast ? '   ' : '│  '}`))
  }
  return lines
}
