/**
 * Tutorials: pages whose blocks ```` ```console ```` hold commands and what these print, and whose blocks such as
 * ```` ```yaml sluice.yaml ```` are files.
 *
 * @module
 */

/** A block of a page. */
export interface ConsoleBlock {
  /** The heading it stands under. */
  readonly heading: string
  /** As they are typed. */
  readonly commands: readonly string[]
}

const fence = /^```(?<language>\w+)(?: (?<path>\S+))?\n(?<text>[\s\S]*?)^```$/gm

/** The files that a page shows, by path; of several with one path the last. */
export function filesOf(page: string): ReadonlyMap<string, string> {
  return new Map(
    [...page.matchAll(fence)].flatMap(({ groups }) => {
      const { path, text = '' } = groups ?? {}
      return path === undefined ? [] : [[path, text] as const]
    }),
  )
}

export function consoleBlocks(page: string): readonly ConsoleBlock[] {
  return [...page.matchAll(fence)].flatMap(({ groups, index }) => {
    const { language, text = '' } = groups ?? {}
    if (language !== 'console') return []
    const heading = page
      .slice(0, index)
      .match(/^#+ .*$/gm)
      ?.at(-1)
    return [{ heading: heading?.replace(/^#+ /, '') ?? '', commands: commandsOf(text) }]
  })
}

/**
 * The page with what the commands print now. Commands and files come in the order in which they stand there; without
 * `write`, a file is no more than text.
 */
export async function playPage(
  page: string,
  play: (command: string) => Promise<string>,
  write?: (path: string, text: string) => Promise<void>,
): Promise<string> {
  const parts: string[] = []
  let end = 0
  for (const block of page.matchAll(fence)) {
    const { language, path, text = '' } = block.groups ?? {}
    if (language === 'console') {
      parts.push(page.slice(end, block.index), '```console\n')
      for (const command of commandsOf(text)) parts.push(`$ ${command}\n`, await play(command))
      parts.push('```')
      end = block.index + block[0].length
    } else if (path !== undefined) {
      await write?.(path, text)
    }
  }
  return [...parts, page.slice(end)].join('')
}

function commandsOf(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => (line.startsWith('$ ') ? [line.slice(2)] : []))
}

/** What a shell would make of it, where it knows nothing but blanks and single quotes. */
export function wordsOf(command: string): readonly string[] {
  return [...command.matchAll(/(?:[^\s']|'[^']*')+/g)].map(([word]) => word.replaceAll("'", ''))
}
