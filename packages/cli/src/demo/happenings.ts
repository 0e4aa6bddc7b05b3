/**
 * What happens in a minute of the demo: a few people move, a server is registered, software is upgraded. Each looks at what a system exports
 * now, and says what it exports next; nothing grows without end.
 *
 * @module
 */
import { departments, titles } from './demo-data.ts'
import type { DemoRandom } from './demo-random.ts'
import { type Row, rowsOf, withRows } from './demo-table.ts'

export interface Happening {
  readonly source: string
  /** The file that it is about. */
  readonly file: string
  /** What the file says next. */
  next(text: string, random: DemoRandom): Exported
}

interface Exported {
  readonly delivered: string
  /** What the file says once that was delivered: a mistake of one row is mended by whoever made it. */
  readonly afterwards: string
}

export const happenings: readonly Happening[] = [
  { source: 'hr', file: 'people.csv', next: movePeople },
  { source: 'ad', file: 'accounts.csv', next: changeTitles },
  { source: 'cmdb', file: 'servers.csv', next: registerServer },
  { source: 'discovery', file: 'nodes.jsonl', next: upgradeSoftware },
]

/** Now and then somebody is hired on a day that there is not, which stops one row. */
function movePeople(text: string, random: DemoRandom): Exported {
  const people = change(rowsOf(text), {
    count: 1 + random.below(4),
    random,
    to: () => ({ department: random.of(departments).code }),
  })
  const moved = change(people, { count: random.below(3), random, to: () => ({ phone: newPhone(random) }) })
  const afterwards = withRows(text, moved)
  if (random.below(5) > 0) return { delivered: afterwards, afterwards }
  const wrong = change(moved, { count: 1, random, to: () => ({ hired: '31.02.2026' }) })
  return { delivered: withRows(text, wrong), afterwards }
}

function changeTitles(text: string, random: DemoRandom): Exported {
  const to = () => ({ title: random.of(titles) })
  return same(withRows(text, change(rowsOf(text), { count: 1 + random.below(3), random, to })))
}

const laboratory = /^muc-lab-(\d+)$/
const mostInLaboratory = 8

/** A server comes; where the laboratory is full, the one goes that was there first. */
function registerServer(text: string, random: DemoRandom): Exported {
  const servers = rowsOf(text)
  const inLaboratory = servers.filter(({ name = '' }) => laboratory.test(name))
  const first = inLaboratory[0]
  if (inLaboratory.length >= mostInLaboratory)
    return same(
      withRows(
        text,
        servers.filter((server) => server !== first),
      ),
    )
  const numbers = inLaboratory.map(({ name = '' }) => Number(laboratory.exec(name)?.[1]))
  const number = (Math.max(0, ...numbers) % 99) + 1
  const server = {
    name: `muc-lab-${String(number).padStart(2, '0')}`,
    purpose: 'test',
    memory: String(random.of([8, 16, 32])),
    owner: String(1001 + random.below(12)),
  }
  return same(withRows(text, [...servers, server]))
}

/** The last number of a version goes up. */
function upgradeSoftware(text: string, random: DemoRandom): Exported {
  const lines = text.split('\n')
  const version = /("version":"(?:\d+\.)+)(\d+)"/
  const known = lines.flatMap((line, index) => (version.test(line) ? [index] : []))
  if (known.length === 0) return same(text)
  for (let count = 1 + random.below(3); count > 0; count -= 1) {
    const index = random.of(known)
    const line = lines[index] ?? ''
    lines[index] = line.replace(version, (_, before: string, last: string) => `${before}${Number(last) + 1}"`)
  }
  return same(lines.join('\n'))
}

interface Changing {
  readonly count: number
  readonly random: DemoRandom
  to(): Row
}

function change(rows: readonly Row[], { count, random, to }: Changing): readonly Row[] {
  if (rows.length === 0) return rows
  const changed = new Set(Array.from({ length: count }, () => random.of(rows)))
  return rows.map((row) => (changed.has(row) ? { ...row, ...to() } : row))
}

function newPhone(random: DemoRandom): string {
  return `+49 30 ${5000 + random.below(5000)}`
}

function same(text: string): Exported {
  return { delivered: text, afterwards: text }
}
