/** What happens, told in sentences: of a trace's events, and of what somebody did in the Lab. */
import { count, list, number } from '../forms.ts'

const entries = (n: number) => count(n, 'entry', 'entries')

export const words = {
  newNode: (id: string) => `new ${id}`,
  becomesLeader: (me: string, term: number, voters: readonly string[]) =>
    `${me} is leader of term ${term}: ${voters.length === 0 ? 'it is the only voter' : `${list(voters)} voted for it`}.`,
  leads: (leader: string, term: number) => `${leader} leads term ${term}.`,
  tellsNothing: (me: string) => `This tab’s node follows it; ${me} tells nothing of its inside.`,
  asksForVotes: (me: string, term: number) => `${me} asks for votes in term ${term}.`,
  asksFirst: (me: string) => `${me} hears no leader and asks whether it could win an election.`,
  noLongerLeads: (me: string) => `${me} is no longer leader.`,
  givesUp: (me: string) => `${me} gives up its candidacy.`,
  votes: (me: string, candidate: string, term: number) => `${me} votes for ${candidate} in term ${term}.`,
  wouldVote: (me: string, candidate: string, term: number) => `${me} would vote for ${candidate} in term ${term}.`,
  refusesVote: (me: string, candidate: string, reason: string) => `${me} refuses ${candidate} its vote: ${reason}.`,
  missesLeader: (me: string, leader: string) => `${me} no longer hears from ${leader}.`,
  appendsMany: (me: string, n: number) => `${me} appends ${entries(n)} and sends them to the others.`,
  appends: (me: string, index: number, what: string) =>
    `${me} appends entry ${index}, ${what}, and sends it to the others.`,
  removes: (me: string, from: number, last: number) =>
    `${me} removes ${from === last ? `entry ${last}` : `entries ${from} to ${last}`}: its log disagreed with the leader’s.`,
  neverCommitted: 'They were never committed.',
  takesSnapshot: (me: string, index: number) => `${me} replaces its log up to entry ${index} by a snapshot.`,
  getsSnapshot: (me: string, index: number) =>
    `${me} got a snapshot up to entry ${index}: the leader no longer has those entries.`,
  isBack: (me: string, n: number) => `${me} is back, with ${entries(n)} from its disk.`,
  crashed: (me: string) => `${me} crashed.`,
  lostMemory: 'What was not on its disk is lost.',
  saidGoodbye: (me: string) => `${me} said goodbye: its tab was closed or reloaded.`,
  stopped: (me: string) => `${me} said goodbye: it was stopped.`,
  isThereAgain: (me: string) => `${me} is there again.`,
  outOfReach: (peer: string) => `${peer} is out of reach.`,
  noGoodbye: 'Its tab was closed or crashed, without a goodbye.',
  noGoodbyeNoTab: 'It was stopped or crashed, or the network failed: it said no goodbye.',
  handsOver: (me: string, to: string) => `${me} hands leadership to ${to}.`,
  wokeUp: (me: string) => `${me} woke up and trusts nothing from before.`,
  committedMany: (from: number, to: number) => `Entries ${from} to ${to} are committed.`,
  committedCommand: (index: number, what: string) => `Entry ${index} is committed: ${what}.`,
  committedConfiguration: (index: number) => `Entry ${index}, the configuration, is committed.`,
  committedNoop: (index: number) => `Entry ${index}, a no-op, is committed.`,
  committed: (index: number) => `Entry ${index} is committed.`,
  whyNoop: 'A leader begins its term with it, so that older entries can commit.',
  onDiskAt: (holders: readonly string[]) => `On disk at ${list(holders)}.`,
  undone: 'The change of members did not commit and is undone.',
  joins: (who: string, votes: boolean) => `${who} joins as a ${votes ? 'voter' : 'learner'}`,
  becomesVoter: (who: string) => `${who} becomes a voter`,
  losesVote: (who: string) => `${who} no longer votes`,
  leaves: (who: string) => `${who} leaves the cluster`,
  changes: (changes: readonly string[]) => `${list(changes)}.`,
  majority: (voters: number, needed: number) =>
    `${count(voters, 'voter', 'voters')}; ${number(needed)} make a majority.`,
  cutOff: (me: string, others: readonly string[]) => `${me} is cut off from ${list(others)}.`,
  relayed: (peer: string) => `${peer} and this tab cannot meet: what they say is relayed.`,
  direct: (peer: string) => `${peer} and this tab are linked directly now.`,
  linkCut: (both: readonly string[]) => `The link between ${list(both)} is cut.`,
  nothingThrough: 'No message of Raft gets through.',
  linkedAgain: (me: string, others: readonly string[]) => `${me} is linked again to ${list(others)}.`,
  linkHealed: (both: readonly string[]) => `The link between ${list(both)} is healed.`,
}

export type StoryWords = typeof words
