/** Live of a room that another application has open. */
import { count } from '../forms.ts'

export const words = {
  title: 'Watch Raft underneath',
  of: (name: string) => `Raft under ${name}`,
  noRoom: 'This link names no room. An application of this browser, such as the board, has the whole one.',
  insecure: 'Only a secure page finds this browser’s node: open it by https, or on localhost.',
  /** In place of Live's own, which speak of a tab's node. */
  headline: {
    opening: 'Looking for this browser’s node of this room …',
    openingWhy: 'A tab of this browser that has the room open tells what it does.',
    closed: 'This browser’s node has left.',
    closedWhy: 'Open the room again to bring it back.',
    crashed: 'This browser’s node does not run.',
    crashedWhy: 'What is on its disk is safe. The tab that has the room open says what is in the way.',
    joining: 'This browser’s node asks to join the room …',
    first: 'This browser’s node is the only one.',
    aloneWhy: 'What it commits is on this disk alone. With three browsers, any one may fail.',
    member: 'This browser’s node is part of the room.',
  },
  nobody: 'No tab of this browser has this room open.',
  nobodyWhy: 'Open it in a tab beside this one, and its nodes can be seen here.',
  survives: (voters: number, survives: number) =>
    survives === 0
      ? `${count(voters, 'browser votes', 'browsers vote')}; all of them are needed.`
      : `${count(voters, 'browser votes', 'browsers vote')}; the room goes on without any ${survives === 1 ? 'one' : survives} of them.`,
  through: (node: string) => `Seen through this browser’s node, ${node}, and what the others tell it.`,
  onlyLooks: 'This page only looks: it is no node, and changes nothing.',
  back: 'Open the room',
}

export type WatchWords = typeof words
