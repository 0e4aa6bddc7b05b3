import { counted } from './counted.ts'

export const connectionTexts = {
  title: 'Connection',
  none: 'No connector',
  noneHelp:
    'A program writes the files of this source, or they lie in a folder: there is no connection to check. Beside the agent, `sluice check --deep` reads its files.',
  stored:
    'A definition that is stored in the repository has no connection: whoever may edit it here could otherwise run programs where the agent is. The agent’s own files say where its rows come from.',
  atAgent: (connector: string) =>
    `The definition of this server names no connector; the agent’s does: ${connector}.`,
  file: (place: string) => `Defined in ${place}. It is changed there; the agent uses what its own files say.`,
  noSchema: 'The connector cannot be loaded at this server: its options stand here as they are written.',
  required: 'Required',
  usual: (value: string) => `When not given: ${value}`,
  notGiven: 'Not given',
  yes: 'yes',
  no: 'no',
  secrets: {
    written: 'Stands in the file itself, and is not shown',
    variable: (names: string) => `From the variable ${names} of the agent`,
    file: (path: string) => `From the file ${path} beside the agent`,
    command: (program: string) => `What ${program} prints beside the agent`,
    none: 'Not given',
  },
  check: 'Check connection',
  checkTitle: 'Check',
  checkHelp:
    'The agent that delivers this source connects as its definition says, and tells what is visible. Nothing is exported, and nothing is changed.',
  notChecked: 'It has not been checked in the last days.',
  askedOf: (host: string) => `${host} is asked to connect…`,
  connecting: (host: string) => `${host} connects…`,
  connected: 'connected',
  warned: 'connected, with warnings',
  failed: 'not connected',
  noAnswer: 'no answer',
  noAnswerHelp: (host: string) =>
    `${host} has not answered in time, or was stopped meanwhile. Look whether its agent runs, and check again.`,
  by: (name: string, host: string) => `by ${name}, from ${host}`,
  discovered: {
    title: 'Tables and columns',
    look: 'Look what is there',
    help: 'The agent connects, and tells which tables and columns the system has; no rows are read.',
    columnsTitle: 'Columns',
    counts: (tables: number, columns: number, mapped: number) =>
      `${counted(tables, 'table', 'tables')}, ${counted(columns, 'column', 'columns')}; ${mapped} of them are mapped.`,
    which: 'Which columns',
    all: 'All',
    unmapped: 'Not mapped',
    none: 'No column fits',
    suggestion: 'A mapping to begin with',
    suggestionHelp: (place: string) =>
      `Of all that is there. Take what you need into ${place}, and give it the names that people know it by.`,
    key: 'key',
    columns: {
      file: 'File',
      column: 'Column',
      type: 'Type',
      key: 'Key',
      references: 'Refers to',
      mapped: 'Mapped to',
      rows: 'Rows',
    },
  },
  earlier: 'Earlier checks',
  columns: { at: 'When', by: 'By', agent: 'Agent', result: 'Result', says: 'What was said' },
}
