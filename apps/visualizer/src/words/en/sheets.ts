/** What stands in the sheets of Live that are asked for: the help, the way in, and what it costs to go on without others. */
import { list } from '../forms.ts'

export const words = {
  keysTitle: 'Keys',
  shortcuts: 'Use single-key shortcuts',
  keys: {
    select: 'Select a node',
    crash: 'Crash the selected node, or start it again',
    cutOff: 'Cut the selected node off, or heal its links',
    heal: 'Heal every link',
    slower: 'Slower',
    faster: 'Faster',
    write: 'Write a value',
    add: 'Add a node',
    list: 'List every node',
    leave: 'Leave a field, then show this tab’s own node',
    theme: 'Light or dark',
    help: 'This help',
  },
  code: {
    shared: {
      before: 'Whoever opens this link, in ',
      strong: 'any browser on this network',
      after: ', becomes one more node. The link holds the room’s key: give it to nobody who should not be in the room.',
    },
    own: {
      before: 'Every tab or window of ',
      strong: 'this browser',
      after:
        ' that opens this link becomes one more node. Tabs find each other inside the browser: on another device the same link opens a cluster of its own.',
    },
    none: { before: 'There is no code to scan: ', after: ' means another machine on every machine.' },
  },
  goOn: {
    forSure: 'Go on without them',
    onlyIf:
      'Only if what they stored is lost for good. Otherwise wait, or open their tabs, or start them, again: then the room goes on by itself, and nothing is lost.',
    costs:
      'The room goes on from this tab’s log, with this node alone. What only the others had is lost, even if it was committed; what stands only here becomes committed.',
    told: 'Whoever of them comes back is told that it was left behind, and can join again as a new node.',
    twice: 'If they run somewhere, unseen from here, there will be two rooms that never become one.',
    left: (names: readonly string[]) =>
      `${list(names)}, too, must join again. Do this in one tab only: the one whose log is the longest.`,
    raft: 'Raft itself knows no such way: whatever a minority does alone, a majority could have decided otherwise. So it is another cluster, and its log says so.',
    refused: (title: string, advice: string) => `${title} ${advice} The room is as it was.`,
    nobody: 'Enough of them are there again: nobody has to be given up.',
  },
}

export type SheetWords = typeof words
