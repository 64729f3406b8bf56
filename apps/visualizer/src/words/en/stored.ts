/** What is stored in this browser. */
import { bytes, count, list, number } from '../forms.ts'

export const words = {
  title: 'What is stored here',
  lead: 'A node is its database: term, vote, log and snapshot lie on this device and survive a crash. Here they are, record by record, each held to its checksum. Looking changes nothing.',
  again: 'Look again',
  reading: 'Reading this browser’s databases …',
  usage: (used: number) => `This site uses ${bytes(used)} of this device’s disk, pages kept for offline included.`,
  isKept: 'The browser has promised to keep it.',
  mayGo: 'The browser may delete it when the disk is full.',
  empty: 'Nothing is stored here yet.',
  emptyWhy: 'Open a room in Live, and this browser’s node writes its first record.',
  openRoom: 'Open a room',
  failed: 'This browser does not say what it has stored.',
  failedHow: 'Close what holds it, make room on the disk if it is full, and look again. It said:',
  insecure: 'Only a secure page has a node of its own: open it by https, or on localhost.',
  room: (name: string) => `Room ${name}`,
  isOpen: 'open in a tab',
  isDriven: 'a tab drives it',
  node: (id: string) => `Node ${id}`,
  blank: 'Nobody ever was this node: its tab ended before the first write. The next tab of the room clears it away.',
  sound: 'Sound: every record is what was written.',
  damaged: (problems: number) => `Damaged: ${count(problems, 'problem', 'problems')}.`,
  damagedHow:
    'A damaged node does not start, and nothing mends it: what it lacks it may have promised to others. Delete it here, and a new node joins the room when you open it. The others give it everything, as long as a majority of them is sound.',
  unreadable: 'cannot be read',
  term: 'Term',
  vote: 'Vote in it',
  nobody: 'nobody',
  log: 'Log',
  entries: (entries: number, first: number, last: number) =>
    `${count(entries, 'entry', 'entries')}, ${number(first)} to ${number(last)}`,
  noEntries: 'no entries',
  committed: 'Committed',
  upTo: (index: number) => `up to entry ${number(index)}, or further`,
  notKnown: 'not noted yet',
  snapshot: 'Snapshot',
  snapshotOf: (index: number, term: number, size: number) =>
    `of entry ${number(index)}, term ${number(term)}, ${bytes(size)}`,
  none: 'none',
  opened: 'Opened',
  times: (epoch: number) =>
    `${count(epoch, 'time', 'times')}: the owner epoch. A tab with an older one can write nothing.`,
  cluster: 'Cluster',
  notAdmitted: 'not let in yet',
  size: 'Size',
  sizeOf: (size: number) => `${bytes(size)} of commands and snapshot`,
  index: 'Index',
  what: 'What it says',
  logOf: (node: string) => `Log of ${node}`,
  showBefore: (entries: number) => `Show ${count(entries, 'entry', 'entries')} before`,
  isDamaged: 'damaged',
  missing: (from: number, to: number) =>
    from === to ? `entry ${number(from)} is missing` : `entries ${number(from)} to ${number(to)} are missing`,
  noop: 'a new leader’s first entry',
  members: (voters: readonly string[], from: readonly string[], learners: number) =>
    `members: ${list(voters)} vote${from.length > 0 ? `, before it ${list(from)}` : ''}; ${count(learners, 'learner', 'learners')}`,
  sessionBegins: 'a client’s session begins',
  sessionsEnd: (sessions: readonly number[]) => `sessions end: ${list(sessions.map(number))}`,
  rule: 'a rule of the room changes',
  bytes: (size: number) => `a command, ${bytes(size)}`,
  commandOf: (session: number, sequence: number) => `session ${number(session)}, command ${number(sequence)}`,
  outbox: 'Outbox',
  outboxEmpty: 'No command waits here: all are in the log.',
  waiting: (commands: number) =>
    `${count(commands, 'command waits', 'commands wait')} here, and ${commands === 1 ? 'is' : 'are'} not known to be in the log:`,
  lost: (commands: number) =>
    `Of ${count(commands, 'command', 'commands')} nobody can say whether ${commands === 1 ? 'it' : 'they'} took effect:`,
  refused: (commands: number) =>
    `The machine refused ${count(commands, 'command', 'commands')} from here, and nobody has dismissed ${commands === 1 ? 'it' : 'them'} yet:`,
  delete: 'Delete the room from here',
  cannotDelete: 'Close the tabs that have it open, then look again: it can be deleted only while none has.',
  confirm: (room: string) => `Delete the room ${room} from this browser?`,
  confirmWhat: 'This deletes the node with its term, vote, log and snapshot. It cannot be undone.',
  confirmVote:
    'If it votes, the others go on counting it until they have removed it. If no other browser has the room, it is gone.',
  confirmWaiting: (commands: number) =>
    `${count(commands, 'command that waits', 'commands that wait')} in the outbox will reach nobody.`,
  confirmDelete: 'Delete for good',
  cancel: 'Keep it',
  inUse: 'Not deleted: a tab has the room open by now. Close it and try again.',
  notDeleted: 'Not deleted. The browser said:',
  deleted: (room: string) => `The room ${room} is deleted from this browser.`,
}

export type StoredWords = typeof words
