/**
 * What an e-mail says: its subject, its text, and the same as a small page.
 *
 * @module
 */
import type { Message } from './message.ts'

export interface ComposedEmail {
  readonly subject: string
  readonly text: string
  readonly html: string
}

export function composeEmail(message: Message): ComposedEmail {
  const { subject } = message.content
  const facts = factsOf(message)
  const next = nextOf(message)
  const width = Math.max(...facts.map(([name]) => name.length))
  const lines = facts.map(([name, value]) => `${name.padEnd(width)}  ${value}`)
  return {
    subject: `[Sluice] ${subject}`,
    text: `${[subject, '', ...lines, ...(next === undefined ? [] : ['', next])].join('\n')}\n`,
    html: page(subject, facts, next),
  }
}

type Fact = readonly [name: string, value: string]

function factsOf({ at, content, repetitions }: Message): readonly Fact[] {
  const { source, owner, run, error, lateness, orders = [], doubtful = [], job, link } = content
  const facts: readonly (readonly [string, string | null | undefined])[] = [
    ['source', source],
    ['owner', owner],
    ['when', instant(at)],
    ['run', run === null ? undefined : [run.run, run.mode, run.state].filter(Boolean).join(', ')],
    ['by', run?.by],
    ['resources', run === null ? undefined : counts(run.resources)],
    ['links', run === null ? undefined : counts(run.links)],
    ['rejected', run === null || run.rejected === 0 ? undefined : `${run.rejected} rows`],
    ...(run?.exceeded ?? []).map((text) => ['threshold', text] as const),
    ...(job === undefined ? [] : factsOfJob(job)),
    ['error', error === null ? undefined : `${error.code}: ${error.message}`],
    ['remedy', error?.remedy],
    ['expected', lateness === null ? undefined : `within ${duration(lateness.expected)}`],
    ['last applied', lateness === null ? undefined : instant(lateness.lastApplied) || 'never'],
    ['late since', lateness === null ? undefined : instant(lateness.late)],
    ...orders.map((order) => ['overdue', describeOrder(order)] as const),
    ...doubtful.map(
      ({ entityType, key, count }) => ['doubtful', `${entityType} ${key}: ${count} resources match`] as const,
    ),
    [
      'again',
      repetitions === 0 ? undefined : `happened ${repetitions} more times since the last notification`,
    ],
    ['look at it', link],
  ]
  return facts.flatMap(([name, value]) =>
    value === null || value === undefined ? [] : [[name, value] as const],
  )
}

type Job = NonNullable<Message['content']['job']>

function factsOfJob(job: Job): readonly Fact[] {
  const failed = job.failed.flatMap(({ step, sources }) =>
    sources.map(({ source, reason, runs }) => {
      const which = runs.length === 0 ? '' : ` (run ${runs.join(', ')})`
      return ['failed', `step ${step}, ${source}${which}: ${reason ?? 'no reason is known'}`] as const
    }),
  )
  return [
    ['job', job.job],
    ['agent', `${job.agent.host} (${job.agent.folder})`],
    ['by', job.by],
    ['started', instant(job.startedAt)],
    job.finishedAt === null
      ? ['last heard of', instant(job.heardAt)]
      : (['ended', instant(job.finishedAt)] as const),
    ...failed,
  ]
}

type Overdue = NonNullable<Message['content']['orders']>[number]

/** `R-17: Account ada, title should be "Director" and is "Engineer", due 2026-12-01 00:00:00 UTC` */
function describeOrder(order: Overdue): string {
  const { entityType, association, key, to } = order
  const about = association === null ? `${entityType} ${key}` : `${association} ${key} → ${to}`
  return `${order.order}: ${about}, ${whatIsOrdered(order)}, due ${instant(order.dueAt)}`
}

function whatIsOrdered({ property, expected, asserted, instead }: Overdue): string {
  const shown = (value: string | null) => (value === null ? 'empty' : JSON.stringify(value))
  if (property !== null) return `${property} should be ${shown(expected)} and is ${shown(asserted)}`
  if (instead !== null) return `should exist; instead there is ${shown(instead)}`
  return expected === 'gone' ? 'should not exist' : 'should exist'
}

/** What a person does next. */
function nextOf({ content: { run, source, orders, doubtful, job } }: Message): string | undefined {
  if (job !== undefined) return `sluice jobs show ${job.execution.slice(0, 8)}`
  if (doubtful !== undefined) return `sluice matches ${source}`
  if (orders !== undefined) return `sluice diff ${source}`
  if (run === null) return undefined
  const show = `sluice runs show ${run.run}`
  return run.state === 'held'
    ? `${show}, then sluice runs approve ${run.run} or sluice runs reject ${run.run}`
    : show
}

function counts({
  inserted,
  updated,
  deleted,
}: {
  inserted: number
  updated: number
  deleted: number
}): string {
  return `${inserted} inserted, ${updated} updated, ${deleted} deleted`
}

function instant(at: string | null): string {
  return at === null ? '' : `${at.slice(0, 19).replace('T', ' ')} UTC`
}

function duration(milliseconds: number): string {
  const units = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1000],
  ] as const
  const [unit, length] = units.find(([, one]) => milliseconds % one === 0) ?? (['ms', 1] as const)
  return `${milliseconds / length}${unit}`
}

function page(subject: string, facts: readonly Fact[], next: string | undefined): string {
  const rows = facts.map(
    ([name, value]) =>
      `<tr><th align="left" valign="top">${escaped(name)}</th><td>${asHtml(value)}</td></tr>`,
  )
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8"></head><body style="font-family: sans-serif">',
    `<h1 style="font-size: 1.2em">${escaped(subject)}</h1>`,
    `<table cellpadding="4">${rows.join('')}</table>`,
    ...(next === undefined ? [] : [`<p><code>${escaped(next)}</code></p>`]),
    '</body></html>',
  ].join('\n')
}

function asHtml(value: string): string {
  const text = escaped(value)
  return /^https?:\/\/\S+$/.test(value) ? `<a href="${text}">${text}</a>` : text.replaceAll('\n', '<br>')
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
