import { Writable } from 'node:stream'
import type { Command } from 'commander'
import { describe, expect, test } from 'vitest'
import { Outlet } from './output/outlet.ts'
import { createProgram, everyCommand } from './program.ts'
import { isTopic, readTopic, topics } from './topics.ts'

const fence = '```'

function program(): Command {
  const outlet = new Outlet(new Writable(), { color: false })
  return createProgram({ run: async () => undefined, out: outlet, err: outlet })
}

/** What `--help` prints, examples included. */
function helpOf(command: Command): string {
  let text = ''
  command.configureOutput({ ...command.configureOutput(), writeOut: (part) => (text += part) })
  command.outputHelp()
  return text.trimEnd()
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`
}

describe('the command line', () => {
  test('is the one docs/command-line.md shows', async () => {
    const sections: string[] = []
    everyCommand(program(), (command) => {
      sections.push(`## ${pathOf(command)}\n\n${fence}text\n${helpOf(command)}\n${fence}`)
    })
    for (const topic of Object.keys(topics)) {
      if (isTopic(topic))
        sections.push((await readTopic(topic)).trimEnd().replace(/^# (.*)/, `## sluice help ${topic}: $1`))
    }
    await expect(`${[introduction, ...sections].join('\n\n')}\n`).toMatchFileSnapshot(
      '../../../docs/command-line.md',
    )
  })

  test('shows an example for every command that reads or changes a source or the repository', () => {
    const without: string[] = []
    everyCommand(program(), (command) => {
      const obvious = ['show', 'rejected', 'approve', 'reject', 'model'].includes(command.name())
      if (!obvious && !helpOf(command).includes('Examples:')) without.push(pathOf(command))
    })
    expect(without).toEqual([])
  })
})

const introduction = `# The command line

Results go to standard output, everything else (progress, hints, errors) to standard error, so that \`sluice … > file\`
and \`sluice … | head\` do what they look like. On a terminal there are colors and a line that says what is being done;
\`NO_COLOR\`, \`FORCE_COLOR\` and \`--no-color\` are respected, and nothing is cut to a width where no terminal is. What is longer
than the window is shown with the pager that \`PAGER\` names, or \`less\`; \`--no-pager\` and \`PAGER=cat\` want none.

| exit status | means |
| --- | --- |
| 0 | done |
| 1 | failed; what went wrong is on standard error, with its code from [errors.md](errors.md). Or somebody answered no |
| 2 | wrong usage |
| 3 | held by a threshold, or on request (\`--hold\`), nothing was applied; for a plan: it would be held |
| 4 | of \`sluice plan --detailed-exitcode\`: something would change |
| 130 | interrupted with Ctrl-C; nothing of the work in hand was applied |

With \`--json\` exactly one JSON document is on standard output, also when the work failed:
\`{"error": {"code", "message", "remedy", "place"}}\`. \`sluice sync\` prints the report of its run, an array of reports
when it is given several sources; \`sluice plan\` prints a report with the first changes as \`changes\`, an array of them for several sources.

The project is the nearest folder with a \`sluice.yaml\`: the current one, or one above it ([project](#sluice-help-project-the-project)).
Commands that are printed as hints are written so that they work where they are read: \`sluice …\` where the shell finds it, \`npx
sluice …\` where npm does, or the way to the program.

\`sluice completion bash\`, \`zsh\` or \`fish\` prints what makes these shells complete commands, options, and the names of sources,
entity types and jobs. \`sluice help\` tells about topics, too; they stand at the end of this page.

What Node has compiled of the program is kept for the next start, in \`sluice\` in the user's cache folder (\`~/.cache\`, or
\`XDG_CACHE_HOME\`). \`NODE_COMPILE_CACHE\` names another folder, \`NODE_DISABLE_COMPILE_CACHE=1\` wants none; it may be deleted
at any time.

This page is made from the program's own help: \`npx vitest run packages/cli/src/program.test.ts -u\` renews it.`
