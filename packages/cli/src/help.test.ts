import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { callCommandLine } from '../test/call-command-line.ts'
import { Outlet } from './output/outlet.ts'
import { createProgram } from './program.ts'
import { isTopic, readTopic, topics } from './topics.ts'

const here = import.meta.dirname

test('a topic is told', async () => {
  const { status, stdout } = await callCommandLine(here, ['help', 'held'])
  expect(status).toBe(0)
  expect(stdout).toContain('sluice runs approve 12')
})

test('a command and the one below it show their help', async () => {
  const asked = await callCommandLine(here, ['help', 'runs', 'show'])
  expect(asked).toMatchObject({ status: 0, stdout: expect.stringContaining('Usage: sluice runs show') })
  expect(asked).toEqual(await callCommandLine(here, ['runs', 'show', '--help']))
})

test('without a name it is the help of the program, which lists the topics', async () => {
  const asked = await callCommandLine(here, ['help'])
  expect(asked).toEqual(await callCommandLine(here, ['--help']))
  for (const topic of Object.keys(topics)) expect(asked.stdout).toMatch(new RegExp(`^  ${topic} `, 'm'))
})

test('what is neither is refused, with what may have been meant', async () => {
  expect(await callCommandLine(here, ['help', 'treshold'])).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/no topic called "treshold"[\s\S]*thresholds/),
  })
  expect(await callCommandLine(here, ['help', 'runs', 'shwo'])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('show'),
  })
})

/** A line of a shell in a topic: the words behind `sluice`, up to what a shell makes of it or what is explained. */
function commandsIn(text: string): readonly (readonly string[])[] {
  const lines = [...text.matchAll(/^ {4}(?:\w+=\S+ )*sluice (.*?)(?: {2,}.*| \|.*)?$/gm)]
  return lines.map(([, line = '']) =>
    [...line.matchAll(/(?:[^\s']|'[^']*')+/g)].map(([word]) => word.replaceAll("'", '')),
  )
}

test.each(Object.keys(topics))('commands in the topic %s are commands', async (topic) => {
  if (!isTopic(topic)) throw new Error('not a topic')
  const text = await readTopic(topic)
  expect(text).toMatch(/^# \S.*\n\n/)
  const outlet = new Outlet(new Writable(), { color: false })
  for (const words of commandsIn(text)) {
    const carriedOut: string[] = []
    const program = createProgram({
      run: async () => void carriedOut.push(words.join(' ')),
      out: outlet,
      err: outlet,
    })
    await program.parseAsync([...words], { from: 'user' })
    expect(carriedOut).toEqual([words.join(' ')])
  }
})
