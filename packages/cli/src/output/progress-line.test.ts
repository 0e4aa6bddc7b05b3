import { Writable } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import type { Progress } from '@sluice/model'
import { describe, expect, test } from 'vitest'
import { Outlet } from './outlet.ts'
import { ProgressLine } from './progress-line.ts'

function lineOn(interactive: boolean) {
  let text = ''
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk)
      done()
    },
  })
  const clock = { time: 0 }
  const outlet = new Outlet(Object.assign(stream, { isTTY: interactive, columns: 80 }), { color: false })
  const line = new ProgressLine(outlet, undefined, () => clock.time)
  const show = (time: number, part: Partial<Progress>) => {
    clock.time = time
    line.show({ stage: 'prepare', source: 'hr', subject: 'Person', ...part })
  }
  return { line, show, text: () => text }
}

describe('the progress of a run', () => {
  test('is one line on a terminal, rewritten ten times a second and erased at the end', () => {
    const { line, show, text } = lineOn(true)
    show(0, {})
    show(50, { rows: 50_000 })
    show(2000, { rows: 1_234_567, bytes: 80_000_000, totalBytes: 160_000_000 })
    line.clear()
    expect(text().split('\r').map(stripVTControlCharacters)).toEqual([
      '',
      'hr prepare Person',
      'hr prepare Person  1,234,567 rows  617,000 rows/s  80 MB of 160 MB (50 %)  2.0…',
      '',
    ])
  })

  test('is a line every five seconds where no terminal is', () => {
    const { line, show, text } = lineOn(false)
    for (let time = 0; time <= 12_000; time += 1000) show(time, { rows: time * 100 })
    line.clear()
    expect(text()).toBe(
      'hr prepare Person  500,000 rows  100,000 rows/s  5.0 s\n' +
        'hr prepare Person  1,000,000 rows  100,000 rows/s  10.0 s\n',
    )
  })
})
