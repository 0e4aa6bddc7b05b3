/**
 * Questions that are asked in the same moment, answered by one statement.
 *
 * A server that answers many at once asks the database the same for each of them, and what a question costs is its way there and back. What is
 * written is written together in the same way: what that costs is the disk, once for all of them.
 *
 * @module
 */

interface Asked<Question, Answer> {
  readonly question: Question
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
}

/** Milliseconds that a question waits at most for the answer to those before it: one that hangs holds up nobody. */
const longestWait = 50

/**
 * A question, answered by `answerAll` together with those that are asked before the event loop comes round, which is no time that anybody waits,
 * and with those that are asked while the ones before are being answered, which is the time that the database is busy with them.
 * `answerAll` returns the answers in the order of the questions; where it throws, all of them do. It begins after each of its questions was asked.
 */
export function askTogether<Question, Answer>(
  answerAll: (questions: readonly Question[]) => Promise<readonly Answer[]>,
): (question: Question) => Promise<Answer> {
  let waiting: Asked<Question, Answer>[] = []
  let underWay = 0
  let impatient: NodeJS.Timeout | undefined
  const answer = async () => {
    clearTimeout(impatient)
    const asked = waiting
    waiting = []
    if (asked.length === 0) return
    underWay += 1
    try {
      const answers = await answerAll(asked.map(({ question }) => question))
      for (const [index, answer] of answers.entries()) asked[index]?.resolve(answer)
    } catch (error) {
      for (const { reject } of asked) reject(error)
    }
    underWay -= 1
    void answer()
  }
  return (question) =>
    new Promise((resolve, reject) => {
      waiting.push({ question, resolve, reject })
      if (waiting.length > 1) return
      if (underWay === 0) setImmediate(() => void answer())
      else impatient = setTimeout(() => void answer(), longestWait)
    })
}
