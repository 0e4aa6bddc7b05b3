/**
 * The page `docs/run-lifecycle.md`: diagrams and tables from the lives in the model, the words beside their states and
 * events, and what no table can say.
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import {
  deliveryEvents,
  deliveryLife,
  deliveryStates,
  type Life,
  matchEvents,
  matchLife,
  matchStates,
  notificationEvents,
  notificationLife,
  notificationStates,
  orderEvents,
  orderLife,
  orderStates,
  recordedRunStates,
  runEvents,
  runLife,
} from '@sluice/model'

interface Described<Name extends string> {
  readonly name: Name
  /** `undefined`: nothing stands where it is declared. */
  readonly text: string | undefined
}

/** Every state and event, with the comment above its line. */
export function describedNames(): readonly Described<string>[] {
  return [
    ...described('delivery-life.ts', deliveryStates),
    ...described('delivery-life.ts', deliveryEvents),
    ...described('run-life.ts', recordedRunStates),
    ...described('run-life.ts', runEvents),
    ...described('notification-life.ts', notificationStates),
    ...described('notification-life.ts', notificationEvents),
    ...described('order-life.ts', orderStates),
    ...described('order-life.ts', orderEvents),
    ...described('match-life.ts', matchStates),
    ...described('match-life.ts', matchEvents),
  ]
}

function described<Name extends string>(file: string, names: readonly Name[]): readonly Described<Name>[] {
  const source = readFileSync(new URL(`../packages/model/src/life/${file}`, import.meta.url), 'utf8')
  const list = source.split('] as const').find((text) => listed(text).join() === names.join()) ?? ''
  return names.map((name) => {
    const comment = new RegExp(`/\\*\\*((?:(?!\\*/)[^])*)\\*/\\s*'${name}',`).exec(list)?.[1]
    return { name, text: comment?.replace(/\s*\n\s*\*\s*/g, ' ').trim() }
  })
}

/** The names of the list that a text ends with. */
function listed(text: string): readonly string[] {
  const list = text.slice(text.lastIndexOf(' = ['))
  return [...list.matchAll(/^ {2}'(\w+)',$/gm)].map(([, name = '']) => name)
}

export function lifecyclePage(): string {
  return `${[
    introduction,
    section({
      title: 'Deliveries (`sluice_delivery.state`)',
      life: deliveryLife,
      states: described('delivery-life.ts', deliveryStates),
      events: described('delivery-life.ts', deliveryEvents),
      begins: 'announced',
    }),
    queue,
    section({
      title: 'Runs (`sluice_run.state`)',
      life: runLife,
      states: described('run-life.ts', recordedRunStates),
      events: described('run-life.ts', runEvents),
      begins: 'begun',
    }),
    interruption,
    section({
      title: 'Notifications (`sluice_notification.state`)',
      life: notificationLife,
      states: described('notification-life.ts', notificationStates),
      events: described('notification-life.ts', notificationEvents),
      begins: 'written',
    }),
    section({
      title: 'Orders (`sluice_order.state`)',
      life: orderLife,
      states: described('order-life.ts', orderStates),
      events: described('order-life.ts', orderEvents),
      begins: 'stated',
    }),
    section({
      title: 'Doubtful matches (`sluice_match.state`)',
      life: matchLife,
      states: described('match-life.ts', matchStates),
      events: described('match-life.ts', matchEvents),
      begins: 'doubted',
    }),
  ].join('\n\n')}\n`
}

function section<State extends string, Event extends string>({
  title,
  life,
  states,
  events,
  begins,
}: {
  readonly title: string
  readonly life: Life<State, Event>
  readonly states: readonly Described<State>[]
  readonly events: readonly Described<Event>[]
  /** What brings a row into its first state. */
  readonly begins: string
}): string {
  return [
    `## ${title}`,
    diagram(life, begins),
    table(
      ['state', 'meaning', ''],
      states.map(({ name, text = '' }) => [`\`${name}\``, text, life.isOpen(name) ? '' : 'final']),
    ),
    `What each event does in each state that is not final; – where it cannot happen and changes nothing, as in every
final one.`,
    table(
      ['event', ...life.open.map((state) => `\`${state}\``), 'what happens'],
      events.map(({ name, text = '' }) => [
        name,
        ...life.open.map((state) => {
          const outcome = life.outcomeOf(name, state)
          return outcome === 'ignored' ? '–' : `\`${outcome}\``
        }),
        text,
      ]),
    ),
  ].join('\n\n')
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`.replaceAll('|  |', '| |')
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

function diagram<State extends string, Event extends string>(
  life: Life<State, Event>,
  begins: string,
): string {
  const arrows = life.states.flatMap((from) =>
    life.states.flatMap((to) => {
      const events = life.transitions.filter((one) => one.from === from && one.to === to)
      const label = events.map(({ event }) => event).join(', ')
      return events.length === 0 ? [] : [`  ${from} --> ${to}: ${label}`]
    }),
  )
  return [
    '```mermaid',
    'stateDiagram-v2',
    `  [*] --> ${life.start}: ${begins}`,
    ...arrows,
    ...life.final.map((state) => `  ${state} --> [*]`),
    '```',
  ].join('\n')
}

const introduction = `# The life of a delivery, of a run and of a notification

A **delivery** is a set of prepared files; a **run** is one pass of the engine over it. Both are rows, and move in
the transaction that has the effect they speak of. A **notification** tells somebody of a run, or that there was none
([notifications.md](notifications.md)); it is written in that transaction, too.

This page is made from the tables in \`packages/model/src/life\`, which the queries use too:
\`npx vitest run tools/lifecycle.test.ts -u\` renews it.`

const queue = `The queue of a source goes in order of announcement and stops at the first delivery that is \`announced\`,
\`held\` or \`aside\`. A delivery that a run works on is not cancelled from under it: a complete that is announced meanwhile lets it
finish, and replaces it when a threshold then holds it. A delivery that was cancelled, or applied by another process,
before its run could begin stays as it is, and the run is \`cancelled\`.

A delivery that was \`refused\` or put aside, or has expired, is listed by \`sluice runs\` as a failed run with its reason.`

const interruption = `A run still \`running\` when the next one of its source begins belonged to a process that died: it becomes
\`interrupted\`, its delivery is still \`ready\` (embedded, a fresh export takes its place; a delivery that incrementals
build on already is applied first; at a server it is worked on again), and nothing of it was applied. \`sluice runs\`
shows it as \`interrupted\` as soon as nobody holds the lock of its source.

When the second process has died in the middle of a run of the same delivery, that delivery is put \`aside\` in place of being
tried a third time: whatever is in it would end the next process, too. Only a death in the middle counts. A run whose turn has come
leaves a mark beside the files of its delivery, which goes with whatever else ends it: an error, a lost database, a request to stop.
So neither do those count that waited for their turn when another source's delivery ended their process.

A run that is asked to stop does so at the next stage, and at the latest before it is committed: what says that it was
interrupted has applied nothing. At a server its delivery stays \`ready\`, too. It does so everywhere when the database or a disk was in
the way, which only another try can tell from what is wrong for good: away, full, read only, busy, broken.`
