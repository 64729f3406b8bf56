/** `sometimes` marks of rooms of whole browsers (as ../world/marks.ts has for cores): what a long run must have reached to have looked at it. */

export const browserMarks = [
  'node taken over from the dead',
  'node taken over from a thread that lives',
  'node taken by force from a frozen tab',
  'robbed driver woke up',
  'robbed driver still spoke',
  'node put away with its room left',
  'worker replaced',
  'worker hung',
  'node opened in its page',
  'page could not open',
  'node that did not open',
  'storage failed under a node',
  'disk lost with a browser',
  'outbox full',
  'saved while nobody could be reached',
  'saved by a page that was gone before it heard',
  'sent by another page than had saved it',
  'line continued by a later page',
  'command told as lost',
  'refusal kept for whoever looks',
  'command lost that had taken effect',
  'command lost that had not',
  'command sent in a second session',
  'command refused by the machine',
  'copy caught up from a snapshot',
  'read answered',
  'signalling lied',
  'tab crashed while it was frozen',
  'killed between two effects',
  'everybody killed at once',
  'no majority is left for good',
] as const

/** Those that a board has no use for: its people read nothing but what they see. */
const notOfEdits: readonly string[] = [
  'read answered',
  'copy caught up from a snapshot',
  'saved while nobody could be reached',
  'command lost that had taken effect',
  'command lost that had not',
]

export const editMarks = browserMarks.filter(name => !notOfEdits.includes(name))

export type BrowserMark = (typeof browserMarks)[number]
