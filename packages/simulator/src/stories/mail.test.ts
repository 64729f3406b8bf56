import type { AppendEntries } from '@flotilla/core'
import { expect, test } from 'vitest'
import type { Envelope } from '../world/action.ts'
import { Mail } from './mail.ts'

const append = (number: number, prevLogIndex: number): Envelope => {
  const message: AppendEntries = {
    ...{ type: 'AppendEntries', from: 'n1', to: 'n2', term: 2, prevLogIndex, prevLogTerm: 2 },
    ...{ entries: [], leaderCommit: 0, round: number },
  }
  return { number, from: 0, to: 1, message, bytes: undefined }
}

test('the very message that was recorded is found, whatever takes the place of others', () => {
  for (const substitute of ['alike', 'next'] as const) {
    const mail = new Mail(substitute)
    const sent = [append(1, 4), append(2, 5), append(3, 6)]
    for (const envelope of sent) mail.put(envelope)
    expect(sent.map(envelope => mail.find(envelope))).toEqual(sent)
  }
})

test('where a write is missing, the next message takes the place of the one that was one index higher', () => {
  const mail = new Mail('next')
  const [first, second] = [append(1, 3), append(2, 4)]
  mail.put(first)
  mail.put(second)
  expect(mail.find(append(1, 4))).toBe(first)
  expect(mail.find(append(2, 5))).toBe(second)
  expect(mail.find(append(3, 6))).toBeUndefined()
})

test('what says the same, or else the latest of its kind, takes the place of what was not sent', () => {
  const mail = new Mail('alike')
  const [first, latest] = [append(1, 3), append(2, 4)]
  mail.put(first)
  mail.put(latest)
  expect(mail.find(append(7, 3))).toBe(first)
  expect(mail.find(append(7, 9))).toBe(latest)
})
