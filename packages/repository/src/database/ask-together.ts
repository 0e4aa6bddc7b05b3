/**
 * Questions that are asked in the same moment, answered by one statement.
 *
 * A server that answers many at once asks the database the same for each of them, and what a question costs is its way there and back.
 *
 * @module
 */

interface Asked<Question, Answer> {
  readonly question: Question
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
}

/**
 * A question, answered by `answerAll` together with those that are asked before the event loop comes round, which is no time that anybody waits.
 * `answerAll` returns the answers in the order of the questions; where it throws, all of them do.
 */
export function askTogether<Question, Answer>(
  answerAll: (questions: readonly Question[]) => Promise<readonly Answer[]>,
): (question: Question) => Promise<Answer> {
  let waiting: Asked<Question, Answer>[] = []
  const answer = async () => {
    const asked = waiting
    waiting = []
    try {
      const answers = await answerAll(asked.map(({ question }) => question))
      for (const [index, answer] of answers.entries()) asked[index]?.resolve(answer)
    } catch (error) {
      for (const { reject } of asked) reject(error)
    }
  }
  return (question) =>
    new Promise((resolve, reject) => {
      waiting.push({ question, resolve, reject })
      if (waiting.length === 1) setImmediate(() => void answer())
    })
}
