/**
 * Tutorials: pages whose blocks ```` ```console ```` hold commands and what these print.
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

const fence = /^```console\n([\s\S]*?)^```$/gm

export function consoleBlocks(page: string): readonly ConsoleBlock[] {
  return [...page.matchAll(fence)].map(({ 1: text = '', index }) => ({
    heading:
      page
        .slice(0, index)
        .match(/^#+ .*$/gm)
        ?.at(-1)
        ?.replace(/^#+ /, '') ?? '',
    commands: commandsOf(text),
  }))
}

/** The page with what the commands print now. They are called one after the other. */
export async function playPage(page: string, play: (command: string) => Promise<string>): Promise<string> {
  const parts: string[] = []
  let end = 0
  for (const block of page.matchAll(fence)) {
    parts.push(page.slice(end, block.index), '```console\n')
    for (const command of commandsOf(block[1] ?? '')) parts.push(`$ ${command}\n`, await play(command))
    parts.push('```')
    end = block.index + block[0].length
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
