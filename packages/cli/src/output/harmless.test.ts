import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { commandsTerminal } from './commands-terminal.ts'
import { harmless } from './harmless.ts'
import { Outlet } from './outlet.ts'

test('lines, colours and the line of progress pass', () => {
  const text = 'a\n\tb \u001b[1m\u001b[31mred\u001b[39m\u001b[22m\r\u001b[K 5 %'
  expect(harmless(text)).toBe(text)
})

test.each([
  ['\u001b[2J', '\\u001b[2J'],
  ['\u001b[8mhidden', '\\u001b[8mhidden'],
  ['\u001b]0;title\u0007', '\\u001b]0;title\\u0007'],
  ['\u009b2J', '\\u009b2J'],
  ['over\rwritten', 'over\\rwritten'],
  ['\u202egnp.exe', '\\u202egnp.exe'],
])('%j commands nothing', (text, shown) => {
  expect(harmless(text)).toBe(shown)
})

function outletTo(terminal: boolean): { readonly outlet: Outlet; readonly text: () => string } {
  let text = ''
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk)
      done()
    },
  })
  return {
    outlet: new Outlet(Object.assign(stream, { isTTY: terminal }), { color: false }),
    text: () => text,
  }
}

test('a terminal is shown what a file is given as it is', async () => {
  const value = 'x\u001b[2J'
  const [terminal, file] = [outletTo(true), outletTo(false)]
  await terminal.outlet.line(value)
  await file.outlet.line(value)
  expect(terminal.text()).toBe('x\\u001b[2J\n')
  expect(file.text()).toBe('x\u001b[2J\n')
})

test('what commands a terminal is what is changed, of all characters there are', () => {
  const differing = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code)).filter(
    (character) => commandsTerminal(character) !== (harmless(character) !== character),
  )
  expect(differing).toEqual([])
  expect(commandsTerminal('\u001b[31mred\u001b[39m\n')).toBe(false)
  expect(commandsTerminal('\u001b[31mred\u001b]0;title')).toBe(true)
})
