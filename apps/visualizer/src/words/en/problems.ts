/** Every way in which something can fail in Live: what happened, and what helps. */
const unopened = 'Try again; if that does not help, restart the browser.'

export const words = {
  unwritable: 'This cannot be written.',
  unexpected: 'Something unexpected went wrong.',
  reload: 'Reload the page.',
  cluster: {
    InvalidRoom: {
      title: 'This room’s name cannot be used.',
      advice: 'A name has 1 to 64 letters, digits, - and _. Change it in the address, or take a new room.',
    },
    AlreadyExists: { title: 'This room exists already.', advice: 'Open it instead.' },
    Timeout: { title: 'No answer in time.', advice: 'Is a majority in reach? The write may still commit once it is.' },
    NotLeader: { title: 'No leader took it.', advice: 'It has no effect. Try again once there is a leader.' },
    Overloaded: { title: 'Too much is under way.', advice: 'It has no effect. Wait a moment, then write again.' },
    TooLarge: { title: 'This is too long for one entry.', advice: 'Write something shorter.' },
    InvalidOptions: {
      title: 'This was asked for in a way that makes no sense.',
      advice: 'Nothing was sent. Reload the page.',
    },
    InvalidCommand: { title: 'This cannot be written.', advice: 'Nothing was sent. Write something else.' },
    Rejected: { title: 'The state machine refused it.', advice: 'It had no effect on any node.' },
    ResultLost: { title: 'It was written, but the answer is lost.', advice: 'Read the value to see it.' },
    MachineFailed: {
      title: 'This node cannot take up the room’s state.',
      advice: 'Other tabs may run a newer version of this page. Reload it.',
    },
    Diverged: {
      title: 'This node stopped itself: its state is not what the others have.',
      advice:
        'The room goes on with the others, and nothing is lost. Reload the page: it may be older than theirs. If it stops again, delete what this browser has stored for this site, and open the room’s link anew.',
    },
    LeftBehind: {
      title: 'The room went on without this node.',
      advice:
        'Somebody gave up those who were missing. What only this node has is not in the room, and is deleted when you join again, as a new node.',
    },
    MembershipRefused: { title: 'The members cannot be changed now.', advice: 'Try again in a moment.' },
    RoomFull: {
      title: 'This room is full.',
      advice: 'It has as many members as a room may have. Take a new room.',
    },
    TransferRefused: { title: 'Leadership cannot be handed over now.', advice: 'Try again in a moment.' },
    SessionExpired: {
      title: 'This node was away for too long.',
      advice: 'It cannot be told whether the write took effect: read the value, then decide.',
    },
    Crashed: { title: 'This tab’s node has crashed.', advice: 'Start it again. The write may still commit.' },
    Closed: { title: 'This node has left the room.', advice: 'Reload the page.' },
    StorageFailed: {
      title: 'This browser does not let the node store anything.',
      advice: 'Leave private browsing, or allow this site to store data; then try again.',
    },
    TransportFailed: { title: 'No other tab can be reached.', advice: unopened },
    OpenTimeout: { title: 'The room did not open in time.', advice: unopened },
    Aborted: { title: 'Opening the room was given up.', advice: 'Try again.' },
    NodesDamaged: {
      title: 'What this browser has stored of the room cannot be read.',
      advice: 'Nothing was changed, and tabs of other browsers go on without it. A new room begins afresh.',
    },
  },
  unanswered: {
    title: 'Nobody of this room is here yet.',
    advice: 'Keep this page open: it joins as soon as somebody is. Or ask who gave you the link.',
  },
  foundAnew: {
    title: 'Make this room anew?',
    advice: 'Only if it is lost for good: it begins empty, and never becomes one with the old.',
  },
  late: {
    lock: {
      title: 'Another tab of this browser keeps the room’s door.',
      advice:
        'It began to open the room and does not go on. Close the room’s other tabs that do not answer, then try again.',
    },
    disk: {
      title: 'This browser’s database does not answer.',
      advice:
        'What is stored is not lost. Close the room’s other tabs and try again; if that does not help, restart the browser.',
    },
    transport: {
      title: 'The way to the other tabs does not open.',
      advice:
        'The server is out of reach, or somebody of the room was just cut off and is waited for. Nothing is lost: try again in a minute.',
    },
  },
  storage: {
    Fenced: { title: 'Another tab has taken this node over.', advice: 'Reload the page to become another node.' },
    QuotaExceeded: {
      title: 'There is no room left on the disk.',
      advice: 'The disk, or this site’s share of it, is full. Make room, then try again.',
    },
    Unavailable: {
      title: 'This node’s database is gone, or cannot be used.',
      advice:
        'It was deleted, or the browser closed it or forbids it. Reload the page: it opens what there is, or becomes a new node.',
    },
    Corrupt: {
      title: 'This node’s database cannot be read.',
      advice: 'Reload the page to go on as another node. The room’s other nodes are not touched.',
    },
    NewerVersion: {
      title: 'A newer version of this page has stored this room.',
      advice: 'Reload the page to get that version. Nothing was changed.',
    },
    Exists: { title: 'This node exists already.', advice: 'Reload the page.' },
    Closed: { title: 'This node’s database was closed.', advice: 'Reload the page.' },
  },
  transport: {
    Unsupported: {
      title: 'No other tab can be reached.',
      advice: 'This browser, or a setting or an extension of it, forbids WebRTC connections. Allow them, then reload.',
    },
    KeyReplaced: {
      title: 'This link does not lead into the room any more.',
      advice:
        'Somebody was removed, and the room has a new link since. Ask somebody in it for that, or take a new room.',
    },
    SignalingFailed: {
      title: 'The room’s tabs cannot find each other.',
      advice: 'The way by which they do, a channel of the browser or a server, does not open. It is tried again.',
    },
    Timeout: { title: 'The way to the other tabs does not open.', advice: 'It is tried again.' },
    Aborted: { title: 'The way to the other tabs was given up.', advice: 'Reload the page.' },
    Closed: { title: 'The way to the other tabs is closed.', advice: 'Reload the page.' },
  },
  somebody: 'Somebody in the room',
  obstacles: {
    SignalingUnreachable: {
      title: () => 'The server by which the room’s browsers find each other cannot be reached.',
      advice:
        'Is this device on the network, and is the server running? It is tried again. Whoever is linked already goes on.',
    },
    Silent: {
      title: (who: string) => `${who} does not answer.`,
      advice: 'It may have gone, or its tab may be asleep. It is tried again.',
    },
    NoCandidates: {
      title: () => 'This browser tells others no address at which it can be reached.',
      advice:
        'A setting or an extension forbids it, or only a relay (TURN) may be used and none answers. Allow WebRTC, or check the relay’s address.',
    },
    Blocked: {
      title: (who: string) => `${who} and this browser do not reach each other.`,
      advice:
        'A firewall, or a network that keeps its devices apart, lets nothing through. Use the same network, a server that relays, or a TURN server.',
    },
    WrongCredentials: {
      title: () => 'The relay (TURN server) refuses the name and password that this page has.',
      advice: 'Whoever runs the page has to give it the right ones (flotilla-ice). Then reload.',
    },
    OtherVersion: {
      title: (who: string) => `${who} runs another version of this page.`,
      advice: 'Reload the page here and there, so that both have the newest.',
    },
    Impostor: {
      title: (who: string) => `Whoever answers as ${who} cannot prove it.`,
      advice:
        'Nothing was said to it. Somebody with the link, or in between, tries to pass for another: make a new room.',
    },
  },
  removed: {
    title: 'This node was removed from the room.',
    advice: 'Whoever removed it can let it in again. Until then it stays outside; a new room is open to everybody.',
  },
  waiting: {
    title: 'You wait to be let in.',
    advice: (code: string) =>
      `Somebody in the room has to agree. Their page asks them, and shows the code of this one. It is ${code}.`,
  },
  refused: {
    title: 'You were not let in.',
    advice: 'Somebody in the room was asked, and said no. Ask them, or take a new room.',
  },
  invariant: {
    title: 'This node stopped itself: one of Raft’s own rules did not hold.',
    advice: 'That is a mistake in this program; what is committed is safe with the others. Reload the page to go on.',
  },
  misbehaves: {
    title: 'A member of this room sends what no node sends.',
    advice:
      'This tab does not listen to it any more, and the room goes on. It may be another version of this page, or somebody who means harm: find out whose it is, and remove it.',
  },
  twoClusters: {
    title: 'This room exists twice.',
    advice:
      'Somebody in reach belongs to another cluster of it, made while the two could not reach each other. They do not mix: agree on one and close the tabs of the other, or go to a new room together.',
  },
  damaged: {
    title: 'Something that this browser stored of the room cannot be read.',
    advice:
      'It was passed over, and this tab goes on without it; what is committed is with the others. Delete it, or keep it for somebody who can look into it.',
  },
  lacks: {
    secure: {
      title: 'At this address no node can run here.',
      advice:
        'Over plain http a browser keeps locks and cryptography from a page. Open it over https, or at localhost on its own machine.',
    },
    locks: {
      title: 'This browser has no Web Locks, and two tabs could become the same node.',
      advice: 'Update it, or open the room in a current Chrome, Edge, Firefox or Safari.',
    },
    database: {
      title: 'This browser has no IndexedDB, and a node must not forget.',
      advice: 'Leave private browsing, allow this site to store data, or open the room in another browser.',
    },
    webRtc: {
      title: 'No other tab can be reached: this browser has no WebRTC.',
      advice: 'It, or a setting or an extension of it, has switched WebRTC off. Allow it, then reload.',
    },
    broadcastChannel: {
      title: 'The room’s tabs cannot find each other: this browser has no BroadcastChannel.',
      advice: 'Update it, or open the room in a current Chrome, Edge, Firefox or Safari.',
    },
  },
}

export type ProblemsWords = typeof words
