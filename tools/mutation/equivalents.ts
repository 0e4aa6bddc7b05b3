/** A change that makes no difference. */
interface Equivalent {
  readonly change: string
  /** A part of its line, where a file has several of the same change. */
  readonly on?: string
  readonly why: string
}

const compiler = (what: string) => `${what}: it is the compiler who asks for it`

const moreDoubtful = 'commands of more keys are looked at then, and no others are refused'

/** By file. */
const equivalents: Readonly<Record<string, readonly Equivalent[]>> = {
  'packages/engine/src/guard/guard.ts': [
    {
      change: 'total === undefined || growth >= 0 → growth >= 0',
      why: compiler('nothing is too much of an unknown total'),
    },
    {
      change: 'losing.get(mapping) ?? 0 → losing.get(mapping)',
      why: compiler('nothing is not more than a limit'),
    },
    {
      change: 'limit.count !== undefined && found > limit.count → found > limit.count',
      why: compiler('nothing is more than no limit'),
    },
    {
      change: 'limit.percent !== undefined && weighty → weighty',
      why: compiler('nothing is more than no limit'),
    },
    { change: '0 → 1', on: 'atLeast ?? 0', why: 'none is not more than any part of what is stored' },
  ],
  'packages/engine/src/reconcile/find-disappeared.ts': [
    {
      change: '(await one(session, countReplicas(shape, replicas))).count === of.known → false',
      why: 'nothing is found then, for the price of a second join',
    },
  ],
  'packages/engine/src/reconcile/attach-candidates.ts': [
    { change: 'candidates.count === 0 → false', why: 'an empty table is handed on then in place of none' },
    { change: 'candidates.unknown === 0 → false', why: 'the rows are copied then, as they are' },
    {
      change: "await analyzeTable(session, table, candidates.count, '_resource_id') → ;",
      why: 'it is for the planner alone',
    },
    {
      change:
        'external === undefined || external.unattachedCount === 0 || key === undefined → external === undefined || external.unattachedCount === 0',
      why: compiler('a key is among the mapped properties'),
    },
    {
      change: 'external === undefined || external.unattachedCount === 0 → external === undefined',
      why: 'nothing is adopted then, for the price of a join',
    },
    {
      change: '_replica_resource_id is null → true',
      why: 'what has a replica keeps its resource, whatever else it would find',
    },
  ],
  'packages/engine/src/reconcile/compare-with-replicas.ts': [
    {
      change: "await analyzeTable(session, table, count, '_row') → ;",
      why: 'it is for the planner alone',
    },
    {
      change: 'external !== undefined && external.attachedCount > 0 → external !== undefined',
      why: 'it is looked for among none then',
    },
    { change: 'external.attachedCount > 0 → external.attachedCount >= 0', why: 'the same' },
    {
      change: 'badRowCondition(checks) ?? sql.false → badRowCondition(checks)',
      why: compiler('every type has a key, and the length of that is checked'),
    },
  ],
  'packages/engine/src/reconcile/find-external-writes.ts': [
    { change: 'await run(session, analyze(table)) → ;', why: 'it is for the planner alone' },
  ],
  'packages/engine/src/reconcile/net-commands.ts': [
    {
      change: 'badRowCondition(checks) ?? sql.false → badRowCondition(checks)',
      why: compiler('every type has a key, and the length of that is checked'),
    },
    {
      change: `\${isNews} and \${badRowCondition(checks) ?? sql.false} → true`,
      why: 'none is found then, for the price of a statement',
    },
    {
      change: `and \${badRowCondition(checks) ?? sql.false} →`,
      why: 'the same',
    },
    {
      change: `\${isNews} and →`,
      on: 'badRowCondition',
      why: 'the same: what says nothing new is gone before the rows are looked at',
    },
    { change: 'counts.doubtful === 0 → false', why: 'none is refused then, for the price of a statement' },
    { change: '_doubtful → true', why: 'the same' },
    { change: 'counts.refused > 0 → true', why: 'nothing is recorded then, for the price of a statement' },
    { change: 'counts.refused > 0 → counts.refused >= 0', why: 'the same' },
    { change: 'changes < keys → true', why: 'nothing is deleted then, for the price of a statement' },
    { change: 'changes < keys → changes <= keys', why: 'the same' },
    {
      change: "await analyzeTable(session, table, changes, '_row') → ;",
      why: 'it is for the planner alone',
    },
    { change: 'before === 0 → false', why: 'it is looked for among none then' },
    { change: 'k.commands > 1 and →', on: '_doubtful', why: moreDoubtful },
    { change: '> → >=', on: '_doubtful', why: moreDoubtful },
    { change: `and (k.deleted > 0 or not \${known}) →`, on: '_doubtful', why: moreDoubtful },
    { change: "s._command = 'update' and →", on: '_doubtful', why: moreDoubtful },
    { change: `and not \${known} →`, on: '_doubtful', why: moreDoubtful },
    { change: 'and n._doubtful →', why: moreDoubtful },
  ],
  'packages/engine/src/runs/held-run.ts': [
    {
      change:
        "row === undefined || !runLife.takes(row.state, 'approved') → !runLife.takes(row.state, 'approved')",
      why: compiler('what it came from was read a moment before'),
    },
    { change: 'max → min', why: 'the model is one row' },
    { change: '> → >=', why: 'two readings of the clock under one lock are not the same' },
  ],
  'packages/engine/src/runs/has-moved.ts': [
    {
      change: "property.type === 'reference' && asked(property.to) → asked(property.to)",
      why: compiler('any other property leads to no type'),
    },
    {
      change: "c._operation in ('update', 'delete') and →",
      why: 'a resource that is to be inserted has no version, neither then nor now',
    },
    {
      change: "made._operation = 'insert' and →",
      why: 'one that is updated and is gone has been found to be written since',
    },
    { change: 'conditions.length === 0 → false', why: 'nothing is asked then, for the price of a statement' },
  ],
  'packages/agent/src/outbox/take-as-they-are.ts': [
    { change: 'outdated === undefined → false', why: 'a note does not hold what is undefined' },
    {
      change:
        'projections.find(({ mapping }) => mapping === name) ?? { reading: {} } → projections.find(({ mapping }) => mapping === name)',
      why: compiler('every file has its projection, it was made of it'),
    },
    { change: '0 → 1', on: 'const nothing = { read: 0', why: 'what was read is summed up afterwards' },
    { change: '0 → 1', on: 'timings:', why: 'how long nobody measured' },
    {
      change: "file.kind === 'delta' && compared → compared",
      why: 'a file that is not a delta deletes nothing',
    },
    { change: 'false → true', on: 'withSum(', why: 'a file that is not a delta deletes nothing' },
  ],
  'packages/agent/src/outbox/outbox.ts': [
    { change: '2 → 3', on: 'JSON.stringify', why: 'how far the note is indented is for the eye' },
  ],
  'packages/agent/src/outbox/outbox-queue.ts': [
    { change: 'delivery.replaces !== undefined → true', why: compiler('no delivery has no id') },
    {
      change:
        'names .filter((name) => /^\\d+$/.test(name)) .sort() → names .filter((name) => /^\\d+$/.test(name))',
      why: 'Node lists names in order, though it does not promise to',
    },
    { change: 'true → false', on: 'if (!waiting.has(folder))', why: 'what was just listed is there' },
  ],
}

/** @param line The text of the line on which the change begins. */
export function isEquivalent(file: string, line: string, change: string): boolean {
  return equivalents[file]?.some((known) => known.change === change && line.includes(known.on ?? '')) === true
}
