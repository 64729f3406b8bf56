/** What somebody did in the Lab, and why core would not. */
import { list } from '../forms.ts'

export const words = {
  broken: (property: string) => `${property} is broken.`,
  nobodyLeads: 'Nobody leads yet.',
  firstTimer: 'Whose election timer runs out first asks for votes.',
  lost: (type: string, from: string, to: string, reason: string) => `${type} from ${from} to ${to} is lost: ${reason}.`,
  message: {
    drop: (type: string, from: string, to: string) => `${type} from ${from} to ${to} is dropped.`,
    hold: (type: string, from: string, to: string) => `${type} from ${from} to ${to} is held back.`,
    release: (type: string, from: string, to: string) => `${type} from ${from} to ${to} is let go.`,
    delay: (type: string, from: string, to: string) => `${type} from ${from} to ${to} is delayed.`,
    duplicate: (type: string, from: string, to: string) => `${type} from ${from} to ${to} is duplicated.`,
  },
  parted: (groups: readonly (readonly string[])[]) => {
    const told = groups.map(list)
    const [one, other] = told
    return told.length === 2
      ? `The cluster is parted: ${one} on one side, ${other} on the other.`
      : `The cluster is parted into ${told.length} groups: ${told.join('; ')}.`
  },
  nothingAcross: 'Nothing gets across.',
  cut: (from: string, to: string) => `What ${from} sends to ${to} is lost from now on.`,
  otherDirection: 'The other direction still works.',
  healed: (from: string, to: string) => `${from} reaches ${to} again.`,
  allHealed: 'All links are healed.',
  frozen: (me: string) => `${me} stands still.`,
  frozenWhy: 'It does not know. What is sent to it waits.',
  thawed: (me: string) => `${me} goes on.`,
  thawedWhy: 'It trusts nothing from before.',
  clockRight: (me: string) => `${me}’s clock runs as it should.`,
  clock: (me: string, rate: number) => `${me}’s clock runs ${rate} times as fast.`,
  noWrite: (me: string, reason: string) => `${me} does not take the write: ${reason}.`,
  reads: (key: string, me: string) => `A client reads ${key} at ${me}.`,
  readsWhy: 'The leader first makes sure that it still leads.',
  readLocally: (key: string, me: string, answer: number | undefined) =>
    `A client reads ${key} at ${me}, and is told ${answer === 0 ? 'nothing' : answer}.`,
  nobodyAsked: 'Nobody else was asked.',
  noChange: (me: string, reason: string) => `${me} does not change the membership: ${reason}.`,
  noTransfer: (me: string, reason: string) => `${me} does not hand over: ${reason}.`,
  noSnapshot: (me: string, reason: string) => `${me} takes no snapshot: ${reason}.`,
  appeared: (me: string) => `${me} is there, and belongs to nothing yet.`,
  canBeAdded: 'A leader can add it.',
  emptied: (me: string) => `${me} is back with an empty disk.`,
  emptiedWhy: 'Raft assumes that a disk keeps what was written to it.',
  refusals: {
    notLeader: 'it is not the leader',
    otherLeads: (leader: string) => `it is not the leader, ${leader} is`,
    handingOver: (to: string) => `it is handing over to ${to}`,
    overloaded: 'too much is uncommitted',
    notVoter: 'that node has no vote',
    self: 'it leads already',
    noTarget: 'there is nobody to hand over to',
    lagging: 'that node has not been heard from lately',
    notNewer: 'its snapshot has all of that already',
    notApplied: 'it has not applied that yet',
    inFlight: (index: number) => `the change at entry ${index} is not committed yet`,
    ownTerm: 'no entry of its own term is committed yet',
    invalid: 'such a change makes no sense here',
  },
}

export type MovesWords = typeof words
