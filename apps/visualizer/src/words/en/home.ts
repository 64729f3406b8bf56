/** The home page's words. */
import { section } from '../section.ts'

const en = {
  title: 'Raft you can see',
  heading: ['Raft', 'you can see.'],
  lead: {
    before: 'Raft keeps one log on several computers, even when some of them fail. Here you watch ',
    strong: 'every vote, message and entry',
    after: ', and find out why each rule is there.',
  },
  picture: 'A cluster at work',
  pictureStarts: 'A cluster of five is starting …',
  speed: '1/20 speed',
  stopPicture: 'Stop the picture',
  movePicture: 'Let the picture move',
  learn: {
    go: 'All lessons',
    about: 'Sixteen short lessons. You predict what happens next, and the run shows whether you were right.',
  },
  lab: {
    go: 'Open the Lab',
    about: 'A cluster to break: crash nodes, cut links, lose messages. Then rewind, and ask why it held.',
  },
  live: {
    go: 'Open a room',
    about: 'Your own tabs, laptops and phones are the nodes. Open a room, pass on the link, close a tab.',
  },
  promise: 'No account. Nothing leaves this browser.',
  elsewhere: 'Elsewhere',
  paper: 'The Raft paper',
  more: 'More on Raft',
  next: 'What next',
  allDone: 'All sixteen lessons are done.',
  breakYourOwn: 'Now break something of your own',
  lessonOf: (number: number, all: number) => `Lesson ${number} of ${all}`,
  hereBefore: (number: number, all: number, step: number) => `You were here: lesson ${number} of ${all}, step ${step}`,
  start: (number: number) => `Start lesson ${number}`,
  go: (number: number) => `Continue lesson ${number}`,
  fromStart: 'From its start',
  done: (done: number, all: number) => `${done} of ${all} lessons done`,
  question: 'Can entry 2 be lost?',
  answers: ['No, three have it', 'Yes, if S5 wins'],
  places: ['this tab', 'a laptop', 'a phone'],
  /** The lessons by id, so that this page need not load them. A test compares. */
  lessons: {
    'clean-election': 'A clean election',
    'split-vote': 'A split vote',
    'election-restriction': 'The election restriction',
    'figure-7': 'Figure 7: logs that differ',
    'figure-8': 'Figure 8: a majority is not yet committed',
    partition: 'Partition and heal',
    'stale-read': 'The stale read',
    'lost-vote': 'The lost vote',
    'lost-tail': 'The lost tail',
    'deposed-leader': 'A deposed leader commits, and it is fine',
    'late-append': 'The late AppendEntries',
    'two-majorities': 'Two majorities',
    'single-server-bug': 'The single-server bug',
    'pre-vote': 'Pre-vote',
    transfer: 'Leadership transfer',
    snapshot: 'A snapshot',
  },
}

export type HomeWords = typeof en
export const home = section(en, { de: () => import('../de/home.ts') })
