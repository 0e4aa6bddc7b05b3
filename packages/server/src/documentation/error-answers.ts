/**
 * What failed requests are answered with, by status, each with an example.
 *
 * @module
 */

const answers = {
  400: [
    'The request is not valid.',
    'SLUICE-SERVER-04',
    'The request is not valid: its query is wrong (limit: too small).',
  ],
  401: [
    'No token, or one that is unknown, expired or revoked.',
    'SLUICE-SERVER-01',
    'The request has no token.',
  ],
  403: [
    'The role of the token does not permit it.',
    'SLUICE-SERVER-02',
    'Token laptop has the role viewer, which does not permit this (decide).',
  ],
  404: ['Not found, or not visible with this token.', 'SLUICE-SERVER-03', 'There is no run 7.'],
  409: [
    'It does not fit the present state; `details.size` says where to continue an upload.',
    'SLUICE-RECEIVE-07',
    'Person.sorted.csv of delivery 0190b6c2-… has 1048576 bytes; nothing can be appended at 0.',
  ],
  410: [
    'It was there once, and is no longer kept.',
    'SLUICE-PRUNE-02',
    'Run 7 is no longer kept: it was pruned, on 2026-11-30 at the latest.',
  ],
  412: [
    'The resource has changed since it was read.',
    'SLUICE-EDIT-09',
    'Person #1001 has changed since it was read.',
  ],
  413: [
    'More bytes than announced, or than the server accepts.',
    'SLUICE-RECEIVE-09',
    'The files of delivery 0190b6c2-… would be larger than the 20000000000 bytes it may have.',
  ],
  422: [
    'The content does not match its description.',
    'SLUICE-RECEIVE-03',
    'Person.sorted.csv of delivery 0190b6c2-… is damaged: its checksum differs.',
  ],
  429: [
    'Too many requests; `Retry-After` says how long to wait.',
    'SLUICE-SERVER-05',
    'More than 1200 requests in a minute.',
  ],
  503: [
    'The server or its repository is away; the same request may be repeated.',
    'SLUICE-REPOSITORY-01',
    'No connection to the repository.',
  ],
} as const

type Status = keyof typeof answers

const answerOf = ([description, code, message]: (typeof answers)[Status]) => ({
  description,
  content: {
    'application/json': {
      schema: { $ref: '#/components/schemas/Error' },
      example: { code, message },
    },
  },
})

/** `components.responses` of the OpenAPI document. */
export const errorAnswers: Readonly<Record<Status, ReturnType<typeof answerOf>>> = {
  400: answerOf(answers[400]),
  401: answerOf(answers[401]),
  403: answerOf(answers[403]),
  404: answerOf(answers[404]),
  409: answerOf(answers[409]),
  410: answerOf(answers[410]),
  412: answerOf(answers[412]),
  413: answerOf(answers[413]),
  422: answerOf(answers[422]),
  429: answerOf(answers[429]),
  503: answerOf(answers[503]),
}
