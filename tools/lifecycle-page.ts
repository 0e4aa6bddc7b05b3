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

This page has all states of deliveries, runs, notifications, orders and doubtful matches, and what leads from one to another: for whoever asks why
something is in the state that a list shows. A **delivery** is a set of prepared files; a **run** works out and applies its changes. Both are rows of
the repository, and their states change in the same transaction as the data. A **notification** tells somebody about a run, or that none could begin
([notifications.md](notifications.md)); it is written in that transaction, too.

Developers: this page is made from the tables in \`packages/model/src/life\`, which the queries use too;
\`npx vitest run tools/lifecycle.test.ts -u\` renews it.`

const queue = `The deliveries in the queue of a source are applied in the order in which they were announced. The queue stops at the first delivery that is \`announced\`,
\`held\` or \`aside\`. A delivery is not cancelled while a run works on it: when a complete is announced meanwhile, the run may
finish, and the complete replaces it only if a threshold then holds it. A delivery that was cancelled, or applied by another process,
before its run could begin stays as it is, and the run is \`cancelled\`.

A delivery that was \`refused\` or put aside, or has expired, is listed by \`sluice runs\` as a failed run with its reason.`

const interruption = `When a run is still \`running\` and the next run of its source begins, its process has died. The run becomes \`interrupted\`, nothing of it was applied, and
its delivery is still \`ready\`: a server works on it again; without a server, a fresh export takes its place, unless incrementals already build on the
delivery, which is then applied first. \`sluice runs\`
shows the run as \`interrupted\` as soon as no process has the lock of its source.

When a second process has died in the middle of a run of the same delivery, the delivery is put \`aside\` and not tried a third time, because
its content would probably end the next process, too. Only a death in the middle of its run counts. For that, a run leaves a mark beside the files of its delivery when it
begins, and removes it whenever it ends in another way: by an error, a lost database, a request to stop.
So deliveries that only waited when their process died over the delivery of another source are not counted.

A run that is asked to stop does so at its next stage, and at the latest before it is committed: a run that is \`interrupted\` has applied nothing. At a
server, its delivery stays \`ready\`. With and without a server, the delivery stays \`ready\` when the database or a disk is the reason (not reachable,
full, read only, busy, broken), because only another try shows whether that lasts.`
